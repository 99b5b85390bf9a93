// The part of a dialect's rules that says how its messages are protected: data only.

/**
 * How messages are protected. Algorithms and formats carry the names of the standards, as src/crypto has them.
 * A MAC stands in field 64, or in field 128 where a field above 64 is present, and covers all bytes in front of it, from
 * the MTI on. An answer carries one when its request did.
 */
export interface SecurityRules {
  /** Says whose keys protect a message: the terminal. */
  readonly terminalField: number
  readonly mac?: {
    /** The MAC algorithm for each kind of key. */
    readonly algorithm: { readonly des?: string; readonly aes?: string; readonly sm4?: string }
    /** Which answers carry a MAC and are checked for it. */
    readonly answers: 'approved' | 'all'
  }
  readonly pin?: {
    readonly field: number
    /** 'iso-4' takes an AES key and a field of 16 bytes. */
    readonly format: 'iso-0' | 'iso-3' | 'iso-4' | 'cup-no-pan'
    /** Where the card number stands, the first that is present; a track begins with it. */
    readonly panFrom: readonly number[]
    /** Fields that speak of the PIN block and are left out with it. */
    readonly together: readonly number[]
    /** The response code to a block that is not of this format. */
    readonly formatError: string
  }
  /**
   * The field of the key serial number. A request that carries one is protected under DUKPT (ANSI X9.24-1 and X9.24-3): its PIN
   * block and MAC are under the keys of that one transaction.
   */
  readonly dukpt?: { readonly field: number }
  /** Card verification values, which prove that the issuer wrote the card's data. */
  readonly cardCheck?: {
    /** The field of track 2, and how many digits of its discretionary data stand in front of the value. */
    readonly track: { readonly field: number; readonly from: number }
    /** How a request says that its track comes of a chip, which holds the iCVV: where, and the texts there. */
    readonly chip: {
      readonly field: number
      readonly from?: number
      readonly to?: number
      readonly values: readonly string[]
    }
    /** Where the value of the signature panel (CVV2) stands; left out: nowhere. */
    readonly panel?: { readonly field: number; readonly from?: number; readonly to?: number }
    /** The field of the expiry date (YYMM), of which the value of the panel is made. */
    readonly expiry: number
    /** The response code to a value that is wrong. */
    readonly wrong: string
  }
  /** Working keys that a sign-on's answer delivers under the terminal's master key. */
  readonly signOnKeys?: {
    readonly field: number
    /** The part of a field, from character to before character, where the request says which keys it wants; {keyScheme} in the answer. */
    readonly scheme: { readonly field: number; readonly from?: number; readonly to?: number }
    /** Bytes of each key by scheme; the master key of 24 bytes makes 24 of 16. */
    readonly schemes: Readonly<Record<string, { readonly pik: number; readonly mak: number; readonly tdk?: number }>>
  }
  /** After these response codes a terminal signs on again before its next transaction. */
  readonly signOnAgain?: readonly string[]
}

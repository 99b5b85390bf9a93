// How messages are told apart in a stream of bytes: a length in front, in one of the field's usual spellings.
//
//   [fillerBefore] [length] [filler] [message] [trailer]     the length counts message + trailer (+ lengthAdds)

export interface Framing {
  readonly name: string
  readonly about: string
  readonly length:
    | { readonly kind: 'binary'; readonly bytes: 1 | 2 | 3 | 4 }
    | { readonly kind: 'ascii'; readonly digits: number }
    | { readonly kind: 'hex'; readonly digits: number }
    | { readonly kind: 'bcd'; readonly bytes: number }
    | { readonly kind: 'none' }
    /** No length: these bytes (hex) end every message, and stand nowhere in one. */
    | { readonly kind: 'end'; readonly with: string }
    /** No length: a message is this element of XML, which may stand within itself. */
    | { readonly kind: 'element'; readonly name: string }
  /** Added to the number of bytes that follow the length: 2 where a 2-byte length counts itself. */
  readonly lengthAdds?: number
  /** Bytes before the length that belong to the framing and not to the message (hex, always the same). */
  readonly fillerBefore?: string
  /** Bytes after the length that belong to the framing and not to the message (hex, always the same). */
  readonly filler?: string
  /** Peers fill `filler` with something of their own too: it is written as it is here, and read whatever it is. */
  readonly anyFiller?: true
  /** A length of zero, sent to see whether the line is alive, comes back as it was; left out: it is skipped. */
  readonly polls?: 'echo'
  /** Ends every frame (hex), inside the counted length. */
  readonly trailer?: string
}

/** Largest frame that a peer may announce, in bytes: far above any ISO 8583 message, far below what hurts memory. */
export const maxFrameBytes = 65_535

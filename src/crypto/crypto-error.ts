// The one error of this folder. It says which part is wrong and by how much; it never holds key, PIN or data bytes.

export type CryptoErrorCode =
  /** A key has a length that its algorithm does not take. */
  | 'key-length'
  /** A key's check value is not the one that was announced. */
  | 'key-check'
  /** No key of that name or use is loaded. */
  | 'key-missing'
  /** Data has a length or form that the algorithm does not take. */
  | 'data-length'
  | 'hex'
  | 'pin'
  | 'pan'
  /** A deciphered PIN block is not of the format that was named: wrong key, wrong PAN or wrong format. */
  | 'pin-block'
  /** A key serial number is malformed or used up. */
  | 'ksn'
  | 'track'
  /** This Node's OpenSSL lacks the algorithm. */
  | 'unavailable'

/** Something this folder was asked to do cannot be done with what it was given. */
export class CryptoError extends Error {
  override readonly name = 'CryptoError'
  readonly code: CryptoErrorCode

  constructor(code: CryptoErrorCode, problem: string, options: { cause?: unknown } = {}) {
    super(problem, options)
    this.code = code
  }
}

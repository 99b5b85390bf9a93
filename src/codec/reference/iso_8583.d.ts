// The part of the npm library iso_8583 that is used here; it ships no types of its own.

declare module 'iso_8583' {
  /** Field number ('4', '127.2') to value; '0' is the MTI. */
  export type LibraryFields = Record<string, string>

  export interface LibraryFormat {
    readonly ContentType: string
    readonly Label: string
    readonly LenType: string
    readonly MaxLen: number
  }

  export default class Iso8583Message {
    constructor(message?: LibraryFields, formats?: Record<string, LibraryFormat>)
    /** A Buffer; on failure an object with `error`, or the bitmap as a plain Uint8Array. */
    getRawMessage(): unknown
    /** Fields; on failure an object whose only key is `error`. */
    getIsoJSON(bytes: Buffer, config?: { lenHeader?: boolean; bitmapEncoding?: 'hex' | 'utf8' }): LibraryFields
    /** True, false or an object with `error`. */
    validateMessage(): unknown
  }
}

// The protection of one answer: handed from the keeper of the keys to the one who writes answers.

export interface Protection {
  /** {workingKeys}, in hex; empty where none are given. */
  readonly workingKeys: string
  /** {keyScheme}: the request's own. */
  readonly keyScheme: string
  /** Signs a packed answer that ends with `field`; undefined for an answer without a MAC. */
  readonly seal: ((field: number, message: Uint8Array) => void) | undefined
}

export const unprotected: Protection = { workingKeys: '', keyScheme: '', seal: undefined }

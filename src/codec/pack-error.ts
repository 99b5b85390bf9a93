// The error for a message that cannot be packed: isochron's own side is at fault.

export type PackErrorCode =
  | 'BAD_MTI'
  | 'BAD_BITMAP'
  | 'BAD_VERBATIM'
  | 'MISSING_FIELD'
  | 'TOO_LONG'
  | 'UNKNOWN_FIELD'
  | 'WRONG_KIND'
  | 'WRONG_LENGTH'

/** Says which value cannot be packed and what its field takes. Never holds the value: it may be a card number. */
export class PackError extends Error {
  override readonly name = 'PackError'
  readonly fault = 'local'
  readonly code: PackErrorCode
  /** Innermost last: ['55', '9F26']; ['mti'] and ['bitmap'] name the parts that are no fields. */
  readonly path: readonly string[]

  constructor(code: PackErrorCode, path: readonly string[], expected: string) {
    super(`${placeText(path)}: expected ${expected}`)
    this.code = code
    this.path = path
  }
}

/** `field 55.9F26`, `mti`, `message`: how an error names a place. */
export function placeText(path: readonly string[]): string {
  const first = path[0]
  if (first === undefined) return 'message'
  return /^\d/.test(first) ? `field ${path.join('.')}` : path.join('.')
}

// How an importer says what is wrong: file, line, column, field, and what to do.

import { UsageError } from '../../base/errors.js'

/** A place in a spec file; `path` is a field such as '48' or '127.25.3', or empty for the file as a whole. */
export interface SpecPlace {
  readonly file: string
  readonly line: number
  readonly column: number
  readonly path: string
}

/** Ends the import with one line: `host.xml:12:3 field 48.2: …`. */
export function refuseSpec(place: SpecPlace, problem: string): never {
  const field = place.path === '' ? '' : `field ${place.path}: `
  throw new UsageError(`${field}${problem}`, { where: `${place.file}:${place.line}:${place.column}` })
}

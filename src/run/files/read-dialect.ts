// Dialects by name or from a file: jPOS packager XML, moov JSON or YAML, or our own YAML.

import { dirname, isAbsolute, join } from 'node:path'
import { UsageError } from '../../base/errors.js'
import { reasonOf } from '../../base/text/system-words.js'
import type { Dialect } from '../../codec/dialect.js'
import { builtInDialect } from '../../codec/dialects/index.js'
import { isDialectFile } from '../../codec/importers/dialect-file-name.js'
import { importDialect, maxSpecCharacters } from '../../codec/importers/import-dialect.js'
import { readBounded } from '../disk/read-bounded.js'

/** UTF-8 takes up to four bytes for a character. */
const maxFileBytes = 4 * maxSpecCharacters

/**
 * The dialect in a file; a file of ours may name a spec file beside it. Throws UsageError naming file, line and field for
 * what cannot be read or imported.
 */
export function readDialect(file: string): Dialect {
  return importDialect(readText(file), file, (name) => readText(isAbsolute(name) ? name : join(dirname(file), name)))
}

/** A built-in dialect, or one from a file. `folder`: where a relative name begins; the working folder when left out. */
export function dialectNamed(name: string, folder = ''): Dialect {
  if (!isDialectFile(name)) return builtInDialect(name)
  return readDialect(isAbsolute(name) ? name : join(folder, name))
}

/** Bytes that are no UTF-8 become U+FFFD, which the importer refuses by line. Throws UsageError. */
export function readText(file: string): string {
  try {
    const text = readBounded(file, maxFileBytes)?.toString('utf8')
    if (text !== undefined) return text
    throw new UsageError(`is larger than ${maxFileBytes} bytes: no dialect`, { where: file })
  } catch (cause) {
    if (cause instanceof UsageError) throw cause
    throw new UsageError(`cannot be read (${reasonOf(cause)})`, { where: file, cause })
  }
}

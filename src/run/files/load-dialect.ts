// A dialect by name, of which no more is loaded than it needs: a command that reads one message starts quickly.

import type { Dialect } from '../../codec/dialect.js'
import { loadBuiltInDialect } from '../../codec/dialects/load.js'
import { isDialectFile } from '../../codec/importers/dialect-file-name.js'

/** A built-in dialect, or one from a file. Rejects with UsageError as `dialectNamed` throws it. */
export async function loadDialect(name: string): Promise<Dialect> {
  if (!isDialectFile(name)) return loadBuiltInDialect(name)
  const { readDialect } = await import('./read-dialect.js')
  return readDialect(name)
}

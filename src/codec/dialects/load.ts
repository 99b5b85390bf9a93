// The built-in dialects by name, each loaded when it is asked for.

import { UsageError } from '../../base/errors.js'
import { suggestion } from '../../base/suggest.js'
import type { Dialect } from '../dialect.js'

const loaders: Readonly<Record<string, () => Promise<Dialect>>> = {
  as2805: async () => (await import('./as2805.js')).as2805,
  base1: async () => (await import('./base1.js')).base1,
  base24: async () => (await import('./base24.js')).base24,
  cmf: async () => (await import('./cmf.js')).cmf,
  'cup-pos': async () => (await import('./cup-pos.js')).cupPos,
  cups: async () => (await import('./cups.js')).cups,
  iso_8583: async () => (await import('./iso-8583.js')).iso8583,
  'iso87-ascii': async () => (await import('./iso87-ascii.js')).iso87Ascii,
  'iso87-binary': async () => (await import('./iso87-binary.js')).iso87Binary,
  'iso2003-binary': async () => (await import('./iso2003-binary.js')).iso2003Binary,
  'iso93-ascii': async () => (await import('./iso93-ascii.js')).iso93Ascii,
  'iso93-binary': async () => (await import('./iso93-binary.js')).iso93Binary,
  postilion: async () => (await import('./postilion.js')).postilion,
}

/** The built-in dialect of that name. Rejects with UsageError, with the nearest name, when there is none. */
export async function loadBuiltInDialect(name: string): Promise<Dialect> {
  const load = Object.hasOwn(loaders, name) ? loaders[name] : undefined
  if (load === undefined) throw unknownDialect(name, Object.keys(loaders))
  return load()
}

export function unknownDialect(name: string, names: readonly string[]): UsageError {
  return new UsageError(`unknown dialect '${name}'${suggestion(name, names)}; built in are ${names.join(', ')}`)
}

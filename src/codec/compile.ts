// From a dialect to its codec: strict and slow once, so that what it returns is short and decides nothing.

import { createLender, poisonsViews } from '../base/lent.js'
import { compileAnswerer } from './answerer.js'
import type { Codec, Peek } from './codec.js'
import type { Dialect } from './dialect.js'
import { resolveLayout } from './layout.js'
import { FieldTable } from './located/field-table.js'
import { compilePack } from './pack.js'
import { compileTemplate } from './template.js'
import { messageOf, messageSoFar } from './unpack.js'
import { UnpackError } from './unpack-error.js'
import { compileXml } from './xml/xml-codec.js'

/** Checks the whole dialect. Throws UsageError that names the dialect, the field and what is wrong with it. */
export function compile(dialect: Dialect): Codec {
  const codec = compileForm(dialect)
  return poisonsViews ? poisoned(codec) : codec
}

function compileForm(dialect: Dialect): Codec {
  if (dialect.form === 'xml') return compileXml(dialect)
  const layout = resolveLayout(dialect)
  const peeked = new FieldTable(layout)
  const peekedOn = { peek: peeked, error: undefined as Error | undefined }
  // Nothing of this one is lent: each of the three that use it is done with it before it returns.
  const passing = new FieldTable(layout)

  return {
    dialect,
    name: 'isochron',
    pack: compilePack(layout),
    unpack(bytes) {
      passing.locate(bytes)
      return messageOf(passing)
    },
    inspect(bytes) {
      return messageSoFar(passing, passing.locateOn(bytes))
    },
    template: (message, slots) => compileTemplate(layout, message, slots),
    peek(bytes) {
      peeked.locate(bytes)
      return peeked
    },
    peekOn(bytes) {
      peekedOn.error = peeked.locateOn(bytes)[0]
      return peekedOn
    },
    measure: (bytes) => endOfMessage(passing, bytes),
    answerer: (plan) => compileAnswerer(layout, plan),
  }
}

/** A codec whose fields can be read until the next peek, and no longer. */
function poisoned(codec: Codec): Codec {
  const lend = createLender<Peek>()
  return {
    ...codec,
    peek: (bytes) => lend(codec.peek(bytes)),
    peekOn(bytes) {
      const { peek, error } = codec.peekOn(bytes)
      return { peek: lend(peek), error }
    },
  }
}

/** As Codec.measure. */
function endOfMessage(table: FieldTable, bytes: Uint8Array): number {
  try {
    table.locate(bytes)
    return bytes.length
  } catch (error) {
    if (!(error instanceof UnpackError)) throw error
    if (error.code === 'TRAILING' && error.path.length === 0) return error.offset
    return error.code === 'TRUNCATED' ? 0 : -1
  }
}

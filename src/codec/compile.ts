// From a dialect to its codec: strict and slow once, so that what it returns is short and decides nothing.

import { compileAnswerer } from './answerer.js'
import type { Codec } from './codec.js'
import type { Dialect } from './dialect.js'
import { FieldTable } from './field-table.js'
import { resolveLayout } from './layout.js'
import { compilePack } from './pack.js'
import { compileTemplate } from './template.js'
import { messageOf, messageSoFar } from './unpack.js'

/** Checks the whole dialect. Throws UsageError that names the dialect, the field and what is wrong with it. */
export function compile(dialect: Dialect): Codec {
  const layout = resolveLayout(dialect)
  const peeked = new FieldTable(layout)
  const unpacked = new FieldTable(layout)

  return {
    dialect,
    name: 'isochron',
    pack: compilePack(layout),
    unpack(bytes) {
      unpacked.locate(bytes)
      return messageOf(unpacked)
    },
    inspect(bytes) {
      const table = new FieldTable(layout)
      try {
        table.locate(bytes)
      } catch (error) {
        return { message: messageSoFar(table).message, error: error as Error }
      }
      return messageSoFar(table)
    },
    template: (message, slots) => compileTemplate(layout, message, slots),
    peek(bytes) {
      peeked.locate(bytes)
      return peeked
    },
    answerer: (plan) => compileAnswerer(layout, plan),
  }
}

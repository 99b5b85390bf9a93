// How the lacks of a dialect are told.

import type { Dialect } from '../dialect.js'

/** `field 22 stays empty: …` or `no message void: …`, an entry of `Dialect.lacks`. */
export const lackLine = (name: string, reason: string): string =>
  isField(name) ? `${name} stays empty: ${reason}` : `no message ${name}: ${reason}`

const isField = (name: string) => name.startsWith('field ')

/** The lacks that a run meets: with a message that the dialect lacks it does not start. */
export const fieldLackLines = ({ name: dialect, lacks = {} }: Dialect): readonly string[] =>
  Object.entries(lacks)
    .filter(([name]) => isField(name))
    .map(([name, reason]) => `dialect ${dialect}: ${lackLine(name, reason)}`)

// A key file on disk: nobody but its owner may read or change it, and YAML or JSON is told apart from what it holds.
// Rule: an error names the place and the problem only; the parser's own words can quote a line, and the line is a key.

import { createRequire } from 'node:module'
import type * as Yaml from 'yaml'
import { UsageError } from '../../base/errors.js'
import { refuseNesting } from '../../base/text/nesting.js'
import { reasonOf } from '../../base/text/system-words.js'
import { type KeyFileEntry, type KeyFileKeys, readKeys } from '../../crypto/keys/key-file.js'
import { requirePrivate, warningIfOpen } from '../disk/private-file.js'
import { readBounded } from '../disk/read-bounded.js'

/** Loaded with the first key file: a run on test keys needs none. */
const yaml = () => createRequire(import.meta.url)('yaml') as typeof Yaml

/** Bytes: ten thousand keys fit. */
const maxFileBytes = 4_194_304

/** Whether a file that others may read, and not change, is refused or warned of. */
export type IfOpen = 'refuse' | 'warn'

/** Throws UsageError for a file that others may read or change, that is expected a mapping of names to keys, or that holds a wrong key. */
export function readKeyFile(file: string, environment: NodeJS.ProcessEnv, ifOpen: IfOpen = 'refuse'): KeyFileKeys {
  const warning = onDisk(file, () => {
    if (ifOpen === 'warn') return warningIfOpen(file, 'keys')
    requirePrivate(file, 'keys')
    return undefined
  })
  const { keys, warnings } = readKeys({ source: { file, text: readText(file), parse }, environment })
  return { keys, warnings: warning === undefined ? warnings : [warning, ...warnings] }
}

function readText(file: string): string {
  return onDisk(file, () => {
    const text = readBounded(file, maxFileBytes)?.toString('utf8')
    if (text === undefined)
      throw new UsageError(`larger than ${maxFileBytes} bytes: not a key file`, { where: `${file}:` })
    return text
  })
}

function onDisk<Value>(file: string, read: () => Value): Value {
  try {
    return read()
  } catch (cause) {
    if (cause instanceof UsageError) throw cause
    throw new UsageError(`cannot be read (${reasonOf(cause)})`, { where: `${file}:`, cause })
  }
}

/** Parses with the failsafe schema, in which a key of decimal digits stays text. */
function parse(text: string, file: string): readonly KeyFileEntry[] {
  const { isMap, isScalar, LineCounter, parseDocument } = yaml()
  const lineCounter = new LineCounter()
  const at = (offset: number) => {
    const { line, col } = lineCounter.linePos(offset)
    return `${file}:${line}:${col}`
  }
  refuseNesting(text, file)
  const document = parseDocument(text, { schema: 'failsafe', lineCounter, prettyErrors: false, logLevel: 'silent' })
  const [error] = document.errors
  if (error !== undefined) {
    const problem = error.code === 'DUPLICATE_KEY' ? 'the same name stands here twice' : 'not YAML'
    throw new UsageError(`${problem} (${error.code})`, { where: at(error.pos[0]) })
  }
  if (!isMap(document.contents)) throw new UsageError('expected a mapping of names to keys', { where: `${file}:` })
  const whereOf = (node: unknown) => at(isScalar(node) ? (node.range?.[0] ?? 0) : 0)
  const odd = document.contents.items.find(({ key }) => String(key) === '__proto__')
  if (odd !== undefined)
    throw new UsageError('the name __proto__ is refused: choose another one', { where: whereOf(odd.key) })
  return document.contents.items.map(({ key, value }) => ({
    name: String(key),
    where: whereOf(key),
    fields: isMap(value)
      ? Object.fromEntries(
          value.items.map((item) => [String(item.key), { text: String(item.value), where: whereOf(item.key) }]),
        )
      : undefined,
  }))
}

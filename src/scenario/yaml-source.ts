// YAML with positions: the data of a file, and where in the file each key and value stands.

import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type Pair,
  parseDocument,
  visit,
  type YAMLError,
} from 'yaml'
import { UsageError } from '../base/errors.js'
import { refuseNesting } from '../base/text/nesting.js'
import { objectsOfMaps } from '../base/written-order.js'
import { plainNumbers } from '../base/yaml-numbers.js'

/** Keys and indexes from the root. */
export type YamlPath = readonly (string | number)[]

export interface YamlSource {
  /** Plain data; keys are strings. */
  readonly data: unknown
  /** `file:line:column` of the value at `path`, of its key when `atKey`; of the nearest parent that is in the file. */
  locate(path: YamlPath, atKey?: boolean): string
}

/** Bytes of a file: a thousand phases and rules fit, and a mistaken file name does not fill the memory. */
export const maxSourceBytes = 1_048_576
/** Uses of aliases in one file, nested ones multiplied: enough for templates, stops "billion laughs". */
export const maxAliases = 100

/** Reads `text`. Throws UsageError with one line per error of the YAML itself, a repeated key included. */
export function readYaml(text: string, file: string): YamlSource {
  if (Buffer.byteLength(text) > maxSourceBytes)
    throw new UsageError(`larger than ${maxSourceBytes} bytes: not a scenario`, { where: `${file}:` })
  const lines = new LineCounter()
  const at = (offset: number) => {
    const { line, col } = lines.linePos(offset)
    return `${file}:${line}:${col}`
  }
  refuseNesting(text, file)
  const document = parse(text, file, lines)
  if (document.errors.length > 0) throw yamlError(document.errors, at)
  refuseKeys(document, at)
  return {
    data: toData(document, file),
    locate: (path, atKey = false) => at(offsetOf(document, path, atKey)),
  }
}

/** A name that JavaScript takes for something else. */
const refusedKey = '__proto__'

function refuseKeys(document: Document.Parsed, at: (offset: number) => string): void {
  visit(document, {
    Pair(_, { key }) {
      if (isScalar(key) && key.value === refusedKey)
        throw new UsageError(`the key ${refusedKey} is refused: choose another name`, {
          where: at(key.range?.[0] ?? 0),
        })
    },
  })
}

function parse(text: string, file: string, lineCounter: LineCounter): Document.Parsed {
  try {
    return parseDocument(text, { lineCounter, prettyErrors: false, logLevel: 'error', ...plainNumbers })
  } catch (cause) {
    // The parser is recursive: thousands of open brackets end its stack.
    throw new UsageError('cannot be read: nested too deeply', { where: `${file}:`, cause })
  }
}

/** The parser's own words are about how parsers work. */
const yamlWords: Readonly<Partial<Record<YAMLError['code'], string>>> = {
  BAD_ALIAS: 'an alias (*name) must name what an anchor (&name) before it has',
  BAD_DQ_ESCAPE: 'a backslash stands in double quotes: double it, or use single quotes',
  BAD_INDENT:
    'this line begins too far left or right: keys of one map stand under each other, and what belongs to a key stands to its right',
  BAD_SCALAR_START: "a value cannot begin with this character: put it in quotes, such as '@x'",
  BLOCK_AS_IMPLICIT_KEY:
    'two colons stand on one line: put the value in quotes, or begin a line of its own for the inner key',
  BLOCK_IN_FLOW: 'within [ ] and { } values stand side by side, with commas, not one a line with - or without braces',
  DUPLICATE_KEY: 'the same key stands here twice',
  MISSING_CHAR: 'something is missing here: a closing quote, a bracket ] or }, a comma, or a blank after a colon',
  MULTILINE_IMPLICIT_KEY: 'a key goes over several lines here: is a colon missing on one of them?',
  MULTIPLE_DOCS: 'a second document begins here (---): a file holds one',
  TAB_AS_INDENT: 'a tab stands at the beginning of this line: use blanks',
  TAG_RESOLVE_FAILED: 'a tag (!name) is not known here: leave it out',
  UNEXPECTED_TOKEN: 'this does not belong here: a bracket that was not opened, or a comma or quote too many?',
}

function yamlError(errors: readonly YAMLError[], at: (offset: number) => string): UsageError {
  const lines = errors.slice(0, 5).map(({ code, message, pos }) => {
    // A list or a map without its bracket is told of as if it were badly indented.
    const known = /end with a/.test(message) ? yamlWords.MISSING_CHAR : yamlWords[code]
    return `${at(pos[0])} ${known ?? `not YAML: ${message}`}`
  })
  return new UsageError(lines.join('\n'))
}

function toData(document: Document, file: string): unknown {
  try {
    return objectsOfMaps(document.toJS({ maxAliasCount: maxAliases, mapAsMap: true }))
  } catch (cause) {
    const problem =
      cause instanceof RangeError ? 'nested too deeply' : `more than ${maxAliases} uses of aliases, or an unknown one`
    throw new UsageError(`cannot be read: ${problem}`, { where: `${file}:`, cause })
  }
}

function offsetOf(document: Document, path: YamlPath, atKey: boolean): number {
  let node = resolve(document.contents, document)
  let offset = node?.range?.[0] ?? 0
  for (const [depth, step] of path.entries()) {
    const pair = isMap(node) ? node.items.find((item) => keyText(item) === String(step)) : undefined
    const value = pair === undefined && isSeq(node) ? node.items[Number(step)] : pair?.value
    if (pair === undefined && value === undefined) return offset
    const isLast = depth === path.length - 1
    const shown = ((atKey && isLast) || value === null) && pair !== undefined ? pair.key : value
    offset = (shown as Node | null)?.range?.[0] ?? offset
    node = resolve(value as Node | null, document)
  }
  return offset
}

const keyText = (pair: Pair) => (isScalar(pair.key) ? String(pair.key.value) : undefined)

function resolve(node: Node | null | undefined, document: Document): Node | undefined {
  return (isAlias(node) ? node.resolve(document) : node) ?? undefined
}

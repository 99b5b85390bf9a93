// XML as spec files use it: elements and attributes with their lines, nothing from outside the text.
// A DOCTYPE is skipped unread, entities beyond XML's own five are refused, so nothing is fetched and nothing grows.

import { createRequire } from 'node:module'
import type * as FastXml from 'fast-xml-parser'
import { UsageError } from '../../../base/errors.js'
import { ownEntry } from '../own-entry.js'

/** Loaded with the first spec file: no run on a built-in dialect needs it. */
const xml = () => createRequire(import.meta.url)('fast-xml-parser') as typeof FastXml

/** An element with its attributes as text; `line` and `column` count from 1. */
export interface XmlElement {
  readonly name: string
  readonly attributes: Readonly<Record<string, string>>
  readonly children: readonly XmlElement[]
  /** The text between its tags beside elements, without white space around it. */
  readonly text: string
  readonly line: number
  readonly column: number
}

/** Deepest nesting of elements: spec files need four; more is an attack on the parser's stack. */
const maxDepth = 32

/** Parses one document. Throws UsageError naming file, line and column. */
export function readXml(text: string, file: string): XmlElement {
  const body = withoutDoctype(text, file)
  const problem = xml().XMLValidator.validate(body)
  if (problem !== true) {
    throw new UsageError(`is not well-formed XML: ${problem.err.msg.slice(0, 200)}`, {
      where: `${file}:${problem.err.line}:${problem.err.col ?? 1}`,
    })
  }
  const roots = elementsOf(parse(body, file), positionsIn(body), file)
  const root = roots[0]
  if (root === undefined) throw new UsageError('holds no XML element', { where: `${file}:1:1` })
  return root
}

/** The text with its DOCTYPE blanked out, every line kept. */
function withoutDoctype(text: string, file: string): string {
  const prolog = /^\uFEFF?(?:\s+|<\?[^>]*\?>|<!--[\s\S]*?-->)*/.exec(text)?.[0] ?? ''
  if (!text.startsWith('<!DOCTYPE', prolog.length)) return text
  const end = doctypeEnd(text, prolog.length)
  const where = positionsIn(text)(prolog.length)
  if (end === undefined)
    throw new UsageError('has a DOCTYPE that does not end', { where: `${file}:${where.join(':')}` })
  const doctype = text.slice(prolog.length, end)
  const entity = doctype.indexOf('<!ENTITY')
  if (entity !== -1) {
    const at = positionsIn(text)(prolog.length + entity).join(':')
    throw new UsageError('declares an XML entity; entities are not expanded: write their text where it is used', {
      where: `${file}:${at}`,
    })
  }
  return text.slice(0, prolog.length) + doctype.replace(/[^\r\n]/g, ' ') + text.slice(end)
}

function doctypeEnd(text: string, start: number): number | undefined {
  let inside = 0
  for (let at = start; at < text.length; at++) {
    const character = text[at]
    if (character === '[') inside++
    else if (character === ']') inside--
    else if (character === '>' && inside <= 0) return at + 1
  }
  return undefined
}

type Node = Readonly<Record<string | symbol, unknown>>

function parse(text: string, file: string): readonly Node[] {
  const parser = new (xml().XMLParser)({
    preserveOrder: true,
    ignoreAttributes: false,
    attributeNamePrefix: '',
    parseAttributeValue: false,
    parseTagValue: false,
    processEntities: false,
    captureMetaData: true,
    maxNestedTags: maxDepth,
  })
  try {
    return parser.parse(text) as readonly Node[]
  } catch (cause) {
    throw new UsageError(`is not XML that can be read: ${(cause as Error).message}`, { where: `${file}:1:1`, cause })
  }
}

const positionKey = (): symbol => xml().XMLParser.getMetaDataSymbol() as unknown as symbol

function elementsOf(
  nodes: readonly Node[],
  position: (index: number) => readonly [number, number],
  file: string,
): readonly XmlElement[] {
  const key = positionKey()
  return nodes.flatMap((node) => {
    const name = Object.keys(node).find((each) => each !== ':@')
    if (name === undefined || name.startsWith('#') || name.startsWith('?')) return []
    const start = (node[key] as { startIndex?: number } | undefined)?.startIndex ?? 0
    const [line, column] = position(start)
    const where = `${file}:${line}:${column}`
    const attributes = Object.entries((node[':@'] ?? {}) as Record<string, unknown>)
    return [
      {
        name,
        attributes: Object.fromEntries(attributes.map(([key, value]) => [key, plain(String(value), where)])),
        children: elementsOf(node[name] as readonly Node[], position, file),
        text: plain(textOf(node[name] as readonly Node[]), where),
        line,
        column,
      },
    ]
  })
}

const textOf = (nodes: readonly Node[]) =>
  nodes
    .map((node) => String(node['#text'] ?? ''))
    .join('')
    .trim()

const ownEntities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

/** Replaces the five entities of XML itself and character references; any other is refused. */
function plain(value: string, where: string): string {
  return value.replace(/&([^;\s]*);?/g, (whole, name: string) => {
    const known = ownEntry(ownEntities, name)
    if (known !== undefined) return known
    const code = /^#x[0-9a-f]{1,6}$/i.test(name)
      ? Number.parseInt(name.slice(2), 16)
      : /^#\d{1,7}$/.test(name)
        ? Number(name.slice(1))
        : Number.NaN
    if (code > 0 && code <= 0x10ffff) return String.fromCodePoint(code)
    throw new UsageError(`uses the entity ${whole}, which is not expanded: write its text`, { where })
  })
}

/** Line and column, both from 1, of an index in the text. */
function positionsIn(text: string): (index: number) => readonly [number, number] {
  const starts = [0]
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1)
  return (index) => {
    let low = 0
    let high = starts.length - 1
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if ((starts[middle] as number) <= index) low = middle
      else high = middle - 1
    }
    return [low + 1, index - (starts[low] as number) + 1]
  }
}

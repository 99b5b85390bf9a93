// Messages as XML, as jPOS writes them (XMLPackager): <isomsg> with a <field id value> for each field, and another <isomsg id>
// for a field with fields inside. No document type and no entities of a document's own: only the five that XML has.

import type { FieldValue } from '../message.js'
import { UnpackError } from '../unpack-error.js'

/** A field as it stands in the text. */
export interface XmlField {
  readonly value: FieldValue
  /** Characters from its first to behind its last. */
  readonly from: number
  readonly to: number
}

export interface XmlReading {
  readonly mti: string
  /** The content of <header>, hex. */
  readonly header?: string
  readonly fields: ReadonlyMap<string, XmlField>
}

/** Elements and attributes of a message; a comment, a declaration and white space are passed over. */
const token =
  /<!--[\s\S]*?-->|<\?[\s\S]*?\?>|<!\[CDATA\[([\s\S]*?)\]\]>|<(\/?)([A-Za-z]+)((?:\s+[A-Za-z]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*(\/?)>|([^<]+)/y
const attribute = /([A-Za-z]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g

/** How deep messages may stand in messages: a bound, and more than any packager has. */
const deepest = 8

interface Open {
  readonly name: 'isomsg' | 'field' | 'header'
  readonly id: string
  readonly from: number
  readonly fields: Map<string, XmlField>
  text: string
}

/** Throws UnpackError, with characters in the place of bytes. */
export function readXmlMessage(text: string): XmlReading {
  const open: Open[] = []
  let header: string | undefined
  let root: Open | undefined
  const fail = (at: number, expected: string): never => {
    throw new UnpackError(
      at >= text.length ? 'TRUNCATED' : 'BAD_LENGTH',
      open.map(({ id }) => id).filter((id) => id !== ''),
      at,
      expected,
    )
  }
  const close = (element: Open, to: number) => {
    const parent = open.at(-1)
    if (element.name === 'header') header = element.text.trim()
    else if (parent === undefined) root = element
    else parent.fields.set(element.id, { value: contentOf(element), from: element.from, to })
  }
  token.lastIndex = 0
  while (token.lastIndex < text.length) {
    const at = token.lastIndex
    const found = token.exec(text)
    if (found === null) return fail(at, 'an element of a message')
    const [, data, slash, name, attributes = '', alone, characters] = found
    const top = open.at(-1)
    if (data !== undefined || characters !== undefined) {
      const content = data ?? unescapeXml(characters as string)
      if (top !== undefined && top.name !== 'isomsg') top.text += content
      else if (content.trim() !== '') fail(at, 'an element of a message')
    } else if (slash === '/') {
      if (top === undefined || top.name !== name) return fail(at, `the end of ${top?.name ?? 'nothing'}`)
      open.pop()
      close(top, token.lastIndex)
    } else if (name !== undefined) {
      const element = opened(name, attributes, at)
      const isAtHome = open.length === 0 ? name === 'isomsg' && root === undefined : top?.name === 'isomsg'
      if (element === undefined || !isAtHome || open.length >= deepest)
        return fail(at, 'isomsg, field or header in its place')
      if (alone === '/') close(element, token.lastIndex)
      else open.push(element)
    }
  }
  if (root === undefined) return fail(text.length, 'the end of the message')
  return { mti: mtiOf(root), fields: root.fields, ...(header === undefined ? {} : { header }) }
}

function opened(name: string, attributes: string, from: number): Open | undefined {
  if (name !== 'isomsg' && name !== 'field' && name !== 'header') return undefined
  const said = new Map([...attributes.matchAll(attribute)].map(([, key = '', one, other]) => [key, one ?? other ?? '']))
  const id = said.get('id') ?? ''
  if (name === 'field' && !/^\d{1,3}$/.test(id)) return undefined
  return { name, id: id.replace(/^0+(?=\d)/, ''), from, fields: new Map(), text: unescapeXml(said.get('value') ?? '') }
}

function contentOf({ name, fields, text }: Open): FieldValue {
  if (name === 'field') return text
  return Object.fromEntries([...fields].map(([key, { value }]) => [key, value]))
}

/** Field 0 of a message; it is taken out. */
function mtiOf({ fields }: Open): string {
  const mti = fields.get('0')?.value
  if (typeof mti !== 'string' || !/^\d{4}$/.test(mti))
    throw new UnpackError('BAD_DIGIT', ['mti'], 0, 'a field 0 of four digits')
  fields.delete('0')
  return mti
}

const named: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

const unescapeXml = (text: string): string =>
  text.replace(/&(?:#x([0-9A-Fa-f]{1,6})|#(\d{1,7})|(amp|lt|gt|quot|apos));/g, (whole, hex, decimal, name) => {
    if (name !== undefined) return named[name as string] as string
    const code = hex === undefined ? Number(decimal) : Number.parseInt(hex as string, 16)
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole
  })

/** Control characters go as their numbers, or a reader would take them for white space. */
export const escapeXml = (text: string): string =>
  text.replace(/[&<>"]|\p{Cc}/gu, (letter) => {
    const name = Object.keys(named).find((each) => named[each] === letter)
    return name === undefined ? `&#${letter.charCodeAt(0)};` : `&${name};`
  })

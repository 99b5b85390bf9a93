// Messages as jPOS logs them: `<isomsg>` elements of fields in a log of any kind. What they were on the wire is packed again.

import type { Codec } from '../../codec/codec.js'
import { compile } from '../../codec/compile.js'
import type { FieldValue, Message } from '../../codec/message.js'
import { asXml } from '../../codec/xml/as-xml.js'

export interface LoggedMessage {
  readonly message: Message
  /** The message cannot be read, or the dialect has no bytes for it. */
  readonly error?: Error
  /** MTI to last field; empty where the dialect has none for it. */
  readonly body: Uint8Array
  /** On which the element begins, from 1. */
  readonly line: number
}

/** Opening tags with or without attributes, and closing tags. */
const tags = /<isomsg(?:\s[^<>]*)?>|<\/isomsg\s*>/g

export const isJposLog = (text: string): boolean => /<isomsg[\s>]/.test(text)

/** One message for each outermost `<isomsg>`; one without an end is none. */
export function jposMessages(text: string, codec: Codec): readonly LoggedMessage[] {
  // jPOS logs fields of tags as the bytes that they are: XML has no place for tags.
  const xml = compile(asXml(codec.dialect))
  const tagged = Object.keys(codec.dialect.fields).filter(
    (key) => codec.dialect.fields[key]?.inside !== undefined && xml.dialect.fields[key]?.inside === undefined,
  )
  return elementsIn(text).map(({ element, line }) => {
    const { message, error } = xml.inspect(Buffer.from(element))
    if (error !== undefined) return { message, error: hiddenIn(message) ?? error, body: new Uint8Array(), line }
    const whole = withBytes(message, tagged)
    try {
      return { message: whole, body: codec.pack(whole), line }
    } catch (problem) {
      return { message: whole, error: problem as Error, body: new Uint8Array(), line }
    }
  })
}

/** A log that protects cards writes `_` for digits, or that a value was wiped. */
function hiddenIn({ fields }: Message): Error | undefined {
  const field = Object.keys(fields).find((key) => /_{4}|^\[WIPED\]$/.test(String(fields[key])))
  return field === undefined ? undefined : new Error(`field ${field}: the log hides its value`)
}

function withBytes({ fields, ...message }: Message, tagged: readonly string[]): Message {
  const values = Object.entries(fields).map(([key, value]): [string, FieldValue] =>
    tagged.includes(key) && typeof value === 'string' ? [key, { hex: value }] : [key, value],
  )
  return { ...message, fields: Object.fromEntries(values) }
}

function elementsIn(text: string): readonly { readonly element: string; readonly line: number }[] {
  const found: { element: string; line: number }[] = []
  let depth = 0
  let start = 0
  let line = 1
  for (const tag of text.matchAll(tags)) {
    const isClosing = tag[0].startsWith('</')
    if (tag[0].endsWith('/>') || (isClosing && depth === 0)) continue
    if (depth === 0) {
      line += linesIn(text.slice(start, tag.index))
      start = tag.index
    }
    depth += isClosing ? -1 : 1
    if (depth === 0) found.push({ element: text.slice(start, tag.index + tag[0].length), line })
  }
  return found
}

const linesIn = (text: string) => text.split('\n').length - 1

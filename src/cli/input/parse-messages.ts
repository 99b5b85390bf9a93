// Messages as JSON: one object, or one a line. Errors name the line, and never repeat what stands there: it may be a card.

import { UsageError } from '../../base/errors.js'
import { parseJsonInOrder } from '../../base/written-order.js'
import type { Message } from '../../codec/message.js'
import { readMessage } from '../../codec/message-json.js'

/** Throws UsageError that names the line. */
export function parseMessages(text: string, name: string): readonly Message[] {
  if (text.trim() === '') throw new UsageError('no message: the input is empty', { where: `${name}:` })
  const whole = parseJson(text)
  if (whole.ok) return [messageOf(whole.value, name)]
  const lines = text.split('\n').map((line, index) => ({ line, where: `${name}:${index + 1}` }))
  const objects = lines
    .filter(({ line }) => line.trim() !== '')
    .map(({ line, where }) => ({ where, parsed: parseJson(line) }))
  if (!objects.some(({ parsed }) => parsed.ok)) throw notJson(text, whole.offset, name)
  return objects.map(({ where, parsed }) => {
    if (!parsed.ok) throw new UsageError('not JSON: expected one object a line', { where })
    return messageOf(parsed.value, where)
  })
}

type Parsed = { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly offset: number }

function parseJson(text: string): Parsed {
  try {
    return { ok: true, value: parseJsonInOrder(text) }
  } catch (error) {
    // The engine's own words quote the text around the error.
    const offset = /position (\d+)/.exec((error as Error).message)?.[1]
    return { ok: false, offset: offset === undefined ? text.length : Number(offset) }
  }
}

function notJson(text: string, offset: number, name: string): UsageError {
  const before = text.slice(0, offset).split('\n')
  const column = (before.at(-1)?.length ?? 0) + 1
  return new UsageError('not JSON: expected an object such as { "mti": "0800", "fields": { "11": "000001" } }', {
    where: `${name}:${before.length}:${column}`,
  })
}

function messageOf(value: unknown, where: string): Message {
  try {
    return readMessage(value)
  } catch (error) {
    if (!(error instanceof Error)) throw error
    throw new UsageError(error.message, { where: `${where}:`, cause: error })
  }
}

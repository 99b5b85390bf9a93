// The common part of faults that change a message: the changed message goes in its place, at once.

import type { Fields, Message } from '../../codec/message.js'
import type { MessageVerdict, PassingMessage } from '../fault.js'

/** The verdict for a message that was changed; undefined when it could not be. */
export function deliverChanged(
  message: PassingMessage,
  bytes: Uint8Array | undefined,
): readonly MessageVerdict[] | undefined {
  return bytes === undefined ? undefined : [{ do: 'deliver', bytes, at: message.arrivedAt }]
}

/** The frame with one field's text changed; undefined when the message has no such text or the change leaves it. */
export function withText(
  message: PassingMessage,
  field: number,
  change: (text: string) => string,
): Uint8Array | undefined {
  const text = message.peek.text(field)
  if (text === undefined || text === '') return undefined
  const changed = change(text)
  return changed === text ? undefined : message.rewrite((whole) => withField(whole, field, changed))
}

export const withField = (message: Message, field: number, value: Fields[string]): Message => ({
  ...message,
  fields: { ...message.fields, [field]: value },
})

/** The verdict of a fault that adds `by` to the digits of one field. */
export const addToField =
  (field: number) =>
  ({ by }: { readonly by: number }) =>
  (message: PassingMessage): readonly MessageVerdict[] | undefined =>
    deliverChanged(
      message,
      withText(message, field, (text) => shifted(text, by)),
    )

/** Digits plus `by`, of the same width: past the end it starts again. Text that is no number gets another last character. */
export function shifted(text: string, by: number): string {
  if (!/^\d{1,15}$/.test(text)) return `${text.slice(0, -1)}${text.endsWith('0') ? '1' : '0'}`
  const range = 10 ** text.length
  return String((((Number(text) + by) % range) + range) % range).padStart(text.length, '0')
}

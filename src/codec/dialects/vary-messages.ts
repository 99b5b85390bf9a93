// Messages of one dialect as another dialect sends them: data in, data out.

import type { MessageDefinition, MessageValue } from '../dialect.js'

type Messages<Name extends string> = Readonly<Record<Name, MessageDefinition>>

/** Each text takes the place of that field's, in every message that has the field; null takes the field out. */
export type FieldChanges = Readonly<Record<string, MessageValue | null>>

export function varyFields<Name extends string>(
  messages: Messages<Name>,
  changes: FieldChanges,
): Record<Name, MessageDefinition> {
  return mapMessages(messages, (message) => {
    const entries = Object.entries(message.fields).flatMap(([field, text]) => {
      const change = Object.hasOwn(changes, field) ? changes[field] : text
      return change === null || change === undefined ? [] : [[field, change] as const]
    })
    return { ...message, fields: Object.fromEntries(entries) }
  })
}

/** Fields that every message has in addition which `isMeant` says yes to. */
export function addFields<Name extends string>(
  messages: Messages<Name>,
  fields: Readonly<Record<string, MessageValue>>,
  isMeant: (message: MessageDefinition) => boolean,
): Record<Name, MessageDefinition> {
  return mapMessages(messages, (message) =>
    isMeant(message) ? { ...message, fields: { ...message.fields, ...fields } } : message,
  )
}

/** Authorisations and financial messages, requests and advices. */
export const isFinancial = ({ mti }: MessageDefinition): boolean => /^\d[12]/.test(mti)

export const isReversal = ({ mti }: MessageDefinition): boolean => /^\d4/.test(mti)

export function mapMessages<Name extends string>(
  messages: Messages<Name>,
  change: (message: MessageDefinition) => MessageDefinition,
): Record<Name, MessageDefinition> {
  const entries = Object.entries<MessageDefinition>(messages).map(([name, message]) => [name, change(message)])
  return Object.fromEntries(entries) as Record<Name, MessageDefinition>
}

// A message that a terminal sends, prepared once: what never changes is packed, the gaps are filled in per transaction.

import { UsageError } from '../base/errors.js'
import { compilePlaceholders, type Filler } from '../base/placeholders.js'
import type { Zone } from '../base/zone.js'
import type { Codec, Template } from '../codec/codec.js'
import type { MessageDefinition, MessageValue } from '../codec/dialect.js'
import type { FieldValue } from '../codec/message.js'

/** Names that a message may use in braces, beside {utc:…} and {local:…}. */
export const messagePlaceholders = [
  'stan',
  'amount',
  'currency',
  'terminal',
  'merchant',
  'batch',
  'operator',
  'rrn',
  'card.pan',
  'card.expiry',
  'card.track2',
  'card.sequence',
] as const

export interface MessagePlan {
  readonly name: string
  readonly mti: string
  readonly template: Template
  /** Values of the gaps, in the template's order. */
  fill(value: (name: string) => string, wallMs: number): readonly string[]
  /** The value of a field in the message with these gap values; undefined where the message has no such field. */
  valueOf(field: number, values: readonly string[]): string | undefined
  /** The message moves money: a void, a refund or a sale, but no inquiry. */
  readonly hasAmount: boolean
}

/** Throws UsageError, with the message's name and field, for a message that the dialect cannot carry. */
export function planMessage(name: string, definition: MessageDefinition, codec: Codec, zone: Zone): MessagePlan {
  const where = `messages.${name}:`
  const fixed: Record<string, FieldValue> = {}
  const slots: number[] = []
  const fillers: Filler[] = []
  for (const [key, value] of Object.entries(definition.fields)) {
    const filler = typeof value === 'string' ? fillerOf(value, zone, where) : undefined
    if (filler === undefined) fixed[key] = fixedValue(value, `${where} field ${key}`)
    else {
      slots.push(Number(key))
      fillers.push(filler)
    }
  }
  return {
    name,
    mti: definition.mti,
    template: packTemplate(codec, { mti: definition.mti, fields: fixed }, slots, where),
    fill: (value, wallMs) => fillers.map((filler) => filler(value, wallMs)),
    valueOf: (field, values) => {
      const slot = slots.indexOf(field)
      if (slot >= 0) return values[slot]
      const value = fixed[field]
      return typeof value === 'string' ? value : undefined
    },
    hasAmount: definition.fields['4'] !== undefined,
  }
}

function fillerOf(text: string, zone: Zone, where: string): Filler | undefined {
  try {
    return compilePlaceholders(text, messagePlaceholders, zone)
  } catch (cause) {
    throw new UsageError((cause as Error).message, { where, cause })
  }
}

/** Gaps are filled in whole fields only: a template's offsets are those of fields. */
function fixedValue(value: MessageValue, where: string): FieldValue {
  if (typeof value === 'string') return value
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => {
      if (typeof inner === 'string' && /\{[^{}]*\}/.test(inner)) {
        throw new UsageError(`a placeholder in subfield ${key}: write the whole field as one text`, { where })
      }
      return [key, fixedValue(inner, where)]
    }),
  )
}

function packTemplate(
  codec: Codec,
  message: Parameters<Codec['template']>[0],
  slots: number[],
  where: string,
): Template {
  try {
    return codec.template(message, slots)
  } catch (cause) {
    throw new UsageError((cause as Error).message, { where, cause })
  }
}

// A message that a terminal sends, prepared once: what never changes is packed, the gaps are filled in per transaction.

import { UsageError } from '../../base/errors.js'
import { compilePlaceholders, type Filler } from '../../base/placeholders.js'
import type { Zone } from '../../base/zone.js'
import type { Matchable } from '../../codec/checks/match.js'
import type { Codec, Template } from '../../codec/codec.js'
import type { Dialect, MessageDefinition, MessageValue, MoneyRule } from '../../codec/dialect.js'
import type { FieldValue } from '../../codec/message.js'
import { testKeys } from '../../crypto/keys/test-keys.js'
import { type MessageKeys, protectedMessage } from '../keys/protected-message.js'
import { type Chips, createChips } from './chip.js'
import { nestedFiller } from './nested-gaps.js'
import { optionalTemplate } from './optional-fields.js'
import { familyNames, namesFor, sampleText } from './placeholder-names.js'
import { type PostingClass, postingOf } from './posting-of.js'

export interface MessagePlan {
  readonly name: string
  readonly mti: string
  readonly template: Template
  /** Values of the gaps, in the template's order. */
  fill(value: (name: string) => string, wallMs: number): readonly string[]
  /** The same once more: all as it was but the time at which it is sent, where field 7 has that. */
  refill(values: readonly string[], wallMs: number): readonly string[]
  /** The value of a field in the message with these gap values; undefined where the message has no such field. */
  valueOf(field: number, values: readonly string[]): string | undefined
  /** The field of its MAC; undefined when it carries none. */
  readonly macField: number | undefined
  /** The field of its key serial number; undefined for a message that is not under DUKPT. */
  readonly ksnField: number | undefined
  /** It has a MAC, a PIN block or a key serial number: without any of them no key is looked for. */
  readonly isProtected: boolean
  /** The fields whose values `fill` gives, in that order. */
  readonly fields: readonly number[]
  /** The message moves money: a void, a refund or a sale, but no inquiry. */
  readonly hasAmount: boolean
  /** The message tells what a chip said. */
  readonly byChip: boolean
  readonly money: MoneyRule
  /** Its class in the books of a host; undefined where it has none, or where a host of the dialect keeps no books. */
  readonly posting: PostingClass | undefined
  /** The message with sample values in its gaps. */
  readonly sample: Matchable
  /** Names that others fill in: `original.stan`, `original.4`, `reason`, `totals.debitAmount.12` … */
  readonly givenNames: readonly string[]
}

/**
 * Throws UsageError, with the message's name and field, for a message that the dialect cannot carry. {mac}, {pinBlock}, {ksn} and
 * {card.cvv2} are left out where `keys` cannot fill them.
 */
export function planMessage(
  name: string,
  given: MessageDefinition,
  codec: Codec,
  zone: Zone,
  keys?: MessageKeys,
): MessagePlan {
  const where = `messages.${name}:`
  const chips = createChips(keys?.issuerKey ?? testKeys().forUsage('mk-ac').bytes)
  const { definition, macField, ksnField } = protectedMessage(given, codec.dialect, keys)
  const fixed: Record<string, FieldValue> = {}
  const slots: number[] = []
  const fillers: Filler[] = []
  const optional = new Set<number>()
  for (const [key, value] of Object.entries(definition.fields)) {
    const filler = chipFiller(value, fieldFiller(key, value, { dialect: codec.dialect, zone, where }), chips)
    if (filler === undefined) fixed[key] = value
    else {
      if (isOriginal(value)) optional.add(slots.length)
      slots.push(Number(key))
      fillers.push(filler)
    }
  }
  /** The fixed values tell what a message is for; the sample stands for the values that are not fixed. */
  const sampled = (field: number) => fixed[field] ?? fillers[slots.indexOf(field)]?.(sampleText, 0)
  const sample = {
    mti: definition.mti,
    has: (field: number) => definition.fields[field] !== undefined,
    text: (field: number) => textOf(sampled(field)),
  }
  return {
    name,
    mti: definition.mti,
    template: located(where, () =>
      optionalTemplate(codec, { mti: definition.mti, fields: fixed }, { slots, optional }),
    ),
    fill(value, wallMs) {
      const values = new Array<string>(fillers.length)
      for (let at = 0; at < fillers.length; at++) values[at] = (fillers[at] as Filler)(value, wallMs)
      return values
    },
    refill: (values, wallMs) =>
      isSent(definition.fields[sentField])
        ? values.map((value, at) => (slots[at] === sentField ? (fillers[at]?.(sampleText, wallMs) ?? value) : value))
        : values,
    valueOf: valueReader(slots, optional, fixed),
    macField,
    ksnField,
    isProtected:
      macField !== undefined || ksnField !== undefined || JSON.stringify(definition.fields).includes('{pinBlock}'),
    fields: slots,
    hasAmount: definition.fields['4'] !== undefined,
    byChip: JSON.stringify(definition.fields).includes('{chip.'),
    money: moneyOf(definition, codec.dialect.messages),
    posting: postingOf(codec.dialect.rules, sample),
    sample,
    givenNames: givenNamesIn(definition),
  }
}

/** Fields of a message with both bitmaps, and of a third one. */
const mostFields = 193

/** Asked several times for every request: by tables, and never by name. */
function valueReader(
  slots: readonly number[],
  optional: ReadonlySet<number>,
  fixed: Readonly<Record<string, FieldValue>>,
): MessagePlan['valueOf'] {
  const slotOf = new Int16Array(mostFields).fill(-1)
  for (const [slot, field] of slots.entries()) slotOf[field] = slot
  const texts = Array.from({ length: mostFields }, (_, field) => textOf(fixed[field]))
  return (field, values) => {
    const slot = slotOf[field] ?? -1
    if (slot < 0) return texts[field]
    const value = values[slot]
    return value === '' && optional.has(slot) ? undefined : value
  }
}

const textOf = (value: FieldValue | undefined) => (typeof value === 'string' ? value : undefined)

/** Transmission date and time (ISO 8583-1): of this message, and not of the transaction. */
const sentField = 7
const isSent = (value: MessageValue | undefined) => typeof value === 'string' && /^\{utc:[^{}]*\}$/.test(value)

/** Whether the field, or all that is in it, is what the original had, or nothing. */
const isOriginal = (value: MessageValue): boolean =>
  typeof value === 'string'
    ? /^\{original\.[^{}]*\}$/.test(value)
    : Object.entries(value).every(([key, inner]) => key === 'order' || isOriginal(inner))

function givenNamesIn({ fields }: MessageDefinition): readonly string[] {
  const names = Object.values(fields).flatMap((value) => familyNames(JSON.stringify(value)))
  return [...new Set(names)]
}

/** Requests of class 1 and 2 for an amount move money (ISO 8583-1), where they do not say themselves what they do. */
function moneyOf({ mti, fields, money }: MessageDefinition, others: Readonly<Record<string, unknown>>): MoneyRule {
  const movesMoney = /^\d[12]0\d$/.test(mti) && fields['4'] !== undefined
  const inDoubt = money?.inDoubt ?? { do: movesMoney ? 'reverse' : 'nothing', reversal: 'reversal' }
  // A dialect without reversals leaves what is in doubt as it is.
  const canReverse = inDoubt.do !== 'reverse' || others[inDoubt.reversal] !== undefined
  const safely = canReverse ? inDoubt : ({ do: 'nothing' } as const)
  // Written out: the shape of a copy depends on what was copied before, and compiled code is good for one shape.
  return money?.names === undefined ? { inDoubt: safely } : { names: money.names, inDoubt: safely }
}

interface FieldPlace {
  readonly dialect: Dialect
  readonly zone: Zone
  readonly where: string
}

/** Undefined where the field has no gap, so that it is packed once. */
function fieldFiller(field: string, value: MessageValue, { dialect, zone, where }: FieldPlace): Filler | undefined {
  const compileText = (text: string) => compilePlaceholders(text, namesFor(text), zone)
  const place = `${where} field ${field}:`
  if (typeof value === 'string') return located(place, () => compileText(value))
  return located(place, () => {
    const filler = nestedFiller(value, { dialect, field, compileText })
    // A subfield that does not exist shall show now, and not with the first card.
    filler?.(sampleText, 0)
    return filler
  })
}

const cryptogramGap = '{chip.cryptogram}'

/** The cryptogram of a chip covers the tags beside it, so that it is made when they are all there. */
function chipFiller(value: MessageValue, filler: Filler | undefined, chips: Chips): Filler | undefined {
  if (filler === undefined || !JSON.stringify(value).includes(cryptogramGap)) return filler
  return (names, wallMs) =>
    chips.seal(filler(names, wallMs), { pan: names('card.pan'), sequence: names('card.sequence') })
}

function located<Value>(where: string, work: () => Value): Value {
  try {
    return work()
  } catch (cause) {
    throw new UsageError((cause as Error).message, { where, cause })
  }
}

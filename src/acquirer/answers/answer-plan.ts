// Answers prepared once per answer rule, MTI and verdict: what is copied from the request, and the texts that are filled in.

import { UsageError } from '../../base/errors.js'
import { compilePlaceholders, type Filler } from '../../base/placeholders.js'
import { createZone, type Zone } from '../../base/zone.js'
import type { Codec, Peek } from '../../codec/codec.js'
import type { AnswerRule } from '../../codec/dialect.js'
import { type Protection, unprotected } from '../keys/protection.js'
import type { Decision } from '../posting.js'
import { planAnswerMac } from './answer-mac.js'

/** Names that an answer rule may use in braces, beside {utc:…}, {local:…} and {totals.NN}, the host's totals of field NN. */
export const answerPlaceholders = [
  'code',
  'rrn',
  'authCode',
  'balance',
  'batch',
  'currency',
  'keyScheme',
  'workingKeys',
  'hint',
  'amount',
] as const

const totalsName = 'totals.'

export interface PlannedAnswer {
  /** Writes the answer's body at `at` and returns its end. Throws PackError for a decision that does not fit the dialect. */
  write(
    request: Peek,
    decision: Decision,
    wallMs: number,
    target: Uint8Array,
    at: number,
    protection?: Protection,
  ): number
  /** The fields that the answer has room for. */
  readonly carries: { readonly mac: boolean; readonly workingKeys: boolean }
  maxBytes(requestBytes: number): number
}

export interface AnswerShape {
  readonly mti: string
  readonly rule: Pick<AnswerRule, 'echoed' | 'set' | 'setWhenApproved'>
  readonly approved: boolean
}

/** Throws UsageError, naming the field, for a placeholder that is not known; PackError for a field that is not. */
export function planAnswer(codec: Codec, { mti, rule, approved }: AnswerShape, zone: Zone): PlannedAnswer {
  const { responseCode, currency } = codec.dialect.rules
  const texts: Record<string, string> = { ...rule.set, ...(approved ? rule.setWhenApproved : {}) }
  // A rule that says nothing of the code, or always the same, speaks of approvals: a refusal must show.
  if (!approved || texts[responseCode] !== undefined) texts[responseCode] = '{code}'
  const mac = planAnswerMac(codec.dialect, { mti, approved, echoed: rule.echoed, set: Object.keys(texts).map(Number) })
  const set = [...Object.keys(texts).map(Number), ...mac.fields]
  const fillers = set.map((field) => fillerOf(texts[field] ?? '', field, zone))
  const answerer = codec.answerer({ mti, echoed: rule.echoed, set })
  const values: (string | undefined)[] = set.map(() => undefined)
  let current: Decision | undefined
  let protection = unprotected
  const textOf = (name: string): string => {
    if (name === 'currency') return currency
    if (name === 'keyScheme' || name === 'workingKeys') return protection[name]
    if (name.startsWith(totalsName)) return current?.totals?.[Number(name.slice(totalsName.length))] ?? ''
    const said = current?.[name as keyof Decision]
    return typeof said === 'string' ? said : ''
  }

  return {
    carries: { mac: mac.fields.length > 0, workingKeys: Object.values(texts).includes('{workingKeys}') },
    write(request, decision, wallMs, target, at, given = unprotected) {
      current = decision
      protection = given
      for (let index = 0; index < fillers.length; index++) {
        const text = (fillers[index] as Filler)(textOf, wallMs)
        values[index] = text === '' ? undefined : text
      }
      const signed = protection.seal === undefined ? undefined : mac.choose(request)
      if (signed !== undefined) values[set.indexOf(signed)] = mac.blank(signed)
      const end = answerer.write(request, values, target, at)
      if (signed !== undefined) protection.seal?.(signed, target.subarray(at, end))
      return end
    },
    maxBytes: (requestBytes) => answerer.maxBytes(requestBytes),
  }
}

function fillerOf(text: string, field: number, zone: Zone): Filler {
  try {
    // A zone remembers its last text only: with one for each text, the time is formatted once a second and not per answer.
    return (
      compilePlaceholders(text, [...answerPlaceholders, `${totalsName}${field}`], createZone(zone.name)) ?? (() => text)
    )
  } catch (cause) {
    throw new UsageError((cause as Error).message, { where: `answer field ${field}:`, cause })
  }
}

// Answers prepared once per answer rule, MTI and verdict: what is copied from the request, and the texts that are filled in.

import { UsageError } from '../base/errors.js'
import { compilePlaceholders, type Filler } from '../base/placeholders.js'
import { createZone, type Zone } from '../base/zone.js'
import type { Codec, Peek } from '../codec/codec.js'
import type { AnswerRule } from '../codec/dialect.js'
import type { Decision } from './posting.js'

/** Names that an answer rule may use in braces, beside {utc:…} and {local:…}. */
export const answerPlaceholders = ['code', 'rrn', 'authCode', 'balance', 'batch', 'currency'] as const

export interface PlannedAnswer {
  /** Writes the answer's body at `at` and returns its end. Throws PackError for a decision that does not fit the dialect. */
  write(request: Peek, decision: Decision, wallMs: number, target: Uint8Array, at: number): number
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
  const set = Object.keys(texts).map(Number)
  const fillers = set.map((field) => fillerOf(texts[field] as string, field, zone))
  const answerer = codec.answerer({ mti, echoed: rule.echoed, set })
  const values: string[] = set.map(() => '')
  let current: Decision | undefined
  const textOf = (name: string): string => (name === 'currency' ? currency : (current?.[name as keyof Decision] ?? ''))

  return {
    write(request, decision, wallMs, target, at) {
      current = decision
      for (let index = 0; index < fillers.length; index++) {
        values[index] = (fillers[index] as Filler)(textOf, wallMs)
      }
      return answerer.write(request, values, target, at)
    },
    maxBytes: (requestBytes) => answerer.maxBytes(requestBytes),
  }
}

function fillerOf(text: string, field: number, zone: Zone): Filler {
  try {
    // A zone remembers its last text only: with one for each text, the time is formatted once a second and not per answer.
    return compilePlaceholders(text, answerPlaceholders, createZone(zone.name)) ?? (() => text)
  } catch (cause) {
    throw new UsageError((cause as Error).message, { where: `answer field ${field}:`, cause })
  }
}

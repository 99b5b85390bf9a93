// The seam to a third party that knows what data should be (第三方数据验证): asked before a request waits for a worker.
// Rule: never a whole card number, a track or a PIN leaves by this way.

import { z } from 'zod'
import type { Clock } from '../../base/clock.js'
import { maskPan } from '../../base/mask.js'
import { bareAmount } from '../../codec/amount.js'
import { type DataProblem, dataChecks } from '../../codec/checks/data-checks.js'
import type { Peek } from '../../codec/codec.js'

/** The question to a third party about a request; as JSON it is the body of the call. */
export interface ThirdPartyQuestion {
  readonly mti: string
  readonly merchant: string | undefined
  readonly terminal: string | undefined
  readonly stan: string | undefined
  readonly processingCode: string | undefined
  /** Minor units, and the ISO 4217 number. */
  readonly amount: string | undefined
  readonly currency: string | undefined
  /** First six and last four digits. */
  readonly card: string | undefined
  readonly expiry: string | undefined
  /** The fault that the host finds itself; null where it finds none. */
  readonly found: { readonly check: string; readonly words: string } | null
}

/** The answer's body: right, or what is wrong and what the clerk shall be told. */
export const thirdPartyWordSchema = z.discriminatedUnion('ok', [
  z.object({ ok: z.literal(true) }),
  z.object({ ok: z.literal(false), check: z.enum(dataChecks), hint: z.string().regex(/^[ -~]{1,20}$/) }),
])
export type ThirdPartyWord = z.output<typeof thirdPartyWordSchema>

export interface ThirdParty {
  /** Calls `done` once, later, unless given up: with the word, or undefined where there was none. Returns what gives it up. */
  ask(question: ThirdPartyQuestion, done: (word: ThirdPartyWord | undefined) => void): () => void
  close(): void
}

export function questionOf(request: Peek, found: DataProblem | undefined): ThirdPartyQuestion {
  const text = (field: number) => request.text(field)?.trimEnd()
  const pan = text(2)
  const amount = text(4)
  return {
    ...{ mti: request.mti, merchant: text(42), terminal: text(41), stan: text(11), processingCode: text(3) },
    ...{ amount: amount && bareAmount(amount), currency: text(49), card: pan && maskPan(pan), expiry: text(14) },
    found: found === undefined ? null : { check: found.check, words: found.words },
  }
}

/** In one process and without a network: it finds what the host finds, and says which field it is. */
export function simulatedThirdParty(clock: Clock, latencyMs: number): ThirdParty {
  const timers = new Set<{ cancel(): void }>()
  return {
    ask({ found }, done) {
      const timer = clock.after(latencyMs, () => {
        timers.delete(timer)
        done(found === null ? { ok: true } : { ok: false, check: checkNamed(found.check), hint: found.words })
      })
      timers.add(timer)
      return () => {
        timer.cancel()
        timers.delete(timer)
      }
    },
    close() {
      for (const timer of timers) timer.cancel()
      timers.clear()
    },
  }
}

const checkNamed = (name: string) => dataChecks.find((check) => check === name) ?? 'format'

// Device models of terminals: what a terminal does itself, from the card to a request that can be sent, takes time that depends on
// its processor, its software version and how cards are read (更新POS机软件版本).

import { z } from 'zod'
import { logNormal } from '../../base/distributions.js'
import type { Random } from '../../base/random.js'
import { duration, percent } from '../../base/unit-schemas.js'

/** Models of one scenario: more than a fleet has. */
const mostModels = 64

const model = z.strictObject({
  share: percent('30%').describe('share of the terminals; all shares together are 100%'),
  processing: z
    .strictObject({ p50: duration('300ms'), p99: duration('900ms').optional() })
    .refine(({ p50 }) => p50 > 0, { path: ['p50'], error: 'expected more than 0ms' })
    .refine(({ p50, p99 }) => p99 === undefined || p99 >= p50, { path: ['p99'], error: 'expected at least p50' })
    .describe(
      'from the card to the request, log-normal by its median and 99th percentile; p50 alone: always that long',
    ),
})

const sumOf = (models: Readonly<Record<string, { readonly share: number }>>) =>
  Object.values(models).reduce((sum, { share }) => sum + share, 0)

export const modelsSchema = z
  .record(z.string().min(1).max(60), model)
  .refine((models) => Object.keys(models).length > 0 && Object.keys(models).length <= mostModels, {
    error: `expected 1 to ${mostModels} models`,
  })
  .refine((models) => Math.abs(sumOf(models) - 1) < 0.001, {
    error: 'the shares of all models must be 100% together',
  })

export type TerminalModels = z.output<typeof modelsSchema>

/** Spreads shares evenly over numbers that come one after another, whatever else goes by them (a multiple of the golden ratio). */
const golden = 0.618_033_988_749_894_9

/** The name of the model of terminal `number`, from 0. */
export function modelOf(models: TerminalModels | undefined, number: number): string | undefined {
  if (models === undefined) return undefined
  const place = ((number + 0.5) * golden) % 1
  let sum = 0
  for (const [name, { share }] of Object.entries(models)) {
    sum += share
    if (place < sum) return name
  }
  return Object.keys(models).at(-1)
}

/** Draws how long a terminal of a model works on a card, in ms. */
export function createModelWork(models: TerminalModels, random: Random): (model: string | undefined) => number {
  const draws = new Map(
    Object.entries(models).map(([name, { processing }]) => [name, logNormal(processing, random.fork(name))]),
  )
  return (name) => (name === undefined ? 0 : (draws.get(name)?.() ?? 0))
}

// The terminal and the acquirer with each spec of a peer: every transaction approved, settlements answered, books that agree.

import { basename, resolve } from 'node:path'
import { dialectNamed } from '../../src/run/files/read-dialect.js'
import { runScenario } from '../../src/run/run-scenario.js'
import { scenarioFromData } from '../../src/scenario/reader.js'
import { specNamed } from './peer-rows.js'

export interface RunRow {
  readonly spec: string
  readonly offered: number
  readonly approved: number
  readonly settlements: number
  /** Those whose totals both sides have. */
  readonly balanced: number
  /** The spec has a field for the amounts, so that every settlement must be balanced. */
  readonly tellsAmounts: boolean
  readonly unsettled: number
  readonly booksAgree: boolean
}

const everyFlow = {
  ...{ sale: 60, preauth: 10, completion: 8, void: 8, refund: 8, preauthVoid: 4, completionAdvice: 4, balance: 4 },
}

export interface PeerRun {
  readonly folder: string
  readonly spec: string
  readonly transactions: number
  readonly clock: 'real' | 'virtual'
}

/** Over TCP in real time, or in virtual time: every flow and the settlement that the dialect has. */
export async function runWithSpec({ folder, spec, transactions, clock }: PeerRun): Promise<RunRow> {
  const terminals = 10
  const dialect = specNamed(folder, spec)
  const mix = Object.fromEntries(Object.entries(everyFlow).filter(([name]) => Object.hasOwn(dialect.messages, name)))
  const settle = dialect.rules.ledger?.postings.some(({ effect }) => effect === 'settle') === true
  const { scenario, source } = scenarioFromData(
    {
      name: basename(spec),
      dialect: spec.includes('.') ? resolve(folder, 'specs', spec) : spec,
      seed: 1,
      terminals: { count: terminals, settle, mix },
      acquirer: { serviceTime: { p50: '2ms' } },
      load: [{ hold: { rate: '100/s', for: `${10 * transactions}ms` } }],
    },
    { dialectNamed },
  )
  const result = await runScenario(scenario, { source, clock, allowSaturated: true })
  const { approved, timedOut, declined, failed, unsent } = result.outcomes
  const { balanced = 0, unknown = 0 } = result.settlements ?? {}
  return {
    spec,
    offered: approved + timedOut + declined + failed + unsent,
    approved,
    settlements: balanced + unknown,
    balanced,
    tellsAmounts: dialect.rules.ledger?.totals.parts.some(({ total }) => total === 'debitAmount') === true,
    unsettled: settle ? terminals - balanced - unknown : 0,
    booksAgree: result.books?.agree === true,
  }
}

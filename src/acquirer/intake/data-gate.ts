// The refusals of a host before it carries a request out, whoever sent it: terminals that it does not know, and data that
// cannot be right.

import type { Clock } from '../../base/clock.js'
import type { Zone } from '../../base/zone.js'
import { compileDataChecks, type DataCheck, type DataProblem } from '../../codec/checks/data-checks.js'
import { compileMatch } from '../../codec/checks/match.js'
import type { Codec, Peek } from '../../codec/codec.js'
import type { AcquirerOptions } from '../options.js'

export interface DataGate {
  /** The problem with the data; undefined where there is none, and for messages that are not looked at. */
  problem(request: Peek): DataProblem | undefined
  /** The response code for a terminal that is not registered. */
  stranger(request: Peek): string | undefined
  /** The response code for what another has found wrong. */
  codeOf(check: DataCheck): string
}

/** The current month is worked out anew once in so many ms: it changes at most once in the time zone's smallest step. */
const monthLastsMs = 900_000

/** Throws UsageError for ids of terminals that are not written as `match` writes values. */
export function createDataGate(options: {
  codec: Codec
  clock: Pick<Clock, 'wall'>
  zone: Zone
  terminals: AcquirerOptions['terminals']
}): DataGate {
  const { codec, clock, zone, terminals } = options
  const { dataChecks, currency, codes } = codec.dialect.rules
  const check = dataChecks && compileDataChecks(dataChecks, currency)
  const isKnown = terminals && compileMatch({ [terminalField]: terminals })
  const unknown = dataChecks?.codes.terminal ?? codes.notSupported
  let month = ''
  let monthOf = Number.NaN

  const currentMonth = () => {
    const step = Math.floor(clock.wall() / monthLastsMs)
    if (step !== monthOf) {
      monthOf = step
      month = zone.format('YYMM', step * monthLastsMs)
    }
    return month
  }

  return {
    problem: (request) => check?.(request, currentMonth()),
    codeOf: (check) => dataChecks?.codes[codeNames[check]] ?? codes.formatError,
    stranger: (request) => (isKnown === undefined || isKnown(request) ? undefined : unknown),
  }
}

const codeNames = {
  format: 'format',
  luhn: 'card',
  amount: 'amount',
  currency: 'currency',
  expiry: 'expired',
} as const

/** DE41 in every version of ISO 8583. */
const terminalField = '41'

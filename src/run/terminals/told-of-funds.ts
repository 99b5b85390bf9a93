// Who tells the terminals of a run when their money came.

import type { Scenario } from '../../scenario/schema.js'

/** Whether an acquirer that pays tells of it: the embedded one, with a settlement. */
export function hostTellsOfFunds({ acquirer, acquirers = {}, terminals }: Scenario): boolean {
  const hosts = [acquirer, ...Object.values(acquirers)]
  return terminals.target === undefined && hosts.some(({ settlement }) => settlement !== undefined)
}

/**
 * Whether anyone may tell: a host elsewhere, an acquirer that pays, or a settlement file. Who waits for money that nobody
 * pays keeps every sale for nothing, and at high rates it is what is kept that makes collecting garbage slow.
 */
export const maybeToldOfFunds = (scenario: Scenario, payouts: string | undefined): boolean =>
  hostTellsOfFunds(scenario) || scenario.terminals.target !== undefined || payouts !== undefined

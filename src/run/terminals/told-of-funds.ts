// Who tells the terminals of a run when their money came.

import type { HostPart } from '../../scenario/parts.js'

/** Whether an acquirer that pays tells of it: the embedded one, with a settlement. */
export function hostTellsOfFunds({ targets, own }: HostPart): boolean {
  return targets === undefined && own.some(({ acquirer }) => acquirer.settlement !== undefined)
}

/**
 * Whether anyone may tell: a host elsewhere, an acquirer that pays, or a settlement file. Who waits for money that nobody
 * pays keeps every sale for nothing, and at high rates it is what is kept that makes collecting garbage slow.
 */
export const maybeToldOfFunds = (hosts: HostPart, payouts: string | undefined): boolean =>
  hostTellsOfFunds(hosts) || hosts.targets !== undefined || payouts !== undefined

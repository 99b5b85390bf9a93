// An acquirer's options for each of several processes: what can be divided is, and what is of one host and cannot is refused.

import type { AcquirerOptions } from '../../acquirer/options.js'
import { UsageError } from '../../base/errors.js'
import type { Share } from '../../base/share.js'

/** Throws UsageError for options that one process has to know of all requests for. */
export function refuseForProcesses(options: AcquirerOptions, count: number): void {
  const refuse = (key: string, why: string) => {
    throw new UsageError(`--workers ${count}: ${why}; leave one of them out`, { where: `acquirer.${key}:` })
  }
  if (options.settlement !== undefined)
    refuse('settlement', 'payouts and their advices are the business of one process, which has every terminal')
  if (options.limits !== undefined) refuse('limits', 'a merchant has one line, and its requests come to every process')
  if (options.priority.length > 0) refuse('priority', 'there is one line, in which some merchants go first')
  if (options.storage !== undefined) refuse('storage', 'there is one simulated disk')
  if (options.peers.rate !== undefined) refuse('peers.rate', 'an address may have connections in every process')
  if (options.serviceTime !== undefined && options.workers < count)
    refuse('workers', `${options.workers} cannot be divided among so many processes`)
}

/** Its part of what is divided. The places of a host that takes its time are: a request waits for one of its own process. */
export function shareOfAcquirer(options: AcquirerOptions, { index, of }: Share): AcquirerOptions {
  const part = (whole: number) => Math.max(1, Math.floor(whole / of) + (index < whole % of ? 1 : 0))
  const { peers } = options
  return {
    ...options,
    workers: part(options.workers),
    queueLimit: options.queueLimit === 0 ? 0 : part(options.queueLimit),
    peers: { ...peers, handshakes: part(peers.handshakes) },
  }
}

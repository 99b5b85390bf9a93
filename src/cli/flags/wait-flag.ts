// `--wait`: a host that was started a moment ago may not listen yet.

import type { ExitCode } from '../../base/errors.js'
import { parseAddress } from '../../run/addresses.js'
import { awaitHost } from '../../run/watch/await-host.js'
import { codeOfSignal, listenForInterrupts } from '../interrupts.js'
import type { Io } from '../io.js'
import { durationMs, text } from './options.js'

export const waitOption = {
  wait: text(
    'wait',
    'how long to wait until the host listens, such as 30s; when left out, it must listen at once. It is found out by a connection on which nothing is sent, before the first one that is used',
  ),
} as const

/**
 * Resolves when a host listens at one of the addresses, at once where no --wait was given. An exit code: the user ended it.
 * Throws StartError when nobody listened in time.
 */
export async function awaitTargets(
  io: Io,
  targets: readonly string[],
  wait: string | undefined,
): Promise<ExitCode | undefined> {
  if (wait === undefined) return undefined
  using interrupts = listenForInterrupts(io, 'no longer waiting')
  await awaitHost({
    targets: targets.map((target) => parseAddress(target)),
    waitMs: durationMs('wait', wait),
    signal: interrupts.signal,
    onWaiting: (reason) => io.stderr.write(`${targets.join(', ')}: ${reason}: waiting up to ${wait}\n`),
  })
  return interrupts.by && codeOfSignal(interrupts.by)
}

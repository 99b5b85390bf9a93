// Waits until somebody listens at one of some addresses: a host that was started a moment ago is not there yet.
//
// Rule: each attempt is a connection of its own that is closed as soon as it opens. Nothing is sent on it.

import { type Clock, realClock, type Timer } from '../../base/clock.js'
import { StartError } from '../../base/errors.js'
import { systemWords } from '../../base/text/system-words.js'
import { formatAddress } from '../../transport/network/address.js'
import type { Address, Link, Network } from '../../transport/network/link.js'
import { createTcpNetwork } from '../../transport/network/tcp-network.js'

export interface AwaitOptions {
  /** Alternatives: one that listens is enough. */
  readonly targets: readonly Address[]
  /** Milliseconds after which it is given up. */
  readonly waitMs: number
  /** Left out: TCP without TLS, which a host that speaks TLS accepts as well. */
  readonly network?: Network
  readonly clock?: Clock
  readonly signal?: AbortSignal
  /** Told once, when the first attempts have failed: why. */
  readonly onWaiting?: (reason: string) => void
}

/** Between two rounds of attempts, in ms. */
const pauseMs = 100
/** Addresses that drop packets answer nothing: how long one attempt may take, in ms. */
const attemptMs = 2000
/** How long the host may take to end its side of a connection that we have ended, in ms. */
const lingerMs = 1000

/** Resolves when one listens, or the signal was given. Throws StartError when the time is over. */
export async function awaitHost(options: AwaitOptions): Promise<void> {
  const { targets, waitMs, clock = realClock, network = createTcpNetwork(), signal, onWaiting } = options
  const until = clock.now() + waitMs
  for (let round = 0; ; round++) {
    const left = until - clock.now()
    const connectTimeoutMs = Math.max(1, Math.min(attemptMs, left))
    const reasons = await Promise.all(
      targets.map((target) => attempt({ network, clock, target, connectTimeoutMs, signal })),
    )
    if (reasons.includes(undefined) || signal?.aborted === true) return
    const reason = systemWords(reasons[0] ?? 'unreachable')
    if (round === 0) onWaiting?.(reason)
    if (clock.now() + pauseMs >= until)
      throw new StartError(
        `${targets.map(formatAddress).join(', ')}: nobody listened within ${waitMs / 1000} s (${reason})`,
      )
    await new Promise<void>((resolve) => clock.after(pauseMs, resolve))
  }
}

/** Resolves to the system's word for what went wrong, or to undefined when the connection opened. */
function attempt(setting: {
  readonly network: Network
  readonly clock: Clock
  readonly target: Address
  readonly connectTimeoutMs: number
  readonly signal: AbortSignal | undefined
}): Promise<string | undefined> {
  const { network, clock, target, connectTimeoutMs, signal } = setting
  return new Promise((resolve) => {
    let linger: Timer | undefined
    const stop = () => link.reset()
    const link: Link = network.connect(
      target,
      {
        onOpen() {
          resolve(undefined)
          link.end()
          linger = clock.after(lingerMs, stop)
        },
        onData: () => {},
        onEnd: () => link.end(),
        onClose(reason, detail) {
          linger?.cancel()
          signal?.removeEventListener('abort', stop)
          resolve(detail ?? reason)
        },
      },
      { connectTimeoutMs },
    )
    signal?.addEventListener('abort', stop)
  })
}

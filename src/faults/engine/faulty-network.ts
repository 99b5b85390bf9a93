// Any network with faults in it: TCP and the simulated one alike. What it connects and accepts looks as before.

import type { Link, Network } from '../../transport/network/link.js'
import type { ConnectVerdict } from '../fault.js'
import { FaultyLink, type FaultyLinkOptions } from './faulty-link.js'

export type { Remac } from './opened-message.js'

export interface FaultyNetworkOptions extends FaultyLinkOptions {
  /**
   * False: faults do not delay an attempt to connect, because the peer that it is for is connected already, as in a
   * proxy. Refused and unanswered attempts stay.
   */
  readonly delaysConnects?: boolean
}

/**
 * `request` is the direction from the side that connected, on both sides of a connection. Without `wire` message faults do
 * nothing. A listener cannot refuse what the system has accepted: such a connection is reset at once.
 */
export function faultyNetwork(network: Network, options: FaultyNetworkOptions): Network {
  const { delaysConnects = true } = options
  return {
    connect(address, handlers, { connectTimeoutMs }) {
      const link = new FaultyLink(options, `${address.host}:${address.port}`, true)
      link.handlers = handlers
      const fate = fateOf(link.connectVerdicts(), connectTimeoutMs, delaysConnects)
      const attempt = () => {
        if (fate.kind === 'open' && fate.afterMs === 0) dial(connectTimeoutMs)
        else link.later(fate.afterMs, () => dial(connectTimeoutMs - fate.afterMs))
      }
      const dial = (timeoutMs: number) => {
        if (fate.kind === 'refused') link.finish('refused', 'ECONNREFUSED')
        else if (fate.kind === 'timeout') link.finish('connectTimeout')
        else link.join(network.connect(address, link.innerHandlers, { connectTimeoutMs: timeoutMs }))
      }
      if (fate.untimedMs > 0) link.later(fate.untimedMs, attempt)
      else attempt()
      return link
    },

    async listen(address, accept, listenOptions) {
      const silent = new Set<Link>()
      const forget = (inner: Link, link: FaultyLink) => {
        silent.delete(inner)
        link.finish('local')
      }
      const listener = await network.listen(
        address,
        (inner) => {
          const link = new FaultyLink(options, inner.peer, false)
          link.join(inner)
          const verdicts = link.connectVerdicts()
          if (verdicts.some((verdict) => verdict.do !== 'open')) {
            const isRefused = verdicts.some((verdict) => verdict.do === 'refuse')
            if (isRefused) link.reset()
            else silent.add(inner)
            return { onData: () => {}, onEnd: () => {}, onClose: () => forget(inner, link) }
          }
          link.handlers = accept(link)
          link.opened()
          return link.innerHandlers
        },
        listenOptions,
      )
      return {
        address: listener.address,
        async close() {
          for (const link of silent) link.reset()
          await listener.close()
        },
      }
    },
  }
}

interface Fate {
  readonly kind: 'open' | 'refused' | 'timeout'
  /** Passes first, without a timeout running; then `afterMs`, within it. */
  readonly untimedMs: number
  readonly afterMs: number
}

/** Delays add up; a refusal is as fast as the fastest of them. */
function fateOf(verdicts: readonly ConnectVerdict[], timeoutMs: number, delaysConnects: boolean): Fate {
  let [untimedMs, afterMs] = [0, 0]
  let refusedMs = Number.POSITIVE_INFINITY
  for (const verdict of verdicts) {
    if (verdict.do === 'refuse') refusedMs = Math.min(refusedMs, verdict.afterMs)
    else if (verdict.do === 'stall') afterMs = Number.POSITIVE_INFINITY
    else if (delaysConnects && verdict.untimed === true) untimedMs += verdict.afterMs
    else if (delaysConnects) afterMs += verdict.afterMs
  }
  if (refusedMs < timeoutMs) return { kind: 'refused', untimedMs, afterMs: refusedMs }
  if (afterMs >= timeoutMs) return { kind: 'timeout', untimedMs, afterMs: timeoutMs }
  return { kind: 'open', untimedMs, afterMs }
}

// A network that tells how attempts to connect fare. What it connects is as before.

import type { Clock } from '../../base/clock.js'
import type { ConnectSeen } from '../../measure/causes/observations.js'
import type { CloseReason, Network } from '../../transport/network/link.js'

/** `at`: start of the attempt, in ms of the clock. Attempts that this side gives up are not told of. */
export function watchedNetwork(
  network: Network,
  clock: Clock,
  { link, onConnect }: { link: number | undefined; onConnect: (seen: ConnectSeen) => void },
): Network {
  return {
    listen: (...rest) => network.listen(...rest),
    connect(address, handlers, options) {
      const at = clock.now()
      let isTold = false
      const tell = (result: ConnectSeen['result'] | undefined) => {
        if (!isTold && result !== undefined) onConnect({ at, ms: clock.now() - at, result, link })
        isTold = true
      }
      return network.connect(
        address,
        {
          ...handlers,
          onOpen() {
            tell('open')
            handlers.onOpen?.()
          },
          onClose(reason, detail) {
            tell(resultOf[reason])
            handlers.onClose(reason, detail)
          },
        },
        options,
      )
    },
  }
}

const resultOf: Record<CloseReason, ConnectSeen['result'] | undefined> = {
  refused: 'refused',
  connectTimeout: 'timeout',
  unreachable: 'failed',
  reset: 'failed',
  tls: 'failed',
  ended: 'failed',
  local: undefined,
}

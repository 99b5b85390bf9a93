// An exchange that is no transaction: a sign-on, an echo, a single message. One callback says how it ended.

import type { Exchange } from '../../transport/client/client.js'
import type { Received } from '../../transport/wire/wire.js'
import type { Request } from '../requests/request.js'
import { writeRequest } from './write-request.js'

/** `received` is valid during the callback only. Instants are milliseconds of the clock. */
export type ControlEnding =
  | { readonly kind: 'answered'; readonly at: number; readonly writtenAt: number; readonly received: Received }
  | { readonly kind: 'timedOut'; readonly at: number }
  | { readonly kind: 'failed'; readonly at: number; readonly reason: string }

export function createControlExchange(options: {
  request: Pick<Request, 'plan' | 'values' | 'key' | 'guard'>
  sendBefore: number
  timeoutMs: number
  /** It was handed to the socket. */
  onWritten?: ((at: number) => void) | undefined
  toTarget?: Exchange['toTarget'] | undefined
  onEnd: (ending: ControlEnding) => void
}): Exchange {
  const { request, sendBefore, timeoutMs, onWritten, toTarget, onEnd } = options
  let writtenAt = Number.NaN
  return {
    key: request.key,
    maxBytes: request.plan.template.maxBytes,
    sendBefore,
    timeoutMs,
    ...(toTarget !== undefined && { toTarget }),
    write: (target, at) => writeRequest(request, target, at),
    onWritten: (at) => {
      writtenAt = at
      onWritten?.(at)
    },
    onAnswer: (received, at) => onEnd({ kind: 'answered', at, writtenAt, received }),
    onTimeout: (at) => onEnd({ kind: 'timedOut', at }),
    onUnsent: (at, { reason }) => onEnd({ kind: 'failed', at, reason }),
    onFailed: (at, reason) => onEnd({ kind: 'failed', at, reason }),
  }
}

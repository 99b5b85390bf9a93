// Ctrl-C: the first ends the load and drains, the second ends the process at once.

import { exitCode } from '../base/errors.js'
import type { Io } from './io.js'

export interface Interrupts extends Disposable {
  readonly signal: AbortSignal
  /** Who interrupted, if anyone did. */
  readonly by: 'SIGINT' | 'SIGTERM' | undefined
}

/** Listens until disposed. `what` is said on stderr, or by `say`: what happens now, such as 'waiting for open answers'. */
export function listenForInterrupts(
  io: Io,
  what: string,
  say: (text: string) => void = (text) => io.stderr.write(`\n${text}\n`),
): Interrupts {
  const controller = new AbortController()
  let by: Interrupts['by']
  const release = io.onSignal((name) => {
    if (by !== undefined) return io.exit(codeOfSignal(by))
    by = name
    say(`interrupted: ${what}; once more exits at once`)
    controller.abort()
  })
  return {
    signal: controller.signal,
    get by() {
      return by
    },
    [Symbol.dispose]: release,
  }
}

export const codeOfSignal = (name: 'SIGINT' | 'SIGTERM') =>
  name === 'SIGTERM' ? exitCode.terminated : exitCode.interrupted

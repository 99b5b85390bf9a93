// Messages on the terminals' connections that answer nothing: they are counted, observed, and kept in words for errors.

import type { Clock } from '../../base/clock.js'
import type { Recorder } from '../../measure/latency/recorder.js'
import type { RunObserver } from '../result/run-observer.js'

export interface StrayMessages {
  /** The last words; undefined where all that came were answers. */
  readonly last: string | undefined
  /** The bytes that came so far where no answer did, in words. */
  readonly soFar: string
  /** A message that belongs to no request. */
  unmatched(explanation: string): void
  /** Bytes that are no whole message yet. */
  partial(at: number): void
  /** Bytes that a request waited for in vain, on connection number `link`. */
  unreadable(link: number, explanation: string, at: number): void
  /** Bytes that ended connection number `link`. */
  badFrame(link: number, explanation: string): void
}

export function createStrays(setting: {
  clock: Clock
  recorder: () => Recorder | undefined
  observer: RunObserver | undefined
}): StrayMessages {
  const { clock, recorder, observer } = setting
  let last: string | undefined
  let isPart = false
  return {
    get last() {
      return last
    },
    get soFar() {
      return last ?? (isPart ? 'bytes came that are no whole message yet' : 'nothing came yet')
    },
    unmatched(explanation) {
      last = explanation
      observer?.unmatched(clock.now())
      recorder()?.unmatched(explanation, clock.now())
    },
    partial(at) {
      isPart = true
      observer?.partial(at)
    },
    unreadable(link, words, at) {
      last = words
      observer?.unreadable({ at, words, link })
      recorder()?.unmatched(words, at)
    },
    badFrame(link, words) {
      last = words
      observer?.unreadable({ at: clock.now(), words, link })
    },
  }
}

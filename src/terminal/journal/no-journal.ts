// The journal of a run in which nothing can be lost.

import type { Journal } from './journal.js'
import type { CaseRecord } from './journal-records.js'
import { recover } from './recover.js'
import { createSettledMarks } from './settled-rows.js'

/** For runs in which no process can be killed: virtual time without crashes. */
export function noJournal(beganAt: number): Journal {
  let id = 0
  return {
    beganAt,
    recovered: recover(new Uint8Array()),
    open<Who>(_: CaseRecord, done: (error: Error | undefined, who: Who) => void, who?: Who) {
      done(undefined, who as Who)
      return ++id
    },
    because: () => {},
    stillOwed: () => [],
    end: () => {},
    numbers: () => {},
    settlements: createSettledMarks(),
    settling: (_, __, done) => done?.(undefined),
    settled: () => {},
    *forgetEnded() {},
    close: () => {},
  }
}

// A journal that is compacted while it goes on tells a later process the same as one that never was, at every moment.

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createVirtualClock } from '../../../src/base/virtual-clock.js'
import type { BookState } from '../../../src/measure/money/books.js'
import { createJournal, type Journal } from '../../../src/terminal/journal/journal.js'
import type { CaseRecord } from '../../../src/terminal/journal/journal-records.js'
import { type JournalStorage, renewalInMemory } from '../../../src/terminal/journal/journal-storage.js'
import { recover } from '../../../src/terminal/journal/recover.js'

const caseOf = (terminal: string, stan: number): CaseRecord => ({
  terminal,
  merchant: 'M1',
  batch: '000001',
  stan: String(stan).padStart(6, '0'),
  type: 'sale',
  amountMinor: 100 * stan,
  owed: { do: 'reverse', message: 'reversal', original: { 'original.stan': String(stan) } },
})

/** A disk that counts how often a journal was replaced, and syncs when it is told to. */
function createDisk() {
  let bytes: Uint8Array = new Uint8Array()
  let syncs: ((error: Error | null) => void)[] = []
  const disk = {
    taken: 0,
    dropped: 0,
    /** Undefined: it is not full. */
    full: undefined as 'append' | 'renew' | 'take' | undefined,
    bytes: () => bytes,
    synced(error: Error | null = null) {
      const waiting = syncs
      syncs = []
      for (const done of waiting) done(error)
    },
  }
  const refuse = (what: typeof disk.full) => {
    if (disk.full === what) throw new Error(`full: ${what}`)
  }
  const storage: JournalStorage = {
    read: () => [bytes],
    append(more) {
      refuse('append')
      bytes = Buffer.concat([bytes, more])
    },
    renew() {
      refuse('renew')
      const renewal = renewalInMemory((all) => {
        refuse('take')
        bytes = all
        disk.taken++
      })
      return { ...renewal, sync: (done) => void syncs.push(done), drop: () => void disk.dropped++ }
    },
    close: () => {},
  }
  return { ...disk, storage, disk }
}

function openOn({ storage }: { storage: JournalStorage }, compactAfter?: number) {
  const clock = createVirtualClock()
  const said: string[] = []
  const common = {
    storage,
    clock,
    dialect: 'cup-pos',
    day: '20261122',
    onTrouble: (line: string) => void said.push(line),
  }
  const journal = createJournal({ ...common, keepsRows: true, ...(compactAfter !== undefined && { compactAfter }) })
  return { journal, said, turn: () => clock.run(clock.now()) }
}

/** All that a later process learns, but for the numbers of cases. */
function told(bytes: Uint8Array) {
  const { rows, owed, numbers, settled, damagedAt, tornBytes } = recover(bytes)
  return {
    rows: [...rows],
    owed: owed.map(([id, { reason, terminal, stan, owed: what }]) => ({ id, reason, terminal, stan, what })),
    numbers: [...numbers].sort(),
    settled: [...settled.rows].map(([terminal, marks]) => [terminal, [...marks].sort()]).sort(),
    unanswered: [...settled.unanswered].sort(),
    ...{ damagedAt, tornBytes },
  }
}

const terminal = fc.constantFrom('T1', 'T2')
const anyStep = fc.oneof(
  { arbitrary: fc.record({ do: fc.constant('open' as const), terminal }), weight: 6 },
  {
    arbitrary: fc.record({
      do: fc.constant('end' as const),
      which: fc.nat({ max: 30 }),
      state: fc.constantFrom<BookState | null>('charged', 'declined', null),
    }),
    weight: 6,
  },
  { arbitrary: fc.record({ do: fc.constant('because' as const), which: fc.nat({ max: 30 }) }), weight: 1 },
  {
    arbitrary: fc.record({ do: fc.constantFrom('numbers' as const, 'settle' as const, 'settling' as const), terminal }),
    weight: 1,
  },
  { arbitrary: fc.record({ do: fc.constantFrom('turn' as const, 'synced' as const) }), weight: 6 },
)
type Step = typeof anyStep extends fc.Arbitrary<infer Value> ? Value : never

function act(journal: Journal, step: Step, stan: number): void {
  const open = journal.stillOwed()
  const chosen = 'which' in step ? open[step.which % Math.max(1, open.length)]?.[0] : undefined
  if (step.do === 'open') journal.open(caseOf(step.terminal, stan), () => {})
  else if (step.do === 'end' && chosen !== undefined) journal.end(chosen, step.state)
  else if (step.do === 'because' && chosen !== undefined) journal.because(chosen, '06')
  else if (step.do === 'numbers') journal.numbers(step.terminal, '000001', stan)
  else if (step.do === 'settle') journal.settled(step.terminal, null)
  else if (step.do === 'settling') journal.settling(step.terminal, { fields: [11], values: [String(stan)] })
}

describe('a journal that is compacted while it goes on', () => {
  test('tells the same as one that never is', () => {
    let taken = 0
    fc.assert(
      fc.property(fc.array(anyStep, { minLength: 10, maxLength: 80 }), (steps) => {
        const [compacting, plain] = [createDisk(), createDisk()]
        // Every write begins a compaction, which goes on until the disk has synced.
        const [one, other] = [openOn(compacting, 1), openOn(plain)]
        steps.forEach((step, stan) => {
          act(one.journal, step, stan)
          act(other.journal, step, stan)
          if (step.do === 'synced') compacting.disk.synced()
          if (step.do !== 'turn' && step.do !== 'synced') return
          one.turn()
          other.turn()
          expect(told(compacting.disk.bytes())).toEqual(told(plain.disk.bytes()))
        })
        taken += compacting.disk.taken
      }),
    )
    expect(taken).toBeGreaterThan(200)
  })

  test('writes thousands of rows in several turns, and lets nobody wait', () => {
    const disk = createDisk()
    const { journal, turn } = openOn(disk, 200_000)
    for (let stan = 1; stan <= 9_000; stan++) {
      const id = journal.open(caseOf('T1', stan), () => {})
      journal.end(id, 'charged')
    }
    let isOnDisk = false
    journal.open(caseOf('T1', 9_001), () => {
      isOnDisk = true
    })
    turn()
    expect([isOnDisk, disk.disk.taken]).toEqual([true, 1])
    disk.disk.synced()
    expect(disk.disk.taken).toBe(2)
    expect([recover(disk.disk.bytes()).rows.length, recover(disk.disk.bytes()).owed.length]).toEqual([9_000, 1])
  })

  test('a long journal is compacted after the start, while the run goes on; a short or a torn one at once', () => {
    const longOf = (torn: number) => {
      const disk = createDisk()
      const { journal, turn } = openOn(disk, 1e9)
      for (let stan = 1; stan <= 12_000; stan++)
        journal.end(
          journal.open(caseOf('T1', stan), () => {}),
          'charged',
        )
      turn()
      disk.storage.append(new Uint8Array(torn).fill(0))
      const long = disk.disk.bytes()
      const began = openOn(disk, 1e9)
      return { disk, long, ...began }
    }
    const { disk, long, journal, turn } = longOf(0)
    expect(disk.disk.bytes()).toBe(long)
    expect(journal.recovered.rows.length).toBe(12_000)
    const id = journal.open(caseOf('T1', 12_001), () => {})
    turn()
    disk.disk.synced()
    expect(disk.disk.taken).toBe(2)
    expect(disk.disk.bytes().length).toBeLessThan(long.length)
    const now = recover(disk.disk.bytes())
    expect([now.rows.length, now.owed.map(([each]) => each)]).toEqual([12_000, [id]])
    // Closed before it was done: it holds nothing that it need not.
    const hasty = longOf(0)
    hasty.journal.close()
    expect(hasty.disk.disk.taken).toBe(2)
    expect(longOf(5).disk.disk.taken).toBe(2)
  })

  test('what waits to be written when the new file takes over is written', () => {
    const disk = createDisk()
    const { journal, turn } = openOn(disk, 1)
    journal.open(caseOf('T1', 1), () => {})
    turn()
    let told: Error | undefined | null = null
    journal.open(caseOf('T1', 2), (error) => {
      told = error
    })
    disk.disk.synced()
    expect(told).toBeUndefined()
    expect(recover(disk.disk.bytes()).owed).toHaveLength(2)
    turn()
    expect(recover(disk.disk.bytes()).owed).toHaveLength(2)
  })

  test.each(['renew', 'take'] as const)('goes on in its file where a new one fails (%s), and says so', (what) => {
    const disk = createDisk()
    const { journal, said, turn } = openOn(disk, 100)
    disk.disk.full = what
    const errors: (Error | undefined)[] = []
    journal.open(caseOf('T1', 1), (error) => errors.push(error))
    turn()
    disk.disk.synced()
    journal.open(caseOf('T1', 2), (error) => errors.push(error))
    turn()
    expect(errors).toEqual([undefined, undefined])
    expect(said[0]).toMatch(/grows, because it cannot be compacted: full/)
    disk.disk.full = undefined
    journal.open(caseOf('T1', 3), (error) => errors.push(error))
    turn()
    disk.disk.synced()
    expect(disk.disk.taken).toBe(2)
    expect(recover(disk.disk.bytes()).owed).toHaveLength(3)
  })

  test('a disk that does not sync leaves the journal as it is', () => {
    const disk = createDisk()
    const { journal, said, turn } = openOn(disk, 1)
    journal.open(caseOf('T1', 1), () => {})
    turn()
    disk.disk.synced(new Error('the disk has failed'))
    expect([disk.disk.taken, disk.disk.dropped, said.length]).toEqual([1, 1, 1])
    expect(recover(disk.disk.bytes()).owed).toHaveLength(1)
  })

  test('one that is closed meanwhile lets go of the new file, and forgets what has ended', () => {
    const disk = createDisk()
    const { journal, turn } = openOn(disk, 1)
    const id = journal.open(caseOf('T1', 1), () => {})
    turn()
    journal.end(id, 'charged')
    journal.close()
    disk.disk.synced()
    expect([disk.disk.taken, disk.disk.dropped]).toEqual([2, 1])
    expect(Buffer.from(disk.disk.bytes()).includes('original.stan')).toBe(false)
  })
})

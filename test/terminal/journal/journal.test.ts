// The journal: torn at every byte, compacted, locked, and written before anything may leave.

import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { StartError } from '../../../src/base/errors.js'
import { createVirtualClock } from '../../../src/base/virtual-clock.js'
import type { BookState } from '../../../src/measure/money/books.js'
import { createJournal, type Journal } from '../../../src/terminal/journal/journal.js'
import { openJournalFile } from '../../../src/terminal/journal/journal-file.js'
import type { CaseRecord } from '../../../src/terminal/journal/journal-records.js'
import { type JournalStorage, renewalInMemory } from '../../../src/terminal/journal/journal-storage.js'
import { recover } from '../../../src/terminal/journal/recover.js'
import { unansweredRows, unsettledRows } from '../../../src/terminal/journal/settled-rows.js'

const caseOf = (stan: number): CaseRecord => ({
  terminal: '00000001',
  merchant: '000000000000001',
  batch: '000001',
  stan: String(stan).padStart(6, '0'),
  type: 'sale',
  amountMinor: 100 * stan,
  owed: { do: 'reverse', message: 'reversal', original: { 'original.stan': String(stan) } },
})

/** Memory that can be cut short, and that remembers how long it was after each write. */
function createMemory(start: Uint8Array = new Uint8Array()) {
  let bytes = start
  const lengths: number[] = []
  let failing = false
  const storage: JournalStorage = {
    read: () => [bytes],
    append(more) {
      if (failing) {
        bytes = Buffer.concat([bytes, more.subarray(0, more.length - 3)])
        throw Object.assign(new Error('disk full'), { code: 'ENOSPC' })
      }
      bytes = Buffer.concat([bytes, more])
      lengths.push(bytes.length)
    },
    renew: () =>
      renewalInMemory((all) => {
        if (failing) throw Object.assign(new Error('disk full'), { code: 'ENOSPC' })
        bytes = all
      }),
    close: () => {},
  }
  return { storage, lengths, bytes: () => bytes, fail: (now: boolean) => (failing = now) }
}

function openIn(memory: ReturnType<typeof createMemory>) {
  const clock = createVirtualClock()
  const turn = () => clock.run(clock.now())
  const troubles: string[] = []
  const onTrouble = (line: string) => void troubles.push(line)
  const journal = createJournal({ storage: memory.storage, clock, dialect: 'cup-pos', day: '20261122', onTrouble })
  return { journal, turn, troubles }
}

function replaceAll(storage: JournalStorage, text: string) {
  const renewal = storage.renew()
  renewal.append(Buffer.from(text))
  renewal.take()
}

const owedStans = (bytes: Uint8Array) => recover(bytes).owed.map(([, { stan }]) => Number(stan))

describe('a journal', () => {
  test('writes once a turn, and says so afterwards', () => {
    const memory = createMemory()
    const { journal, turn } = openIn(memory)
    const told: number[] = []
    for (const stan of [1, 2, 3]) journal.open(caseOf(stan), () => told.push(stan))
    expect([memory.lengths.length, told]).toEqual([0, []])
    turn()
    expect([memory.lengths.length, told]).toEqual([1, [1, 2, 3]])
    expect(owedStans(memory.bytes())).toEqual([1, 2, 3])
  })

  test('forgets what has ended', () => {
    const memory = createMemory()
    const { journal, turn } = openIn(memory)
    const ids = [1, 2, 3].map((stan) => journal.open(caseOf(stan), () => {}))
    journal.end(ids[1] as number, 'charged')
    turn()
    expect(owedStans(memory.bytes())).toEqual([1, 3])
  })

  test('remembers why something is reversed, also when it was compacted', () => {
    const memory = createMemory()
    const { journal, turn } = openIn(memory)
    const [first] = [1, 2].map((stan) => journal.open(caseOf(stan), () => {}))
    journal.because(first as number, 'A0')
    turn()
    const reasons = () => recover(memory.bytes()).owed.map(([, { stan, reason }]) => [Number(stan), reason])
    const expected = [
      [1, 'A0'],
      [2, undefined],
    ]
    expect(reasons()).toEqual(expected)
    openIn(memory)
    expect(reasons()).toEqual(expected)
  })

  test('is compacted when it is opened again, and numbers go on', () => {
    const memory = createMemory()
    const first = openIn(memory)
    for (let stan = 1; stan <= 100; stan++) {
      first.journal.end(
        first.journal.open(caseOf(stan), () => {}),
        'charged',
      )
    }
    const kept = first.journal.open(caseOf(101), () => {})
    first.journal.numbers('00000001', '000001', 356)
    first.turn()
    const before = memory.bytes().length
    const second = openIn(memory)
    expect(memory.bytes().length).toBeLessThan(before / 10)
    expect(second.journal.recovered.owed.map(([id]) => id)).toEqual([kept])
    expect(second.journal.recovered.numbers.get('00000001')).toEqual({ batch: '000001', stan: 356 })
    expect(second.journal.open(caseOf(102), () => {})).toBeGreaterThan(kept)
  })

  test('that cannot keep all that ended says so from then on, and a new day begins anew', () => {
    const memory = createMemory()
    const clock = createVirtualClock()
    const open = (day: string) =>
      createJournal({ storage: memory.storage, clock, dialect: 'cup-pos', day, keepsRows: true, maxRows: 3 })
    const first = open('20261122')
    for (let stan = 1; stan <= 5; stan++)
      first.end(
        first.open(caseOf(stan), () => {}),
        'charged',
      )
    clock.run(clock.now())
    const found = ['20261122', '20261122', '20261122', '20261123', '20261123'].map((day) => open(day).recovered)
    expect(found.map(({ rows, rowsLost }) => [rows.length, rowsLost])).toEqual([
      [5, false],
      [3, true],
      [3, true],
      [0, false],
      [0, false],
    ])
  })

  test('keeps the day of what is owed, so that it can be told to be stale', () => {
    const memory = createMemory()
    const first = openIn(memory)
    first.journal.open(caseOf(1), () => {})
    first.turn()
    const clock = createVirtualClock()
    const later = { storage: memory.storage, clock, dialect: 'cup-pos', day: '20261123' }
    expect(createJournal(later).recovered.day).toBe('20261122')
    expect(createJournal(later).recovered.day).toBe('20261122')
  })

  test('tells a full disk, and goes on when there is room again', () => {
    const memory = createMemory()
    const { journal, turn, troubles } = openIn(memory)
    journal.open(caseOf(1), () => {})
    turn()
    memory.fail(true)
    const errors: (string | undefined)[] = []
    const failed = journal.open(caseOf(2), (error) => errors.push(error?.message))
    turn()
    journal.end(failed, null)
    turn()
    memory.fail(false)
    journal.open(caseOf(3), (error) => errors.push(error?.message))
    turn()
    expect(errors).toEqual(['disk full', undefined])
    expect(troubles).toEqual([
      'disk full: terminals send nothing until it can; make room, or end the run',
      'the journal is written again: terminals send',
    ])
    expect(owedStans(memory.bytes())).toEqual([1, 3])
    expect(recover(memory.bytes()).tornBytes).toBe(0)
  })
})

describe('what was settled', () => {
  const end = (journal: ReturnType<typeof openIn>['journal'], stan: number, change: Partial<CaseRecord> = {}) =>
    journal.end(
      journal.open({ ...caseOf(stan), ...change }, () => {}),
      'charged',
    )
  const open = (memory: ReturnType<typeof createMemory>) => {
    const clock = createVirtualClock()
    const options = { storage: memory.storage, clock, dialect: 'cup-pos', day: '20261122', keepsRows: true }
    return createJournal(options)
  }
  const left = ({ recovered }: ReturnType<typeof open>) =>
    [...unsettledRows(recovered.rows, recovered.settled)].map(({ terminal, stan }) => `${terminal} ${Number(stan)}`)

  test('is known to later processes, which keep its rows', () => {
    const memory = createMemory()
    const first = open(memory)
    end(first, 1)
    end(first, 2, { terminal: '00000002' })
    first.settled('00000001', null)
    end(first, 3)
    first.close()
    for (const later of [open(memory), open(memory)]) {
      expect(later.recovered.rows).toHaveLength(3)
      expect(left(later).sort()).toEqual(['00000001 3', '00000002 2'])
      later.close()
    }
  })

  test('is of one batch where settlements are', () => {
    const memory = createMemory()
    const first = open(memory)
    end(first, 1)
    end(first, 2, { batch: '000002' })
    first.settled('00000001', '000002')
    end(first, 3, { batch: '000002' })
    first.close()
    for (const later of [open(memory), open(memory)]) {
      expect(left(later)).toEqual(['00000001 1', '00000001 3'])
      later.close()
    }
  })

  test('that nobody has answered is of the rows that there were, until somebody does', () => {
    const message = { fields: [11, 12], values: ['a', 'b'] }
    const memory = createMemory()
    const first = open(memory)
    end(first, 1)
    first.settling('00000001', message)
    end(first, 2)
    first.close()
    const told = (journal: Journal) => {
      const { settled, rows } = journal.recovered
      return [[...settled.unanswered], [...unansweredRows(rows, settled)].map(({ stan }) => Number(stan))]
    }
    for (const later of [open(memory), open(memory)]) {
      expect(told(later)).toEqual([[['00000001', { message, rows: 1 }]], [1]])
      later.close()
    }
    const answered = open(memory)
    end(answered, 3)
    answered.settled('00000001', null)
    answered.close()
    for (const later of [open(memory), open(memory)]) {
      expect([told(later), left(later)]).toEqual([
        [[], []],
        ['00000001 2', '00000001 3'],
      ])
      later.close()
    }
    const declined = open(memory)
    declined.settling('00000001', message)
    declined.settling('00000001', null)
    declined.close()
    expect(told(open(memory))).toEqual([[], []])
  })

  test('is nothing in a journal of an earlier kind, or of an earlier day', () => {
    expect(recover(new Uint8Array()).settled.rows.size).toBe(0)
    const memory = createMemory()
    const first = open(memory)
    end(first, 1)
    first.settled('00000001', null)
    first.close()
    const clock = createVirtualClock()
    const next = createJournal({ storage: memory.storage, clock, dialect: 'cup-pos', day: '20261123', keepsRows: true })
    expect([next.recovered.rows.length, next.recovered.settled.rows.size]).toEqual([0, 0])
  })
})

test('cut at any byte, what was on disk before the cut is known, and nothing else', () => {
  const step = fc.oneof(
    fc.record({ do: fc.constant('open' as const) }),
    fc.record({
      do: fc.constant('end' as const),
      which: fc.nat(),
      state: fc.constantFrom<BookState>('charged', 'reversed'),
    }),
    fc.record({ do: fc.constant('turn' as const) }),
  )
  fc.assert(
    fc.property(fc.array(step, { maxLength: 25 }), (steps) => {
      const memory = createMemory()
      const { journal, turn } = openIn(memory)
      const owed = new Map<number, number>()
      const snapshots = [{ length: memory.bytes().length, owed: [] as number[] }]
      let stan = 0
      for (const each of [...steps, { do: 'turn' as const }]) {
        if (each.do === 'open')
          owed.set(
            journal.open(caseOf(++stan), () => {}),
            stan,
          )
        const id = each.do === 'end' ? [...owed.keys()][each.which % (owed.size || 1)] : undefined
        if (each.do === 'end' && id !== undefined) {
          journal.end(id, each.state)
          owed.delete(id)
        }
        if (each.do === 'turn') {
          turn()
          snapshots.push({ length: memory.bytes().length, owed: [...owed.values()] })
        }
      }
      const whole = memory.bytes()
      for (let cut = snapshots[0]?.length as number; cut <= whole.length; cut++) {
        const known = owedStans(whole.subarray(0, cut))
        const complete = snapshots.findLast(({ length }) => length === cut)
        if (complete !== undefined) expect(known).toEqual(complete.owed)
        else expect(recover(whole.subarray(0, cut)).day).toBe('20261122')
      }
    }),
    { numRuns: 30 },
  )
})

test('bytes that are no journal are no records, whatever they are', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      expect(recover(bytes)).toMatchObject({ owed: [], tornBytes: bytes.length })
    }),
  )
})

describe("a journal's file", () => {
  let folder = ''
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'isochron-journal-'))
  })
  afterEach(() => rmSync(folder, { recursive: true }))

  test('is of its owner alone, survives being closed, and takes over a lock that a dead process left', () => {
    const file = join(folder, 'pos.journal')
    const first = openJournalFile(file)
    replaceAll(first, 'begin ')
    first.append(Buffer.from('and go on'))
    first.close()
    expect(statSync(file).mode & 0o777).toBe(0o600)
    expect(existsSync(`${file}.lock`)).toBe(false)
    // No process has this number: it is above the largest.
    writeFileSync(`${file}.lock`, '99999999\n')
    const second = openJournalFile(file)
    expect(Buffer.concat([...second.read()]).toString()).toBe('begin and go on')
    second.close()
    expect(readFileSync(file, 'utf8')).toBe('begin and go on')
  })

  test('belongs to one process at a time', () => {
    const file = join(folder, 'pos.journal')
    writeFileSync(`${file}.lock`, `${process.ppid}\n`)
    expect(() => openJournalFile(file)).toThrow(StartError)
    expect(() => openJournalFile(file)).toThrow(`in use by process ${process.ppid}`)
    expect(existsSync(`${file}.lock`)).toBe(true)
  })

  test.runIf(existsSync('/proc/self/stat'))(
    'takes over the lock of a dead process whose number another one has',
    () => {
      const file = join(folder, 'pos.journal')
      writeFileSync(`${file}.lock`, `${process.ppid} 1 ${hostname()}\n`)
      openJournalFile(file).close()
      expect(existsSync(`${file}.lock`)).toBe(false)
    },
  )

  test('of another machine or container is not taken over, because nobody can tell whether its process lives', () => {
    const file = join(folder, 'pos.journal')
    writeFileSync(`${file}.lock`, '1 1 elsewhere\n')
    expect(() => openJournalFile(file)).toThrow(/in use by process 1 on elsewhere.*delete .*pos\.journal\.lock/)
    expect(existsSync(`${file}.lock`)).toBe(true)
  })

  test('in a folder that is not there is refused in words', () => {
    expect(() => openJournalFile(join(folder, 'no/pos.journal'))).toThrow(
      'cannot be used (ENOENT: there is no such file)',
    )
  })
})

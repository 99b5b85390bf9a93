// The ledger's file: who may open it, what it survives, and what happens when it cannot be written.

import { spawn } from 'node:child_process'
import { copyFileSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from '@photostructure/sqlite'
import { describe, expect, test } from 'vitest'
import { openLedger } from '../../../src/acquirer/ledger/ledger.js'
import { valueNow } from '../../../src/acquirer/ledger/store/store.js'
import { builtInDialect } from '../../../src/codec/dialects/index.js'
import { createSpeaker } from '../../../src/run/speaker.js'
import { createBooks, openTestLedger, query, temporaryFolder } from './books.js'

const main = join(import.meta.dirname, '../../../dist/cli/main.js')

describe('the file of a ledger', () => {
  test('holds what was posted when it is opened again', () => {
    using folder = temporaryFolder()
    const file = join(folder.path, 'books.sqlite')
    const first = createBooks({ file })
    first.ask('sale')
    first.ledger.close()
    const second = createBooks({ file })
    expect(second.codeOf(second.ask('sale'))).toBe('00')
    expect(second.states()).toEqual(['000001 sale charged 1000'])
    second.ledger.close()
  })

  test('is whole in itself when it was closed: nothing is left in its log', () => {
    using folder = temporaryFolder()
    const file = join(folder.path, 'books.sqlite')
    const books = createBooks({ file })
    books.ask('sale')
    books.ledger.close()
    copyFileSync(file, `${file}.copy`)
    const copy = createBooks({ file: `${file}.copy` })
    expect(copy.states()).toEqual(['000001 sale charged 1000'])
    copy.ledger.close()
  })

  test('that finds no room says which file and why, keeps nothing that it refuses, and goes on when there is room', () => {
    using folder = temporaryFolder()
    const file = join(folder.path, 'books.sqlite')
    const books = createBooks({ file })
    // A file of a few pages more, as a disk has that is nearly full.
    const [{ page_count: pages }] = query(books.ledger, 'PRAGMA page_count') as [{ page_count: number }]
    query(books.ledger, `PRAGMA max_page_count = ${pages + 2}`)
    const codes = Array.from({ length: 300 }, (_, index) =>
      books.codeOf(
        books.ask('sale', { stan: String(index + 1).padStart(6, '0'), terminal: String(index).padStart(8, '0') }),
      ),
    )
    const kept = codes.filter((code) => code === '00').length
    expect(codes).toContain('96')
    expect(books.states()).toHaveLength(kept)
    expect(books.troubles[0]).toContain(`${file}: the disk is full`)
    query(books.ledger, 'PRAGMA max_page_count = 1000000')
    expect(books.codeOf(books.ask('sale', { stan: '000999' }))).toBe('00')
    books.ledger.close()
  })

  test('is written before the answer where loss of power must be survived', () => {
    using folder = temporaryFolder()
    const books = createBooks({ file: join(folder.path, 'books.sqlite'), durability: 'power' })
    expect(query(books.ledger, 'PRAGMA synchronous')).toEqual([{ synchronous: 2 }])
    expect(books.codeOf(books.ask('sale'))).toBe('00')
    books.ledger.close()
  })

  test('is shared by openers that name the same run: each sees the postings of the other', () => {
    using folder = temporaryFolder()
    const file = join(folder.path, 'books.sqlite')
    const [a, b] = [createBooks({ file }), createBooks({ file })]
    const first = a.ask('sale')
    expect(b.ask('sale').fields[37]).toBe(first.fields[37])
    expect(b.codeOf(b.ask('sale', { amount: '000000002000' }))).toBe('94')
    b.ask('reversal', { 'original.stan': '000001' })
    expect(a.states()).toEqual(['000001 sale reversed 1000'])
    a.ledger.close()
    b.ledger.close()
  })

  const refusals = [
    { name: 'of another run', options: { run: 'other' }, message: /in use by process \d+ \(run test\)/ },
    {
      name: 'of another dialect',
      options: { dialect: 'iso87-ascii' },
      message: /kept in dialect cup-pos, not iso87-ascii/,
    },
  ]
  for (const { name, options, message } of refusals) {
    test(`is refused to an opener ${name}`, () => {
      using folder = temporaryFolder()
      const file = join(folder.path, 'books.sqlite')
      const ledger = openTestLedger({ file })
      expect(() => openTestLedger({ file, ...options })).toThrow(message)
      ledger.close()
    })
  }

  /** Rows that other processes have left, or have now. */
  const held = (file: string, holder: string) => {
    const ledger = openTestLedger({ file })
    ledger.close()
    const database = new DatabaseSync(file)
    database.exec(holder)
    database.close()
  }
  const insert = (row: string) => `INSERT INTO holder (run, pid, start, host) VALUES ('other', ${row})`

  test('is not that of a dead process whose number another one has', () => {
    using folder = temporaryFolder()
    const file = join(folder.path, 'books.sqlite')
    held(file, insert(`${process.ppid}, '1', '${hostname()}'`))
    openTestLedger({ file }).close()
    held(file, insert(`${process.pid}, '1', '${hostname()}'`))
    openTestLedger({ file }).close()
  })

  test('may be in use on another machine, which only its user can know', () => {
    using folder = temporaryFolder()
    const file = join(folder.path, 'books.sqlite')
    held(file, insert(`1, '1', 'elsewhere'`))
    expect(() => openTestLedger({ file })).toThrow(
      /in use by process 1 on elsewhere \(run other\), which cannot be looked for from here: .*DELETE FROM holder/,
    )
    using ledger = openTestLedger({ file, run: 'other' })
    expect(valueNow(ledger.store, ledger.store.isFirstHolder())).toBe(false)
  })

  test('is free again when it was closed', () => {
    using folder = temporaryFolder()
    const file = join(folder.path, 'books.sqlite')
    openTestLedger({ file }).close()
    openTestLedger({ file, run: 'other' }).close()
  })

  test('is refused with another card key', () => {
    using folder = temporaryFolder()
    const file = join(folder.path, 'books.sqlite')
    openTestLedger({ file }).close()
    const options = { dialect: builtInDialect('cup-pos'), run: 'test', cardKey: new Uint8Array(32), now: 0 }
    expect(() => openLedger({ ...options, file, durability: 'process' })).toThrow(/another card key/)
  })

  test('gives no reference number twice on a day, whoever opens it', () => {
    using folder = temporaryFolder()
    const file = join(folder.path, 'books.sqlite')
    const take = (day: string) => {
      using ledger = openTestLedger({ file })
      return ledger.reserve(day, 100, false)
    }
    expect(['6034', '6034', '6035', '6034'].map(take)).toEqual([0, 100, 0, 200])
    using ledger = openTestLedger({ file })
    ledger.database.exec('PRAGMA query_only = ON')
    expect(ledger.reserve('6034', 100, true)).toBeUndefined()
    ledger.database.exec('PRAGMA query_only = OFF')
  })

  /** The tables of version 2. */
  const asBefore = `
    DROP TABLE adjustment;
    DROP TABLE missed;
    ALTER TABLE entry DROP COLUMN card_kind;
    ALTER TABLE payout DROP COLUMN chargebacks;
    DROP TABLE held_back;
    DROP TABLE run;
    DROP TABLE serial;
    ALTER TABLE holder DROP COLUMN start;
    ALTER TABLE holder DROP COLUMN host;
    ALTER TABLE holder ADD COLUMN started_at INTEGER NOT NULL DEFAULT 0;
    UPDATE ledger SET version = 2;`

  test('of the version before is brought up to date', () => {
    using folder = temporaryFolder()
    const file = join(folder.path, 'books.sqlite')
    const books = createBooks({ file })
    books.ask('sale')
    books.ledger.close()
    const rest =
      "UPDATE entry SET rrn = '603400000041'; INSERT INTO holder (run, pid, started_at) VALUES ('other', 99999999, 1)"
    held(file, `${asBefore} ${rest}`)
    const later = createBooks({ file })
    expect(later.states()).toEqual(['000001 sale charged 1000'])
    expect(later.ledger.reserve('6034', 100, false)).toBe(42)
    later.ledger.close()
    const tables = (name: string) => {
      const ledger = openTestLedger({ file: name })
      const rows = ledger.database.prepare('SELECT name FROM pragma_table_info(?) ORDER BY name')
      const columns = ['holder', 'serial', 'ledger', 'entry', 'held_back', 'payout', 'adjustment', 'missed'].map(
        (table) => rows.all(table),
      )
      ledger.close()
      return columns
    }
    expect(tables(file)).toEqual(tables(`${file}.new`))
  })

  test('of the version before may be in use', () => {
    using folder = temporaryFolder()
    const file = join(folder.path, 'books.sqlite')
    held(file, `${asBefore} INSERT INTO holder (run, pid, started_at) VALUES ('other', ${process.ppid}, 1)`)
    expect(() => openTestLedger({ file })).toThrow(/in use by process \d+ \(run other\)/)
  })

  test('of another version is refused', () => {
    using folder = temporaryFolder()
    const file = join(folder.path, 'books.sqlite')
    held(file, 'UPDATE ledger SET version = 1')
    expect(() => openTestLedger({ file })).toThrow(/has version 1, this program needs 6: name a new file/)
  })

  test('that is no ledger is refused', () => {
    using folder = temporaryFolder()
    const file = join(folder.path, 'books.sqlite')
    writeFileSync(file, 'not a database, and longer than its header would be, whatever that is worth')
    expect(() => openTestLedger({ file })).toThrow(/cannot open the ledger .*not a database/)
    expect(() => openTestLedger({ file: join(folder.path, 'no', 'folder') })).toThrow(/cannot open the ledger/)
  })

  test('answers with a malfunction when nothing can be posted, and posts nothing', () => {
    const ledger = openTestLedger()
    const books = createBooks({ ledger })
    ledger.database.exec('PRAGMA query_only = ON')
    expect(books.codeOf(books.ask('sale'))).toBe('96')
    ledger.database.exec('PRAGMA query_only = OFF')
    expect(books.states()).toEqual([])
    expect(books.codeOf(books.ask('sale'))).toBe('00')
  })

  test('goes on while another process reads it, however long', () => {
    using folder = temporaryFolder()
    const file = join(folder.path, 'books.sqlite')
    const books = createBooks({ file })
    books.ask('sale')
    const reader = new DatabaseSync(file, { readOnly: true })
    reader.exec('BEGIN')
    const seen = () => reader.prepare('SELECT count(*) AS n FROM money').get()
    expect(seen()).toEqual({ n: 1 })
    expect(books.codeOf(books.ask('sale', { stan: '000002' }))).toBe('00')
    expect(seen()).toEqual({ n: 1 })
    reader.close()
    books.ledger.close()
  })

  test('waits while another process writes, and then posts', () => {
    using folder = temporaryFolder()
    const file = join(folder.path, 'books.sqlite')
    const [books, other] = [createBooks({ file }), openTestLedger({ file })]
    other.database.exec('BEGIN IMMEDIATE')
    const fate = books.tell('sale')
    books.clock.run(1000)
    expect(fate.answers).toEqual([])
    other.database.exec('COMMIT')
    books.clock.run(1001)
    expect(fate.answers.length).toBe(1)
    books.tell('sale', { stan: '000002' })
    other.close()
    books.ledger.close()
  })
})

describe('an acquirer that is killed with kill -9', () => {
  test('has every sale in its ledger that it has answered, and starts again on the same file', async () => {
    using folder = temporaryFolder()
    const file = join(folder.path, 'books.sqlite')
    const answered = new Set<string>()
    for (const round of [1, 2]) {
      const host = await startHost(file)
      await sellUntil(host.port, round, 300, answered)
      host.kill()
      await host.ended
    }
    const { cardKey } = await import('../../../src/run/hosts/ledger-file.js').then(({ createLedgerFile }) => {
      using opened = createLedgerFile({ file, durability: 'process' })
      return opened.place
    })
    const ledger = openLedger({
      dialect: builtInDialect('cup-pos'),
      file,
      durability: 'process',
      run: 'test',
      cardKey,
      now: 0,
    })
    const posted = new Set([...(await ledger.rows())].map(({ stan }) => stan))
    ledger.close()
    expect(answered.size).toBeGreaterThanOrEqual(600)
    expect([...answered].filter((stan) => !posted.has(stan))).toEqual([])
  })
})

async function startHost(file: string) {
  const child = spawn(
    process.execPath,
    [main, 'acquirer', '--listen', '127.0.0.1:0', '--keys', 'none', '--ledger', file],
    {
      stdio: ['ignore', 'ignore', 'pipe'],
    },
  )
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const port = await new Promise<number>((resolve, reject) => {
    let text = ''
    child.stderr.on('data', (chunk) => {
      text += String(chunk)
      const found = /listening on 127\.0\.0\.1:(\d+)/.exec(text)?.[1]
      if (found !== undefined) resolve(Number(found))
    })
    child.once('exit', () => reject(new Error(text)))
  })
  return { port, ended, kill: () => child.kill('SIGKILL') }
}

/** Sends sales without waiting for answers, and resolves when so many were answered: more are under way then. */
async function sellUntil(port: number, round: number, enough: number, answered: Set<string>): Promise<void> {
  const { codec, wire } = createSpeaker({ dialect: 'cup-pos' })
  const socket = connect(port, '127.0.0.1')
  const reader = wire.createReader()
  const target = Buffer.alloc(4096)
  let next = round * 100_000
  const sell = () => {
    const stan = String(next++)
    const fields = {
      2: '6212345678901232',
      3: '000000',
      4: '000000001000',
      11: stan,
      41: '00000001',
      42: '000000000000001',
    }
    const body = codec.pack({ mti: '0200', fields: { ...fields, 22: '022', 25: '00', 49: '156', 60: '2200000100050' } })
    const write = (into: Uint8Array, at: number) => {
      into.set(body, at)
      return at + body.length
    }
    socket.write(Buffer.from(target.subarray(0, wire.frame(target, 0, body.length, { write }))))
  }
  let count = 0
  await new Promise<void>((resolve, reject) => {
    socket.once('error', reject)
    socket.on('data', (chunk) => {
      reader.push(chunk)
      for (let received = reader.next(); received !== undefined; received = reader.next()) {
        if (received.peek?.text(39) === '00') answered.add(received.peek.text(11) ?? '')
        if (++count === enough) resolve()
        sell()
      }
    })
    socket.once('connect', () => {
      for (let index = 0; index < 32; index++) sell()
    })
  })
  socket.removeAllListeners('error')
  socket.on('error', () => {})
  socket.destroy()
}

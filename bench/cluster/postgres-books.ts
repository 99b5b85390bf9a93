// The books of a run in two parts: `isochron books` compares the journals of both with the ledger that two acquirers share. One
// acquirer is killed under load. Then a posting is taken out of the database by hand, and the books must say so.

import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { realClock, sleep } from '../../src/base/clock.js'
import { kill, type Process, start, wait } from '../crash/processes.js'
import { createChecks } from './trial.js'

export interface BooksSetting {
  readonly program: string
  readonly folder: string
  /** postgres://… */
  readonly url: string
  /** Runs one statement on the database. */
  readonly query: (sql: string) => Promise<unknown>
}

const schema = 'books'
const loadMs = 5000
/** For all terminals to be ready before the load, on a busy machine too. */
const leadMs = 12_000

export async function booksOfParts(setting: BooksSetting) {
  const { problems, check } = createChecks()
  const { program, folder } = setting
  const ledger = `${setting.url}?schema=${schema}`
  const host = async (port = 0) => await startHost(program, join(folder, 'books.key'), ledger, port)
  const [first, second] = [await host(), await host()]
  const parts = startParts(setting, [first.address, second.address])
  await sleep(realClock, leadMs + loadMs / 2)
  await kill(first.process)
  const again = await host(Number(first.address.split(':')[1]))
  const codes = await Promise.all(parts.map(({ ended }) => ended))
  const [told] = await Promise.all(parts.map((part) => part.text()))
  // One part of a run is never whole.
  check(
    codes.every((code) => code === 3),
    `the parts ended with ${codes}: ${told?.slice(-500)}`,
  )
  const journals = readdirSync(folder).filter((name) => name.includes('.part-') && name.endsWith('.journal'))
  check(journals.length === 2, `there are ${journals.length} journals`)
  const books = () => start(program, ['books', '--ledger', ledger, ...journals.map((name) => join(folder, name))])
  const agreed = books()
  const code = await agreed.ended
  check(code === 0, `books ended with ${code}: ${agreed.text()}`)
  await setting.query(
    `DELETE FROM ${schema}.entry WHERE id = (SELECT max(id) FROM ${schema}.entry WHERE state = 'charged')`,
  )
  const robbed = books()
  const other = await robbed.ended
  check(other === 4, `after a posting was taken out, books ended with ${other}: ${robbed.text()}`)
  await Promise.all([kill(again.process), kill(second.process)])
  return { problems, seen: `books ${code}, with a posting taken out ${other}: ${lineOf(agreed)}` }
}

const lineOf = (process: Process) =>
  process
    .text()
    .split('\n')
    .find((line) => /agree/.test(line))
    ?.trim() ?? ''

async function startHost(program: string, key: string, ledger: string, port: number) {
  const flags = ['acquirer', '--listen', `127.0.0.1:${port}`, '--dialect', 'iso87-ascii', '--ledger-run', schema]
  const process = start(program, [...flags, '--ledger', ledger, '--ledger-key', key])
  const address = await wait(process, 'the acquirer', () => /listening on (\S+:\d+)/.exec(process.text())?.[1])
  return { process, address }
}

function startParts({ program, folder }: BooksSetting, target: readonly string[]): readonly Process[] {
  const file = join(folder, 'books.yaml')
  const terminals = { count: 10, target, timeout: '2s', mix: { sale: 1 } }
  const load = [{ hold: { rate: '40/s', for: `${loadMs}ms` } }]
  writeFileSync(file, JSON.stringify({ name: 'books', seed: 7, dialect: 'iso87-ascii', drain: '15s', terminals, load }))
  const at = new Date(realClock.wall() + leadMs).toISOString()
  return [1, 2].map((part) => {
    const own = ['--part', `${part}/2`, '--start-at', at, '--journal', join(folder, 'pos.journal')]
    return start(program, ['run', file, ...own, '--out', join(folder, `part-${part}`), '--allow-saturated'])
  })
}

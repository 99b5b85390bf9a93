// `npm run bench -- peers`: every importer and framing against messages and streams that the peers packed themselves (bench/peers/),
// and the terminal and the acquirer with each spec over TCP. `--transactions N` for each spec, `--spec FILE` runs a spec file of your own as
// well, `--json FILE` writes the rows.
// Exit 1 when a byte, a value, an approval or a book is not as it must be.

import { writeFileSync } from 'node:fs'
import { basename, resolve } from 'node:path'
import { readFlags } from './flags.js'
import { frameRows, messageRows, type PeerRow, peersFolder } from './peers/peer-rows.js'
import { type RunRow, runWithSpec } from './peers/peer-runs.js'

const flags = readFlags({ transactions: { usual: 500, least: 1 }, spec: 'file', json: 'file' })
const folder = peersFolder(resolve(import.meta.dirname, '../..'))

const messages = messageRows(folder)
const frames = frameRows(folder)
print('messages that peers packed', messages)
print('streams that peers wrote, whole and byte by byte', frames)

console.log(`\n${flags.transactions} transactions of every kind over TCP, then settlements`)
const runs: RunRow[] = []
const own = flags.spec === undefined ? [] : [resolve(flags.spec)]
for (const spec of [...messages.map((row) => row.spec), ...own]) {
  const row = await runWithSpec({ folder, spec, transactions: flags.transactions, clock: 'real' })
  runs.push(row)
  const books = row.booksAgree ? 'books agree' : 'BOOKS DO NOT AGREE'
  console.log(
    `  ${basename(spec).padEnd(20)} ${row.approved} of ${row.offered} approved, ${row.settlements} settlements answered, ${row.balanced} balanced, ${row.unsettled} not, ${books}`,
  )
}

if (flags.json !== undefined) writeFileSync(flags.json, `${JSON.stringify({ messages, frames, runs }, undefined, 2)}\n`)
const isEqual = ({ messages: all, decoded, repacked, packed }: PeerRow) =>
  decoded === all && repacked === all && packed === all
const isWhole = ({ offered, approved, settlements, balanced, tellsAmounts, unsettled, booksAgree }: RunRow) =>
  offered > 0 && approved === offered && unsettled === 0 && booksAgree && (!tellsAmounts || balanced === settlements)
const isMet = [...messages, ...frames].every(isEqual) && runs.every(isWhole)
console.log(isMet ? '\nall equal' : '\nNOT all equal')
process.exitCode = isMet ? 0 : 1

function print(title: string, rows: readonly PeerRow[]): void {
  console.log(`\n${title}`)
  for (const { peer, spec, messages: all, decoded, repacked, packed, trouble } of rows) {
    const counts = [`decoded ${decoded}`, `packed again ${repacked}`, `packed from values ${packed}`].join(', ')
    console.log(
      `  ${peer.padEnd(34)} ${spec.padEnd(20)} ${all}: ${counts}${trouble === undefined ? '' : `  ${trouble}`}`,
    )
  }
}

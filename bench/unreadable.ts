// The cost to the acquirer of a message that cannot be read, beside one that can: processor time of the built program, which a
// busy machine does not change. Each kind is sent over one connection, as fast as it is answered, in turn.
//
//     npm run bench -- unreadable                     a message that cannot be read costs no more than a sale
//     npm run bench -- unreadable --messages N --rounds N
//     npm run bench -- unreadable --json FILE         writes the figures

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import net from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { processorMs } from './attack/process-figures.js'
import { salesFrom, startAcquirerVictim, unreadableFrame } from './attack/victims.js'
import { readFlags } from './flags.js'
import { medianOf } from './median.js'

const flags = readFlags({ messages: { usual: 50_000, least: 100 }, rounds: { usual: 5, least: 1 }, json: 'file' })

/**
 * Times the processor time of a sale that is read, posted in the ledger and approved. A tenth of it is how finely the system
 * counts processor time.
 */
const mostTimes = 1.1
/** Requests that are under way at a time. */
const underWay = 64
/** Sends `count` frames and resolves when each has its answer, whose length stands in two bytes in front. */
function exchange(port: number, count: number, frame: (number: number) => Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = net.connect({ host: '127.0.0.1', port, noDelay: true })
    let [sent, answered] = [0, 0]
    let got = Buffer.alloc(0)
    const send = () => {
      const some: Buffer[] = []
      while (sent < count && sent - answered < underWay) some.push(frame(sent++))
      if (some.length > 0) socket.write(Buffer.concat(some))
    }
    socket.on('error', reject)
    socket.once('close', () => reject(new Error(`the acquirer closed after ${answered} of ${count} answers`)))
    socket.once('connect', send)
    socket.on('data', (bytes) => {
      got = Buffer.concat([got, bytes])
      while (got.length >= 2 && got.length >= 2 + got.readUInt16BE(0)) {
        got = got.subarray(2 + got.readUInt16BE(0))
        answered++
      }
      if (answered < count) return send()
      socket.removeAllListeners('close').destroy()
      resolve()
    })
  })
}

const folder = mkdtempSync(join(tmpdir(), 'isochron-unreadable-'))
const acquirer = await startAcquirerVictim(join(import.meta.dirname, '../../dist/cli/main.js'), folder, 'acquirer')
const pid = acquirer.pids[0] as number
try {
  const unreadable = unreadableFrame()
  let first = 20_000_000
  const costOf = async (kind: 'sale' | 'unreadable') => {
    const sale = salesFrom(first)
    first += flags.messages
    const before = processorMs(pid) ?? Number.NaN
    await exchange(acquirer.port, flags.messages, kind === 'sale' ? sale : () => unreadable)
    return (((processorMs(pid) ?? Number.NaN) - before) * 1000) / flags.messages
  }
  // The first of each find code that is not compiled yet.
  for (const kind of ['sale', 'unreadable'] as const) await costOf(kind)
  const rounds: { sale: number; unreadable: number }[] = []
  for (let round = 0; round < flags.rounds; round++)
    rounds.push({ sale: await costOf('sale'), unreadable: await costOf('unreadable') })
  const times = medianOf(rounds.map((round) => round.unreadable / round.sale))
  const isMet = times <= mostTimes
  console.table(
    rounds.map((round) => ({ 'sale µs': round.sale.toFixed(1), 'unreadable µs': round.unreadable.toFixed(1) })),
  )
  console.log(
    `${isMet ? 'met' : 'NOT MET'}: a message that cannot be read takes ${times.toFixed(2)} times the processor time of a sale (at most ${mostTimes})`,
  )
  if (flags.json !== undefined)
    writeFileSync(flags.json, `${JSON.stringify({ ...flags, isMet, times, rounds }, null, 2)}\n`)
  process.exitCode = isMet ? 0 : 1
} finally {
  await acquirer.stop()
  rmSync(folder, { recursive: true, force: true })
}

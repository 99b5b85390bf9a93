// The processor time of a light command from its start to its end, as a multiple of `node -e 0`.
//
//     npm run bench -- start-up                 a table; exit 1 when --version takes more than 3 times, another more than 5
//     npm run bench -- start-up --rounds 20     starts each command so often, in turns; the least time of each counts
//     npm run bench -- start-up --json FILE     writes the table

import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { readFlags } from './flags.js'

const flags = readFlags({ rounds: { usual: 7, least: 1 }, json: 'file' })
const program = resolve(import.meta.dirname, '../../dist/cli/main.js')
const folder = mkdtempSync(join(tmpdir(), 'isochron-start-up-'))
const message = join(folder, 'message.hex')
const hook = join(folder, 'hook.cjs')
const spent = join(folder, 'spent')

/** A network management request of cup-pos. */
const sample = '0800822000000000000004000000000000000101120000000001301'
writeFileSync(message, sample)
writeFileSync(
  hook,
  `process.on('exit', () => {
    const { user, system } = process.cpuUsage()
    require('node:fs').writeFileSync(${JSON.stringify(spent)}, String((user + system) / 1000))
  })`,
)

const nothing = { name: 'node -e 0', args: ['-e', '0'], limit: 1 }
const commands = [
  nothing,
  { name: '--version', args: [program, '--version'], limit: 3 },
  { name: 'decode FILE', args: [program, 'decode', message], limit: 5 },
  { name: 'encode FILE', args: [program, 'encode', message], limit: 5 },
  { name: 'diff FILE FILE', args: [program, 'diff', message, message], limit: 5 },
  { name: 'dialects', args: [program, 'dialects'], limit: 5 },
  { name: 'explain --help', args: [program, 'explain', '--help'], limit: 5 },
]

/** Milliseconds of processor time that a process took, all its threads together. */
function spentBy(args: readonly string[]): number {
  const { error } = spawnSync(process.execPath, ['--require', hook, ...args], { stdio: 'ignore' })
  if (error !== undefined) throw error
  return Number(readFileSync(spent, 'utf8'))
}

const least = new Map<string, number>()
try {
  for (let round = 0; round < flags.rounds; round++)
    for (const { name, args } of commands) least.set(name, Math.min(least.get(name) ?? Infinity, spentBy(args)))
} finally {
  rmSync(folder, { recursive: true, force: true })
}

const base = least.get(nothing.name) as number
const rows = commands.map(({ name, limit }) => {
  const ms = least.get(name) as number
  return { command: name, ms: Math.round(ms), times: Number((ms / base).toFixed(1)), limit, met: ms <= limit * base }
})
console.table(rows)
if (flags.json !== undefined)
  writeFileSync(flags.json, `${JSON.stringify({ rounds: flags.rounds, rows }, undefined, 2)}\n`)
process.exitCode = rows.every(({ met }) => met) ? 0 : 1

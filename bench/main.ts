// `npm run bench -- NAME [flags]`: runs the bench or proof of that name in a process of its own; without a name, prints
// the table of bench/catalogue.ts. The exit code is that of the bench.

import { spawn, spawnSync } from 'node:child_process'
import { join, resolve } from 'node:path'
import { exitCode } from '../src/base/errors.js'
import { type Bench, benches, benchTable } from './catalogue.js'

const root = resolve(import.meta.dirname, '../..')

function run({ file, needsProgram, nodeOptions = [] }: Bench, args: readonly string[]): void {
  if (needsProgram) {
    const built = spawnSync('npm', ['run', '--silent', 'build'], { cwd: root, stdio: 'inherit' })
    if (built.status !== 0) process.exit(built.status ?? exitCode.internal)
  }
  const child = spawn(process.execPath, [...nodeOptions, join(import.meta.dirname, `${file}.js`), ...args], {
    stdio: 'inherit',
  })
  // Ctrl-C reaches the bench by itself: both stand in one group of processes.
  process.on('SIGINT', () => {})
  process.on('SIGTERM', () => child.kill('SIGTERM'))
  child.once('exit', (code) => process.exit(code ?? exitCode.internal))
}

const [name, ...args] = process.argv.slice(2)
const bench = benches.find((each) => each.name === name || `--${each.name}` === name)
if (bench !== undefined) run(bench, args)
else if (name === undefined || name === '--help') console.log(benchTable())
else {
  console.error(`there is no bench '${name}'\n\n${benchTable()}`)
  process.exitCode = exitCode.usage
}

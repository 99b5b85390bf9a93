// A host and a proxy of several processes, with strangers who say canaries: what each process tells the others comes out masked.

import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { leaksIn } from './canaries.js'
import { askEverything, babbleTo, type Output } from './inputs.js'

const program = join(import.meta.dirname, '../../dist/cli/main.js')
const folder = mkdtempSync(join(tmpdir(), 'canaries-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const wire = ['--listen', '127.0.0.1:0', '--dialect', 'iso87-ascii', '--workers', '2']

/** Starts a listener of two processes; `serve` is told how to learn what it said. */
async function outputsOf(
  argv: readonly string[],
  serve: (said: (pattern: RegExp) => Promise<string>) => Promise<readonly Output[]>,
): Promise<readonly Output[]> {
  const child = spawn(process.execPath, [program, ...argv])
  let [stdout, stderr] = ['', '']
  child.stdout.on('data', (data) => {
    stdout += data
  })
  const said = (pattern: RegExp) =>
    new Promise<string>((resolve, reject) => {
      const look = () => {
        const found = pattern.exec(stderr)?.[1]
        if (found !== undefined) resolve(found)
      }
      child.stderr.on('data', look)
      child.once('exit', () => reject(new Error(`it never said ${pattern}: ${stderr}`)))
      look()
    })
  child.stderr.on('data', (data) => {
    stderr += data
  })
  const ended = new Promise((resolve) => child.once('close', resolve))
  const outputs = await serve(said)
  child.kill('SIGINT')
  expect(await ended).toBe(130)
  return [...outputs, [`${argv[0]}: stdout`, stdout], [`${argv[0]}: stderr`, stderr]]
}

function expectNoLeak(outputs: readonly Output[]): void {
  const leaks = outputs.flatMap(([name, text]) => leaksIn(text).map((leak) => `${name}: ${leak}`))
  expect(leaks.slice(0, 10)).toEqual([])
}

test('a host and the proxy before it give none away', { timeout: 120_000 }, async () => {
  const ledger = join(folder, 'books.sqlite')
  const outputs = await outputsOf(['acquirer', ...wire, '--ledger', ledger], async (said) => {
    const host = await said(/listening on (\S+),/)
    await babbleTo(host)
    const proxy = ['proxy', ...wire, '--upstream', host, '--control', '127.0.0.1:0']
    return await outputsOf(proxy, async (saidByProxy) => {
      await babbleTo(await saidByProxy(/listening on (\S+),/))
      return await askEverything(await saidByProxy(/control API on (\S+)\n/))
    })
  })
  expect(outputs.map(([, text]) => text).join('')).toMatch(/cannot be read as iso87-ascii/)
  expectNoLeak([...outputs, ['ledger', readFileSync(ledger, 'latin1')]])
})

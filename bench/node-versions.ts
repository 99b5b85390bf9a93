// The test suite on each version of Node that isochron promises to run on. The npm package `node` brings their binaries.
//
//     npm run bench -- node-versions                          the whole suite on 20, 22 and 24; exit 1 when it fails on one
//     npm run bench -- node-versions --only 24                on one version
//     npm run bench -- node-versions --tests test/codec,test/base    parts of the suite
//     npm run bench -- node-versions --json FILE              writes the table

import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { readFlags } from './flags.js'

const versions = ['20', '22', '24'] as const
const flags = readFlags({
  only: { usual: 'all', oneOf: ['all', ...versions] },
  tests: 'word',
  json: 'file',
})

const root = resolve(import.meta.dirname, '../..')
const folder = mkdtempSync(join(tmpdir(), 'isochron-node-'))

/** The binary of a version; undefined when the registry cannot be reached. */
function install(version: string): string | undefined {
  const place = join(folder, version)
  const args = ['install', '--prefix', place, '--silent', '--no-audit', '--no-fund', `node@${version}`]
  const { status } = spawnSync('npm', args, { stdio: ['ignore', 'ignore', 'inherit'] })
  return status === 0 ? join(place, 'node_modules', 'node', 'bin', 'node') : undefined
}

function runOn(version: string) {
  const node = install(version)
  if (node === undefined)
    return { node: version, passed: false, seconds: 0, reason: `npm install node@${version} failed` }
  const exact = spawnSync(node, ['--version'], { encoding: 'utf8' }).stdout.trim()
  const startedAt = process.uptime()
  const tests = flags.tests?.split(',') ?? []
  const path = `${join(node, '..')}:${process.env.PATH ?? ''}`
  const { status } = spawnSync(node, [join(root, 'node_modules/vitest/vitest.mjs'), 'run', ...tests], {
    cwd: root,
    env: { ...process.env, PATH: path },
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  const seconds = Math.round(process.uptime() - startedAt)
  return { node: exact, passed: status === 0, seconds, reason: status === 0 ? '' : `vitest ended with ${status}` }
}

let rows: ReturnType<typeof runOn>[] = []
try {
  rows = versions.filter((version) => flags.only === 'all' || flags.only === version).map(runOn)
} finally {
  rmSync(folder, { recursive: true, force: true })
}
console.table(rows)
if (flags.json !== undefined) writeFileSync(flags.json, `${JSON.stringify({ rows }, undefined, 2)}\n`)
process.exitCode = rows.every(({ passed }) => passed) ? 0 : 1

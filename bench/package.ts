// A stranger's project: the package as npm packs it, in an empty folder, type-checked (strict, nodenext) and tested with vitest.
// Run: npm run bench -- package [--json FILE]
// Packages come from npm's cache where they are in it, and else from the registry.

import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { alignedColumns } from '../src/report/layout/table.js'

const root = resolve(import.meta.dirname, '../..')
const mostMs = 300_000
/** Lines of the test: what a first test may cost a stranger. */
const mostLines = 20

/** As a stranger would write it, from the README. */
const test = `import { sendMessage, startAcquirer, UsageError } from 'isochron'
import { expect, test } from 'vitest'

test('a sale above the limit is declined, and the next one is late', async () => {
  await using host = await startAcquirer({
    dialect: 'iso87-ascii',
    rules: [{ match: { '4': '000000009999' }, answer: '51' }],
  })
  const sale = (amount: string, stan: string) => ({ mti: '0200', fields: { '3': '000000', '4': amount, '11': stan } })
  const send = async (amount: string, stan: string) =>
    await sendMessage({ dialect: 'iso87-ascii', target: host, message: sale(amount, stan), timeoutMs: 2000 })
  expect(await send('000000009999', '000001')).toMatchObject({ kind: 'answered', answer: { fields: { '39': '51' } } })
  host.respond({ match: { mti: '0200' } }, { answer: '00', after: 50 })
  expect(await send('000000000100', '000002')).toMatchObject({ kind: 'answered', answer: { fields: { '39': '00' } } })
  expect(host.received({ mti: '0200' })).toHaveLength(2)
  expect((await host.next({ '11': '000002' })).fields['4']).toBe('000000000100')
  await expect(startAcquirer({ dialect: 'no-such' })).rejects.toBeInstanceOf(UsageError)
})
`
/** The lines that the types must refuse: each is an error, or the check of types fails. */
const types = `import { startAcquirer, type ToxicInput } from 'isochron'
// @ts-expect-error a misspelt option
void startAcquirer({ dialekt: 'cup-pos' })
// @ts-expect-error a misspelt type
export const toxic: ToxicInput = { type: 'latenzy' }
`
const tsconfig = {
  compilerOptions: {
    ...{ module: 'nodenext', target: 'es2023', strict: true, noEmit: true, skipLibCheck: false },
    ...{ exactOptionalPropertyTypes: true, noUncheckedIndexedAccess: true, lib: ['es2023', 'esnext.disposable'] },
    types: ['node'],
  },
  include: ['*.ts'],
}

interface Step {
  readonly step: string
  readonly ok: boolean
  readonly seconds: number
  readonly output: string
}

const steps: Step[] = []
function run(step: string, cwd: string, command: readonly string[]): boolean {
  const [program = '', ...args] = command
  const startedAt = performance.now()
  const { status, stdout, stderr } = spawnSync(program, args, { cwd, encoding: 'utf8', timeout: mostMs })
  const seconds = Number(((performance.now() - startedAt) / 1000).toFixed(1))
  steps.push({ step, ok: status === 0, seconds, output: `${stdout}${stderr}` })
  return status === 0
}

const folder = mkdtempSync(join(tmpdir(), 'isochron-package-'))
const project = join(folder, 'project')
mkdirSync(project)
const { devDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
const wanted = ['vitest', 'typescript', '@types/node']

try {
  if (run('npm pack', root, ['npm', 'pack', '--ignore-scripts', '--pack-destination', folder])) {
    const tarball = readdirSync(folder).find((name) => name.endsWith('.tgz')) as string
    const manifest = {
      ...{ name: 'stranger', private: true, type: 'module', dependencies: { isochron: `file:../${tarball}` } },
      devDependencies: Object.fromEntries(wanted.map((name) => [name, devDependencies[name]])),
    }
    writeFileSync(join(project, 'package.json'), JSON.stringify(manifest))
    writeFileSync(join(project, 'tsconfig.json'), JSON.stringify(tsconfig))
    writeFileSync(join(project, 'host.test.ts'), test)
    writeFileSync(join(project, 'types.ts'), types)
    const install = ['npm', 'install', '--prefer-offline', '--no-audit', '--no-fund']
    if (run('npm install', project, install)) {
      run('tsc, strict and nodenext', project, ['npx', 'tsc', '-p', '.'])
      run('vitest', project, ['npx', 'vitest', 'run'])
      run('isochron --version', project, ['npx', 'isochron', '--version'])
      run('isochron scenarios', project, ['npx', 'isochron', 'scenarios'])
      run('isochron run quickstart', project, [
        ...['npx', 'isochron', 'run', 'quickstart', '--clock', 'virtual', '--quiet'],
      ])
    }
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}

const lines = test.trimEnd().split('\n').length
const rows = steps.map(({ step, ok, seconds }) => [step, ok ? 'ok' : 'FAILED', `${seconds} s`])
console.log(
  alignedColumns([
    ['step', 'result', 'time'],
    ...rows,
    [`lines of the test (at most ${mostLines})`, String(lines), ''],
  ]).join('\n'),
)
for (const { step, output } of steps.filter(({ ok }) => !ok)) console.log(`\n${step}:\n${output.slice(-3000)}`)
const at = process.argv.indexOf('--json')
if (at > 0) writeFileSync(process.argv[at + 1] as string, `${JSON.stringify({ lines, steps }, undefined, 2)}\n`)
process.exitCode = lines <= mostLines && steps.length === 7 && steps.every(({ ok }) => ok) ? 0 : 1

// The settings of a generator and its coordinator, from their flags, their environment and a launcher.

import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { parse } from 'yaml'
import { launcherFile } from '../../src/cli/flags/launchers.js'
import { partOfEnvironment } from '../../src/cli/flags/part-of-environment.js'
import { checkTargets } from '../../src/run/bus/allowed-targets.js'
import { gatherBundle, packBundle, scenarioOfBundle, unpackBundle } from '../../src/run/bus/bundle.js'
import { busAccess } from '../../src/run/bus/bus-access.js'
import { takeApart } from '../../src/scenario/parts.js'

const home = mkdtempSync(join(tmpdir(), 'isochron-test-'))
afterAll(() => rmSync(home, { recursive: true, force: true }))

test.each([
  [{ ISOCHRON_PART: '3', JOB_COMPLETION_INDEX: '7' }, 2],
  [{ JOB_COMPLETION_INDEX: '0' }, 0],
  // In an array every task is number 0 of its own step.
  [{ SLURM_ARRAY_TASK_ID: '12', SLURM_ARRAY_TASK_MIN: '10', SLURM_PROCID: '0', SLURM_NTASKS: '1' }, 2],
  [{ SLURM_PROCID: '3', SLURM_NTASKS: '4' }, 3],
  [{ SLURM_PROCID: '0', SLURM_NTASKS: '1' }, undefined],
  [{ OMPI_COMM_WORLD_RANK: '1' }, 1],
  [{}, undefined],
])('%j means part %s', (environment, part) => {
  expect(partOfEnvironment(environment)).toBe(part)
})

const launch = { url: 'tls://bus:4222', run: 'friday', parts: 20, targets: ['10.0.0.5:8583'] }

test('a launcher starts every part once and never again', () => {
  expect(launcherFile('slurm', launch)).toContain('--array=0-19\n')
  expect(launcherFile('slurm', launch)).toContain('--no-requeue')
  expect(launcherFile('ssh', launch)).toContain(`--part "$part"`)
  const job = parse(launcherFile('k8s', launch))
  expect(job).toMatchObject({
    ...{ kind: 'Job', metadata: { name: 'isochron-friday' } },
    spec: { completionMode: 'Indexed', completions: 20, parallelism: 20, backoffLimit: 0 },
  })
  const { args } = job.spec.template.spec.containers[0]
  expect(args).toEqual(expect.arrayContaining(['--on', 'tls://bus:4222', '--allow-target', '10.0.0.5:8583']))
  expect(() => launcherFile('nomad', launch)).toThrow("expected k8s, slurm, ssh, got 'nomad'")
})

const at = (target: string) => takeApart(scenarioOfBundle(bundleOf(`target: ['${target}']`), own)).hosts
const own = { folder: home, files: undefined, keys: undefined }
const bundleOf = (terminals: string) => {
  const source = `{ name: b, dialect: iso87-ascii, terminals: { ${terminals} }, load: [ { hold: { rate: 1/s, for: 1s } } ] }`
  return gatherBundle(source, join(home, 's.yaml'), { remedies: [], seed: 7 })
}

test('a generator is aimed at its own machine, or at what it was told', () => {
  expect(() => checkTargets(at('127.0.0.1:8583'), [])).not.toThrow()
  expect(() => checkTargets(at('10.0.0.5:8583'), ['10.0.0.5:9999'])).toThrow('say --allow-target 10.0.0.5:8583')
  expect(() => checkTargets(at('10.0.0.5:8583'), ['10.0.0.0/8'])).not.toThrow()
  expect(() => checkTargets(at('10.0.0.5:8583'), ['10.0.0.5:8583'])).not.toThrow()
})

test('a bundle brings the scenario whole, or is refused', () => {
  const bundle = bundleOf('count: 3')
  const { chunks, sha256 } = packBundle(bundle)
  expect(unpackBundle(Buffer.concat(chunks), sha256)).toEqual(bundle)
  expect(scenarioOfBundle(bundle, own)).toMatchObject({ seed: 7, terminals: { count: 3 } })
  expect(() => unpackBundle(Buffer.concat(chunks), 'f'.repeat(64))).toThrow('is not the one announced')
  expect(() => unpackBundle(new Uint8Array([0, 1]), sha256)).toThrow('cannot be unpacked')
})

test('the cards of a scenario stay where they are: a generator must have them', () => {
  writeFileSync(join(home, 'cards.csv'), 'pan,expiry\n4000001234567899,3012\n')
  const bundle = bundleOf('cards: cards.csv')
  expect(JSON.stringify(bundle)).not.toContain('4000001234567899')
  expect(() => scenarioOfBundle(bundle, own)).toThrow('say --files with the folder where it is')
  expect(scenarioOfBundle(bundle, { ...own, files: '/mnt' }).terminals.cards).toBe('/mnt/cards.csv')
})

const flags = { url: 'nats://127.0.0.1:4222', run: 'friday', insecure: false }
const none = { creds: undefined, ca: undefined, cert: undefined, key: undefined }

test('credentials come from a file that nobody else may read', () => {
  const file = join(home, 'creds')
  writeFileSync(file, 'worker:pass:word\n', { mode: 0o600 })
  expect(busAccess({ ...flags, ...none, creds: file }).credentials).toEqual({
    kind: 'user',
    user: 'worker',
    pass: 'pass:word',
  })
  chmodSync(file, 0o644)
  expect(() => busAccess({ ...flags, ...none, creds: file })).toThrow('lets others read the credentials of the bus')
})

test.each([
  [{ url: 'http://x:1' }, 'expected nats://HOST:PORT or tls://HOST:PORT'],
  [{ url: 'nats://u:secret@x:1' }, 'credentials come from --bus-creds'],
  [{ url: 'nats://bus:4222' }, 'use tls://, or say --bus-insecure'],
  [{ run: 'Friday run' }, 'expected up to 32 of a-z'],
])('%j is refused in words', (wrong, words) => {
  expect(() => busAccess({ ...flags, ...none, ...wrong })).toThrow(words)
  expect(() => busAccess({ ...flags, ...none, ...wrong })).not.toThrow('secret')
})

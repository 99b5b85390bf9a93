// The commands that a newcomer types: help and version as words, a typing error, the scenarios that ship, a scenario to begin with.

import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { shippedScenarios } from '../../src/run/files/shipped-scenarios.js'
import { isochron } from './fake-io.js'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'isochron-first-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('help and version', () => {
  const words: readonly [argv: string[], says: RegExp][] = [
    [['help'], /isochron run \[scenario\]/],
    [['help', 'decode'], /^isochron decode/],
    [['version'], /^\d+\.\d+\.\d+/],
  ]
  test.each(words)('%s', async (argv, says) => {
    const { stdout, code } = await isochron(argv)
    expect(stdout).toMatch(says)
    expect(code).toBe(0)
  })

  test('a misspelt --help', async () => {
    const { stderr, code } = await isochron(['--hlep'])
    expect(stderr).toContain("unknown flag --hlep (did you mean '--help'?)")
    expect(code).toBe(2)
  })
})

describe('scenarios', () => {
  test('are listed with what they show, and each can be printed', async () => {
    const { stdout } = await isochron(['scenarios'])
    for (const { name, about } of shippedScenarios()) {
      expect(stdout).toContain(name)
      expect(about).not.toBe('')
    }
    expect((await isochron(['scenarios', 'host-slow'])).stdout).toMatch(/^name: host-slow$/m)
  })

  test('are named by run, and another name gets a suggestion', async () => {
    const { stdout, code } = await isochron(['run', 'quickstart', '--clock', 'virtual', '--quiet'])
    expect(code).toBe(0)
    expect(stdout).toMatch(/^(?:PASS|FAIL) .*\noffered /)
    for (const command of ['scenarios', 'run', 'validate'])
      expect((await isochron([command, 'quickstrat'])).stderr).toContain("did you mean 'quickstart'")
    expect((await isochron(['validate', 'host-slow'])).code).toBe(0)
  })
})

test('init writes a scenario that runs, and touches nothing that is there', async () => {
  const made = join(folder, 'made')
  expect((await isochron(['init', made, '--dialect', 'iso87-ascii'])).code).toBe(0)
  const scenario = join(made, 'scenario.yaml')
  expect(readFileSync(scenario, 'utf8')).toMatch(/^# yaml-language-server: \$schema=.\/scenario.schema.json$/m)
  expect(existsSync(join(made, 'scenario.schema.json'))).toBe(true)
  expect((await isochron(['run', scenario, '--clock', 'virtual', '--quiet'])).code).toBe(0)
  const again = await isochron(['init', made])
  expect(again.stderr).toContain('is there already')
  expect(again.code).toBe(2)
})

test('a threshold by flag makes the exit code, beside those of the scenario', async () => {
  const run = (...flags: string[]) => isochron(['run', 'quickstart', '--clock', 'virtual', '--quiet', ...flags])
  expect((await run('--threshold', 'outcomes.approved >= 50%')).code).toBe(0)
  const { stdout, code } = await run('--threshold', 'responseTime.p50 < 1ms', '--threshold', 'offered > 0')
  expect(stdout).toContain('responseTime.p50 < 1ms')
  expect(code).toBe(3)
  expect((await run('--threshold', 'timelyShare > 1%')).stderr).toContain("unknown figure 'timelyShare'")
})

test('completion is a script that bash can read, with every command', async () => {
  const { stdout } = await isochron(['completion'])
  expect(stdout).toContain('doctor)')
  const complete = `${stdout}\nCOMP_WORDS=(isochron dec); COMP_CWORD=1; _isochron; echo "\${COMPREPLY[@]}"`
  expect(execFileSync('bash', ['-c', complete], { encoding: 'utf8' }).trim()).toBe('decode')
  expect((await isochron(['completion', 'bash'])).stdout).toBe(stdout)
  expect((await isochron(['completion', 'fish'])).stdout).toContain('-a doctor')
  expect((await isochron(['completion', 'bsh'])).stderr).toContain("did you mean 'bash'")
})

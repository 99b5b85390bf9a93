// Runs in threads: the built program tells of them what one thread tells of them one after another.

import { spawnSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { StartError, UsageError } from '../../../src/base/errors.js'
import { toldFailure, untold } from '../../../src/base/process/told-failure.js'
import { isochron } from '../../cli/fake-io.js'

const scenario = `name: x
seed: 3
terminals: { count: 4, timeout: 5s }
acquirer: { workers: 1, serviceTime: { p50: 200ms } }
load: [ { hold: { rate: 10/s, for: 1s } } ]
thresholds: [ "responseTime.p99 < 1s" ]
remedies:
  more: { acquirer: { workers: 20 } }
  idle: { terminals: { count: 5 } }
`
const argv = ['run', '-', '--clock', 'virtual', '--with', 'all', '--lang', 'zh']

test('`--with all` in threads says the same, in the same order', { timeout: 120_000 }, async () => {
  const { stdout, stderr, status } = spawnSync('node', ['dist/cli/main.js', ...argv], {
    ...{ input: scenario, encoding: 'utf8' },
  })
  const alone = await isochron(argv, scenario)
  expect({ stdout, stderr, status }).toEqual({ stdout: alone.stdout, stderr: alone.stderr, status: alone.code })
})

test('a failure keeps its kind on its way out of a thread', () => {
  for (const error of [new UsageError('bad'), new StartError('in use'), new Error('fault')])
    expect(untold(structuredClone(toldFailure(error)))).toEqual(error)
  expect(toldFailure('text')).toEqual({ because: 'fault', message: 'text' })
})

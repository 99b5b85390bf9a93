// `isochron proxy`: what it refuses before it listens.

import { join } from 'node:path'
import { expect, test } from 'vitest'
import { isochron } from './fake-io.js'

const cases: [what: string, argv: string[], code: number, says: RegExp][] = [
  ['--listen without --upstream', ['--listen', ':0'], 2, /--upstream belong together/],
  ['--unmasked without --record', ['--unmasked'], 2, /--record FILE/],
  ['--faults without --listen', ['--faults', 'x.yaml'], 2, /--listen and --upstream/],
  ['half of a certificate', ['--listen-cert', 'x.pem'], 2, /--listen-key/],
  ['a public control API without a token', ['--control', '0.0.0.0:0'], 2, /token is mandatory/],
  ['itself as its upstream', ['--listen', ':9', '--upstream', 'localhost:9'], 2, /^--upstream: .* is the proxy itself/],
  ['a token file that is not there', ['--control', ':0', '--token-file', '/nowhere/token'], 2, /\/nowhere\/token/],
  ['a range that is none', ['--control', ':0', '--allow-listen', '10.0.0.0/99'], 2, /10\.0\.0\.0\/8/],
  ['a port that is none', ['--listen', ':99999', '--upstream', ':1'], 2, /--listen/],
]

for (const [what, argv, code, says] of cases) {
  test(`${what}: exit ${code}`, async () => {
    const outcome = await isochron(['proxy', ...argv])
    expect(outcome.stderr).toMatch(says)
    expect(outcome.code).toBe(code)
  })
}

test('a file of --faults in which there are none is warned of', async () => {
  const file = join(import.meta.dirname, '../../scenarios/quickstart.yaml')
  const flags = ['--listen', '127.0.0.1:0', '--upstream', '127.0.0.1:1', '--faults', file]
  const { stderr } = await isochron(['proxy', ...flags, '--keys', '/nowhere/keys.yaml'])
  expect(stderr).toContain('quickstart.yaml has no faults: nothing is broken until the control API says so')
})

test('--help shows how to use it', async () => {
  const { code, stdout } = await isochron(['proxy', '--help'])
  expect(code).toBe(0)
  expect(stdout).toContain('--upstream')
  expect(stdout).toContain('toxiproxy-server')
})

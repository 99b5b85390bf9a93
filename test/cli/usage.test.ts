// The command line itself: what is refused, in which words, and with which exit code.

import { describe, expect, test } from 'vitest'
import { isochron } from './fake-io.js'

describe('refused in one line, exit 2:', () => {
  const cases: readonly [argv: string, line: string][] = [
    ['', 'expected a command: run, terminal, send, acquirer, '],
    ['decod', "unknown command 'decod' (did you mean 'decode'?); known are run, terminal, send, acquirer, "],
    ['compare a', 'compare: expected a base and a run, or one run and --latest-good DIR'],
    ['compare a b --fail-if p99', "--fail-if 'p99': expected such as 'responseTime.p99 worse'"],
    ['decode --jason', "unknown flag --jason (did you mean '--json'?)"],
    ['decode a b', "unexpected argument 'b'"],
    ['decode --keys k.yaml', 'no message: the input is empty'],
    ['keys check /no/such/file', '/no/such/file: cannot be read (ENOENT: there is no such file)'],
    ['terminal --target :1 --insecure', '--insecure: only together with --tls'],
    ['decode --framing', '--framing: expected a value after it'],
    ['decode --dialect a --dialect b', '--dialect: given 2 times'],
    ['decode --dialect cup-poss', "unknown dialect 'cup-poss' (did you mean 'cup-pos'?); built in are"],
    ['decode --dialect my.yaml', 'my.yaml cannot be read (ENOENT: there is no such file)'],
    ['decode --tpdu 60', "--tpdu: expected 10 hex digits such as 6000000000, or none, got '60'"],
    ['terminal --target :1 --header 0', "--header: expected hex of 1 to 255 bytes, or none, got '0'"],
    ['dialects --check', '--check: expected a dialect or a file to check'],
    ['dialects cup-pos --json', '--json: only together with --check'],
    ['dialects --convert', '--convert: expected a dialect or a file to convert'],
    ['decode --codec other', "--codec: expected isochron or iso_8583, got 'other'"],
    ['decode /no/such/file', '/no/such/file: cannot be read (ENOENT: there is no such file)'],
    ['run', 'run: expected a file; --help explains it'],
    ['run x.yaml --find-capacity', '--find-capacity: expected a value after it'],
    ['run x.yaml --clock vitual', "--clock: expected real or virtual, got 'vitual'"],
    ['run x.yaml --seed x', "--seed: expected a whole number from 0 to 9007199254740991, got 'x'"],
    ['run .', '.: cannot be read (EISDIR: it is a folder, not a file)'],
    ['run /no/such.yaml', '/no/such.yaml: cannot be read (ENOENT: there is no such file)'],
    ['terminal', 'missing --target; --help explains it'],
    ['terminal --target :1 --rate 5', "--rate: expected a rate such as 500/s, got '5'"],
    [
      'terminal --target :1 --rate 5/s --concurrency 1',
      '--rate and --concurrency: expected one of them: arrivals are open or closed, not both',
    ],
    ['terminal --target :1 --in-flight 4', '--in-flight: needs --connections with a number of shared ones'],
    ['terminal --target :1 --mix sale', "--mix: expected kinds and weights such as sale=8,balance=2, got 'sale'"],
    [
      'terminal --target :1 --mix sales=1',
      "terminals.mix.sales: neither dialect cup-pos nor messages: has a message 'sales' (did you mean 'sale'?)",
    ],
    ['terminal --target nowhere', 'terminals.target[0]: expected HOST:PORT such as 127.0.0.1:8583, got "nowhere"'],
    ['terminal --target :1 --workers 0', "--workers: expected a whole number from 1 to 256, got '0'"],
    ['terminal --target :1 --workers 256', '--workers 256: the pacing may keep a core awake for each, and there are'],
    ['terminal --target :1 --workers 2 --trace', '--workers: --trace, --record and --pcap look at one generator'],
    ['terminal --target :1 --pacing fast', "--pacing: expected balanced, precise or economy, got 'fast'"],
    ['send --target :1 --expect 39', "--expect: expected FIELD=VALUE such as 39=00 or mti=0810, got '39'"],
    ['acquirer', 'missing --listen; --help explains it'],
    ['acquirer --listen 8583', '--listen: expected HOST:PORT such as 127.0.0.1:8583, got "8583"'],
  ]
  for (const [argv, line] of cases) {
    test(argv === '' ? 'nothing at all' : argv, async () => {
      const { code, stdout, stderr } = await isochron(argv.split(' ').filter((word) => word !== ''))
      expect(stderr).toContain(line)
      expect(stderr.trimEnd().split('\n')).toHaveLength(1)
      expect(stdout).toBe('')
      expect(code).toBe(2)
    })
  }
})

describe('help', () => {
  const commands = ['run', 'terminal', 'send', 'acquirer', 'decode', 'encode', 'dialects', 'validate', 'schema']

  test('lists every command', async () => {
    const { code, stdout } = await isochron(['--help'])
    expect(code).toBe(0)
    for (const command of commands) expect(stdout).toContain(`isochron ${command}`)
  })

  for (const command of commands) {
    test(`of ${command} has an example`, async () => {
      const { code, stdout, stderr } = await isochron([command, '--help'])
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
      expect(stdout).toContain('Examples:')
    })
  }

  test('the version is that of the package', async () => {
    expect((await isochron(['--version'])).stdout).toMatch(/^\d+\.\d+\.\d+\n$/)
  })

  test('--debug adds where an error came from', async () => {
    expect((await isochron(['decode', '/no/such', '--debug'])).stderr).toMatch(/\n\s+at /)
  })
})

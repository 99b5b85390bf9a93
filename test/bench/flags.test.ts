// The flags that proof scripts take from a command line, and how they refuse the rest.

import { expect, test } from 'vitest'
import { parseFlags } from '../../bench/flags.js'

const flags = {
  rounds: { usual: 20, least: 1 },
  connections: { usual: 'shared', oneOf: ['shared', 'perTerminal'] },
  json: 'file',
  seed: 'word',
} as const

test('what is not said is as usual', () => {
  expect(parseFlags([], flags)).toEqual({ rounds: 20, connections: 'shared', json: undefined, seed: undefined })
})

test('what is said counts', () => {
  const args = ['--rounds', '3', '--connections=perTerminal', '--json', 'a.json', '--seed', '7/12']
  expect(parseFlags(args, flags)).toEqual({ rounds: 3, connections: 'perTerminal', json: 'a.json', seed: '7/12' })
})

const refused: readonly (readonly [args: string, says: string])[] = [
  ['--round 3', '--round is no flag: this script takes --rounds, --connections, --json, --seed'],
  ['-r', '-r is no flag: this script takes --rounds, --connections, --json, --seed'],
  ['3', '3 is no flag: this script takes --rounds, --connections, --json, --seed'],
  ['--rounds 0', "--rounds must be a whole number from 1 on, not '0'"],
  ['--rounds 1e3', "--rounds must be a whole number from 1 on, not '1e3'"],
  ['--rounds', "--rounds must be a whole number from 1 on, not ''"],
  ['--rounds=-1', "--rounds must be a whole number from 1 on, not '-1'"],
  ['--rounds 1 --rounds 2', '--rounds was given twice: give it once'],
  ['--connections none', "--connections must be one of shared, perTerminal, not 'none'"],
  ['--json', '--json needs the name of a file'],
  ['--json --rounds', '--json needs the name of a file'],
  ['--seed', '--seed needs a word'],
]
for (const [args, says] of refused) {
  test(`'${args}' is refused`, () => expect(() => parseFlags(args.split(' '), flags)).toThrow(says))
}

// The world of bench/outside is nobody's relative, and what it makes is read as it was meant.

import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import { kinds } from '../../bench/outside/kinds.js'
import { makeTrial } from '../../bench/outside/trial.js'

const folder = resolve(import.meta.dirname, '../../bench/outside/world')

/** Clocks, chance, and the shape of a link. */
const allowed = /^\.\/|src\/base\/(clock|random)\.js$|src\/transport\/network\/link\.js$/

describe('the world outside', () => {
  for (const name of readdirSync(folder)) {
    test(`${name} imports no codec, no acquirer and no fault`, () => {
      const text = readFileSync(join(folder, name), 'utf8')
      const imported = [...text.matchAll(/from '([^']+)'/g)].map((match) => match[1] as string)
      for (const path of imported) expect(path).toMatch(allowed)
    })
  }

  test('has at least 40 kinds, each with a name of its own, healthy ones among them', () => {
    expect(new Set(kinds.map(({ name }) => name)).size).toBe(kinds.length)
    expect(kinds.length).toBeGreaterThanOrEqual(40)
    expect(kinds.filter(({ truth }) => truth === 'healthy').length).toBeGreaterThanOrEqual(8)
  })
})

/** A few kinds that have always been told apart; `npm run bench -- outside` makes hundreds of all. */
const sample = ['always slow', 'accepts and never answers', 'many declines', 'packets overtake each other']

describe('trials in virtual time', () => {
  for (const kind of kinds.filter(({ name }) => sample.includes(name))) {
    test(`${kind.name}: run, capture and watch say ${kind.truth}`, async () => {
      const trial = await makeTrial(kind, '100/suite', 'virtual')
      const wanted = kind.truth === 'healthy' ? [] : [kind.truth]
      expect(trial?.run.named).toEqual(wanted)
      expect(trial?.explain?.named).toEqual(wanted)
      expect(trial?.watch?.found).toBe(trial?.watch?.wanted)
    })
  }
})

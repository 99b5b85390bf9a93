// Every way to get a scenario wrong, and the exact line that says so.

import { describe, expect, test } from 'vitest'
import { UsageError } from '../../src/base/errors.js'
import { parseScenario } from '../../src/scenario/reader.js'

const file = 'scenarios/x.yaml'
const valid = `name: x
load:
  - { hold: { rate: 10/s, for: 5s } }
`

function errorOf(text: string, set?: readonly string[]): string {
  try {
    parseScenario(text, file, set === undefined ? {} : { set })
  } catch (error) {
    if (error instanceof UsageError) return error.message
    throw error
  }
  return 'no error'
}

const cases: readonly { name: string; text: string; error: string }[] = [
  {
    name: 'two keys of which each alone is right',
    text: 'name: x\nload:\n  - { ramp: { from: 1/s, to: 2/s, over: 5s }, hold: { for: 1s } }\n',
    error: "scenarios/x.yaml:3:47 load[0].hold: 'hold' does not stand beside ramp",
  },
  {
    name: 'a rate without its unit, inside one of several alternatives',
    text: 'name: x\nload:\n  - ramp: { from: 10/s, to: "500", over: 5s }\n',
    error: 'scenarios/x.yaml:3:29 load[0].ramp.to: expected a rate such as 500/s, got "500"',
  },
  {
    name: 'a bare number where a text with a unit is wanted',
    text: 'name: x\nload:\n  - ramp: { from: 10/s, to: 500, over: 5s }\n',
    error: 'scenarios/x.yaml:3:29 load[0].ramp.to: expected a rate such as 500/s, got 500; write the unit',
  },
  {
    name: 'an unknown key inside a phase',
    text: 'name: x\nload:\n  - hold: { rate: 1/s, fore: 5s }\n',
    error: `scenarios/x.yaml:3:11 load[0].hold.for: missing: expected a duration such as 60s
scenarios/x.yaml:3:24 load[0].hold.fore: unknown key 'fore' (did you mean 'for'?)`,
  },
  {
    name: 'a misspelt kind of phase',
    text: 'name: x\nload:\n  - holt: { rate: 1/s, for: 5s }\n',
    error: "scenarios/x.yaml:3:5 load[0].holt: unknown key 'holt' (did you mean 'hold'?)",
  },
  {
    name: 'two kinds of phase in one entry',
    text: 'name: x\nload:\n  - { hold: { rate: 1/s, for: 5s }, ramp: { from: 1/s, to: 2/s, over: 1s } }\n',
    error: 'scenarios/x.yaml:3:5 load[0]: expected exactly one of the keys ramp, hold, concurrency, replay',
  },
  {
    name: 'a phase that is a text',
    text: 'name: x\nload: [ 500/s ]\n',
    error: 'scenarios/x.yaml:2:9 load[0]: expected a map of keys, got "500/s"',
  },
  {
    name: 'a wrong word where a word or a map may stand',
    text: `${valid}terminals: { connections: perTermnal }\n`,
    error:
      'scenarios/x.yaml:4:27 terminals.connections: expected perTerminal or perTransaction or a map of keys, got "perTermnal" (did you mean \'perTerminal\'?)',
  },
  {
    name: 'a wrong value in the map where a word or a map may stand',
    text: `${valid}terminals: { connections: { shared: 0 } }\n`,
    error: 'scenarios/x.yaml:4:37 terminals.connections.shared: expected at least 1, got 0',
  },
  {
    name: 'an unknown key at the top',
    text: `${valid}terminal: {}\n`,
    error: "scenarios/x.yaml:4:1 terminal: unknown key 'terminal' (did you mean 'terminals'?)",
  },
  {
    name: 'a missing name',
    text: 'load: [ { hold: { rate: 1/s, for: 5s } } ]\n',
    error: 'scenarios/x.yaml:1:1 name: missing: expected a text',
  },
  {
    name: 'a number where a text must stand in quotes',
    text: `${valid}acquirer: { rules: [ { match: { "4": "1" }, answer: 51 } ] }\n`,
    error: 'scenarios/x.yaml:4:53 acquirer.rules[0].answer: expected a text, got 51; put it in quotes',
  },
  {
    name: 'a card number, which is not repeated',
    text: `${valid}acquirer: { rules: [ { match: { "2": 6228480402564890018 }, answer: "51" } ] }\n`,
    error:
      'scenarios/x.yaml:4:38 acquirer.rules[0].match.2: expected a text or a list, got (19 digits); put it in quotes',
  },
  {
    name: 'a key twice',
    text: 'name: x\nname: y\n',
    error: 'scenarios/x.yaml:2:1 the same key stands here twice',
  },
  {
    name: 'YAML that is none',
    text: 'name: [ x\nload: 1\n',
    error:
      'scenarios/x.yaml:2:1 something is missing here: a closing quote, a bracket ] or }, a comma, or a blank after a colon',
  },
  {
    name: 'an empty file',
    text: '',
    error: 'scenarios/x.yaml:1:1 expected a map of keys such as name: and load:',
  },
  {
    name: 'several acquirers beside a host elsewhere',
    text: `${valid}terminals: { target: [ "a:1" ] }\nacquirers: { a: {}, b: {} }\n`,
    error:
      'scenarios/x.yaml:5:1 acquirers: these are embedded, but terminals.target is a host elsewhere: give one of them',
  },
  {
    name: 'separate ledgers of a single acquirer',
    text: `${valid}ledgers: separate\n`,
    error: 'scenarios/x.yaml:4:1 ledgers: only for acquirers:, and the scenario has none',
  },
  {
    name: 'a fault of a host that there is not',
    text: `${valid}acquirers: { main: {}, spare: {} }\nfaults: [ { on: acquirer, target: mian, outage: {} } ]\n`,
    error:
      "scenarios/x.yaml:5:35 faults[0].target: acquirers or terminals.target has no host 'mian' (did you mean 'main'?)",
  },
  {
    name: 'a fault of a route that there is not',
    text: `${valid}faults: [ { route: wifi, no_answer: {} } ]\n`,
    error: "scenarios/x.yaml:4:20 faults[0].route: terminals.routes has no route 'wifi'",
  },
  {
    name: 'a route of the acquirer',
    text: `${valid}faults: [ { on: acquirer, route: wifi, no_answer: {} } ]\n`,
    error:
      'scenarios/x.yaml:4:34 faults[0].route: a fault of the acquirer does not know by which route its peers come: say on: network',
  },
  {
    name: 'two routes of the same name',
    text: `${valid}terminals: { routes: [ { name: a }, { name: a } ] }\n`,
    error: "scenarios/x.yaml:4:45 terminals.routes[1].name: a second route named 'a'",
  },
  {
    name: 'a fault with a slip of the pen',
    text: `${valid}faults: [ { no_anser: {} } ]\n`,
    error: "scenarios/x.yaml:4:13 faults[0].no_anser: unknown key 'no_anser' (did you mean 'no_answer'?)",
  },
  {
    name: 'keys of a fault that do not go together',
    text: `${valid}faults: [ { no_answer: {}, first: 1, nth: 2 } ]\n`,
    error: 'scenarios/x.yaml:4:43 faults[0].nth: stands beside first: give one of them',
  },
  {
    name: 'a fault of a host that is not ours',
    text: `${valid}terminals: { target: [ "a:1" ] }\nfaults: [ { on: acquirer, no_answer: {} } ]\n`,
    error: "scenarios/x.yaml:5:11 faults[0]: 'no_answer' is on the acquirer, but terminals.target is a host elsewhere",
  },
  {
    name: 'a network that nobody knows',
    text: `${valid}terminals: { network: 5g }\n`,
    error:
      "scenarios/x.yaml:4:23 terminals.network: no profile '5g' (did you mean '3g'?); known are dial-up, gprs, edge, 3g, hsdpa, lte, 4g, wifi, dsl, leased-line, satellite",
  },
  {
    name: 'a target that stands in the list twice',
    text: `${valid}terminals: { target: [ "a:1", "a:1" ] }\n`,
    error: 'scenarios/x.yaml:4:31 terminals.target[1]: a:1 stands in the list before',
  },
  {
    name: 'a dialect that nobody knows',
    text: `${valid}dialect: cup-poss\n`,
    error: "scenarios/x.yaml:4:10 dialect: unknown dialect 'cup-poss' (did you mean 'cup-pos'?)",
  },
  {
    name: 'a framing that nobody knows',
    text: `${valid}framing: binary3\n`,
    error: "scenarios/x.yaml:4:10 framing: unknown framing 'binary3' (did you mean 'binary2'?)",
  },
  {
    name: 'a mix that names no message',
    text: `${valid}terminals: { mix: { sales: 1 } }\n`,
    error:
      "scenarios/x.yaml:4:21 terminals.mix.sales: neither dialect cup-pos nor messages: has a message 'sales' (did you mean 'sale'?)",
  },
  {
    name: 'a field that the dialect lacks',
    text: `${valid}messages: { mine: { mti: "0200", fields: { "3": "000000", "191": "1" } } }\n`,
    error: 'scenarios/x.yaml:4:59 messages.mine.fields.191: dialect cup-pos has no field 191',
  },
  {
    name: 'an MTI without quotes',
    text: `${valid}messages: { mine: { mti: 0200, fields: {} } }\n`,
    error: 'scenarios/x.yaml:4:26 messages.mine.mti: expected a text, got 200; put it in quotes',
  },
  {
    name: 'a threshold on a figure that does not exist',
    text: `${valid}thresholds: [ "responseTime.p98 < 1s" ]\n`,
    error:
      "scenarios/x.yaml:4:15 thresholds[0]: 'responseTime.p98 < 1s': unknown figure 'responseTime.p98' (did you mean 'responseTime.p90'?)",
  },
  {
    name: 'a threshold on a type that the mix lacks',
    text: `${valid}thresholds: [ "responseTime{type=sales}.p99 < 1s" ]\n`,
    error:
      "scenarios/x.yaml:4:15 thresholds[0]: 'responseTime{type=sales}.p99 < 1s': the mix has no type 'sales' (did you mean 'sale'?)",
  },
  {
    name: 'a warm-up as long as the load',
    text: `${valid}warmup: 5s\n`,
    error: 'scenarios/x.yaml:4:9 warmup: as long as the whole load (5s): nothing would be measured',
  },
]

describe('a scenario is refused with one line that says where, for', () => {
  for (const { name, text, error } of cases) {
    test(name, () => {
      expect(errorOf(text)).toBe(error)
    })
  }

  test('a value that --set put there, which names the --set', () => {
    expect(errorOf(valid, ['load[0].hold.rate=200'])).toBe(
      'scenarios/x.yaml --set load[0].hold.rate=200: load[0].hold.rate: expected a rate such as 500/s, got 200; write the unit',
    )
  })

  test('an index beyond the list', () => {
    expect(errorOf(valid, ['load[2].hold.rate=200/s'])).toBe(
      '--set load[2].hold.rate=200/s: load has 1 entries: the next free index is 1',
    )
  })
})

describe('a threshold cannot end the run where', () => {
  const upwards = 'counts up, so that only a limit from above (<, <=, == 0) can be judged while the run goes on'
  const rules: readonly [rule: string, error: string][] = [
    ['"books.agree", abortOnFail: true', ".abortOnFail: 'books.agree': this figure is known only at the end of a run"],
    ['"offered > 5", abortOnFail: true', `.abortOnFail: 'offered > 5': offered ${upwards}`],
    ['"timelyRate > 9%", delayAbortEval: 1s', '.delayAbortEval: says when abortOnFail: true may end the run; add that'],
    [
      '"timelyRate > 9%", abortOnFail: true, delayAbortEval: 1h',
      '.delayAbortEval: as long as the whole load: the threshold would end nothing',
    ],
    ['"timelyRate > 9%", abortOnFial: true', ".abortOnFial: unknown key 'abortOnFial' (did you mean 'abortOnFail'?)"],
    ['"timlyRate > 9%"', ": 'timlyRate > 9%': unknown figure 'timlyRate' (did you mean 'timelyRate'?)"],
  ]
  for (const [rule, error] of rules) {
    test(rule, () => {
      const line = errorOf(`${valid}thresholds: [ { threshold: ${rule} } ]\n`)
      expect(line.replace(/^scenarios\/x\.yaml:4:\d+ /, '')).toBe(`thresholds[0]${error}`)
    })
  }
})

describe('a hostile file neither hangs nor fills the memory:', () => {
  test('aliases of aliases', () => {
    const levels = Array.from(
      { length: 12 },
      (_, i) => `a${i}: &a${i} [${i === 0 ? 'x' : Array(9).fill(`*a${i - 1}`)}]`,
    )
    expect(errorOf(levels.join('\n'))).toBe(
      'scenarios/x.yaml: cannot be read: more than 100 uses of aliases, or an unknown one',
    )
  })

  test('a hundred thousand open brackets', () => {
    expect(errorOf('['.repeat(100_000))).toMatch(/^scenarios\/x\.yaml:.*/)
  })

  test('a file that is too large', () => {
    expect(errorOf('x'.repeat(1_048_577))).toBe('scenarios/x.yaml: larger than 1048576 bytes: not a scenario')
  })

  test('a hundred wrong keys, of which twenty are told', () => {
    const wrong = Array.from({ length: 100 }, (_, i) => `zzzz${i}: 1\n`).join('')
    const lines = errorOf(valid + wrong).split('\n')
    expect(lines).toHaveLength(21)
    expect(lines.at(-1)).toBe('and 80 more')
  })

  test('a path of --set that reaches for the prototype', () => {
    expect(errorOf(valid, ['__proto__.polluted=1'])).toMatch(/^--set __proto__\.polluted=1: expected a path/)
  })
})

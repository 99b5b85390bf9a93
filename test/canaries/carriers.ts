// Each command with what carries canaries into it. A command without a row here fails a test: say what can get into it.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import { acquirerSchema } from '../../src/acquirer/options.js'
import { builtInDialect } from '../../src/codec/dialects/index.js'
import { startAcquirer } from '../../src/run/hosts/start-acquirer.js'
import { isochron } from '../cli/fake-io.js'
import {
  askEverything,
  babbleTo,
  called,
  captureOfSales,
  cardAt,
  fileAt,
  filesOf,
  framed,
  type Output,
  outputsOf,
  packed,
  packedSigned,
  put,
  sale,
  scenarioWithNames,
  withBabbler,
} from './inputs.js'

/** Calls of a command with canaries in what goes in; everything that came out. `folder` is the carrier's own. */
export type Carrier = (folder: string) => Promise<readonly Output[]>

/** Flags that were tried already: most commands have the same ones. */
const tried = new Set<string>()

/** Each command with a card as an argument, as the value of each flag, and as the name of a file that is not there. */
export async function asWords(command: string, folder: string): Promise<readonly Output[]> {
  const { pan, track2 } = cardAt(command.length)
  const help = (await isochron([command, '--help'])).stdout
  const flags = [...help.matchAll(/^ {2,}--([a-z-]+)/gm)].map((match) => match[1] as string)
  const fresh = flags.filter((flag) => !tried.has(flag))
  for (const flag of fresh) tried.add(flag)
  const file = join(folder, pan)
  // A folder that `init` makes stands where the test's own files do.
  const calls = [...(command === 'init' ? [] : [[pan]]), [file, file], [`--${pan}`]]
  const words = [...calls, ...fresh.map((flag) => [file, `--${flag}`, pan])]
  return all(words.map((each) => outputsOf([command, ...each], track2)))
}

const readings = [
  ['--dialect', 'iso87-ascii'],
  ['--dialect', 'cup-pos'],
  ['--dialect', 'iso87-binary', '--json'],
]
const asInput = [packed, packed.toString('hex'), framed, framed.toString('hex').slice(0, -8)]

const all = async (outputs: readonly Promise<readonly Output[]>[]) => (await Promise.all(outputs)).flat()

const messages = (command: string) => () =>
  all(asInput.flatMap((input) => readings.map((flags) => outputsOf([command, ...flags], input))))

/** A run's folder, made once: what is made of it are commands of their own. */
let shop: Promise<{ readonly folder: string; readonly outputs: readonly Output[] }> | undefined

function shopIn(folder: string) {
  shop ??= (async () => {
    const scenario = scenarioWithNames(folder)
    const out = join(folder, 'run')
    const flags = ['--clock', 'virtual', '--keep', 'all', '--trace', '--ci', 'github', '--seed', '1', '--out', out]
    const outputs = await outputsOf(['run', scenario, ...flags])
    return { folder: out, outputs: [...outputs, ...filesOf(out)] }
  })()
  return shop
}

const ofShop = (make: (run: string, folder: string) => readonly (readonly string[])[]): Carrier => {
  return async (folder) => {
    const { folder: run } = await shopIn(folder)
    return all(make(run, folder).map((argv) => outputsOf(argv)))
  }
}

/** A scenario whose every value is a canary of the wrong kind. */
const wrongScenarios = (folder: string) => {
  const { pan, track2, key } = cardAt(3)
  const texts = [
    `${pan}`,
    `{"name": ${pan}, "dialect": "${pan}", "load": ${pan}}`,
    `name: x\n${pan}: 1\nload: [{ hold: { rate: ${pan}, for: "${pan}" } }]\n`,
    `name: x\nterminals: { count: "${pan}", pin: "${pan}", cards: ${pan}.csv }\nload: [{ hold: { rate: 1/s, for: 1s } }]\n`,
    `name: x\nkeys: ${pan}.yaml\nload: [{ hold: { rate: 1/s, for: 1s } }]\n`,
    `name: x\ndialect: ./${pan}.yaml\nload: [{ replay: ${pan} }]\n`,
    `name: x\nmessages: { "${pan}": { mti: "${pan}", fields: { 52: "${key}", "${pan}": 1 } } }\nload: []\n`,
    `name: x\nmessages: { m: { mti: "0200", fields: { 4: "${track2}", 52: "${pan}", 2: "{${pan}}" } } }\nterminals: { mix: { m: 1 } }\nload: [{ hold: { rate: 1/s, for: 1s } }]\n`,
    `name: "${pan}\n  - [${track2}`,
    `name: x\nthresholds: ["${pan} < 1"]\nfaults: [{ name: "${pan}", ${pan}: {} }]\nload: [{ hold: { rate: 1/s, for: 1s } }]\n`,
    `name: x\nterminals: { target: "${pan}:1", mix: { "${pan}": 1 } }\nload: [{ hold: { rate: 1/s, for: 1s } }]\n`,
  ]
  return texts.map((text, index) => put(folder, `wrong${index}.yaml`, text))
}

const keyFile = (folder: string, checkValue = ', kcv: ABCDEF') =>
  put(
    folder,
    'keys.yaml',
    `${called('tmk', 1)}: { usage: tmk, key: ${cardAt(0).key} }\nmak: { usage: mak, key: ${cardAt(1).key}${checkValue} }\n`,
  )

const dialectFile = (folder: string) => {
  const { pan } = cardAt(20)
  const fields = {
    2: { name: 'pan', format: 'n..19' },
    48: { name: `field ${pan}`, format: 'ans...999', mask: 'none' },
  }
  const encodings = {
    mti: 'ascii',
    bitmap: { encoding: 'hex', bytes: 8 },
    length: 'ascii',
    digits: 'ascii',
    track: 'ascii',
  }
  const rest = { text: 'ascii', bytes: 'hex' }
  const dialect = { name: `host ${pan}`, about: pan, framing: 'binary2', encodings: { ...encodings, ...rest }, fields }
  return put(folder, 'host.yaml', JSON.stringify(dialect))
}

/** A host that has PINs in clear. */
const clearPins = (folder: string) => {
  const positional = { kind: 'positional', fields: { 1: { name: 'customer PIN', format: 'ans 12' } } }
  const fields = {
    3: { name: 'processing code', format: 'n 6' },
    48: { name: 'additional data', format: 'ans...999', inside: positional },
    52: { name: 'PIN data', format: 'n..12' },
  }
  const { encodings } = builtInDialect('iso87-ascii')
  const dialect = { name: 'clear', about: 'x', framing: 'binary2', encodings, fields }
  return put(folder, 'clear.yaml', JSON.stringify(dialect))
}

/** In a message that is whole, cut, and of another host. */
async function pinsShown(folder: string): Promise<readonly Output[]> {
  const file = clearPins(folder)
  const { pin } = cardAt(9)
  const message = JSON.stringify({ mti: '0200', fields: { 3: '000000', 48: { 1: pin }, 52: pin } })
  const { stdout } = await isochron(['encode', '--dialect', file], message)
  const hex = stdout.trim()
  const other = hex.replace(/30(?=\w*$)/, '31')
  return all([
    outputsOf(['decode', '--dialect', file], hex),
    outputsOf(['decode', '--dialect', file, '--json'], hex),
    outputsOf(['decode', '--dialect', file], hex.slice(0, -4)),
    outputsOf(['diff', '--dialect', file, hex, other]),
    outputsOf(['doctor', '--dialect', file], hex),
    outputsOf(['encode', '--dialect', file], message.replace(pin, `${pin}9`)),
  ])
}

const notYaml = (folder: string, name: string) => put(folder, name, `${cardAt(21).pan}: [${cardAt(22).track2}\n`)

export const carriersOf: Readonly<Record<string, Carrier>> = {
  run: async (folder) => {
    const { outputs } = await shopIn(folder)
    const wrong = wrongScenarios(folder).map((file) => outputsOf(['run', file, '--clock', 'virtual']))
    const names = join(folder, 'names.yaml')
    const with_ = outputsOf(['run', names, '--clock', 'virtual', '--with', called('remedy', 99)])
    return [...outputs, ...(await all([...wrong, with_]))]
  },
  terminal: () =>
    withBabbler((target) =>
      outputsOf([
        ...['terminal', '--dialect', 'iso87-ascii', '--target', target],
        ...['--rate', '20/s', '--duration', '300ms', '--timeout', '200ms'],
      ]),
    ),
  send: () =>
    withBabbler(async (target) => {
      const outputs: Output[] = []
      const expected = ['--timeout', '100ms', '--expect', `2=${cardAt(3).pan}`]
      const flags = ['--dialect', 'iso87-ascii', '--target', target, ...expected]
      for (let turn = 0; turn < 6; turn++) outputs.push(...(await outputsOf(['send', ...flags], JSON.stringify(sale))))
      return outputs
    }),
  acquirer: async (folder) => {
    const outputs: Output[] = []
    const config = put(
      folder,
      'host.yaml',
      `acquirer: { rules: [{ match: { "2": "${cardAt(0).pan}" }, answer: "05" }] }\n`,
    )
    const flags = [
      '--listen',
      '127.0.0.1:0',
      '--dialect',
      'iso87-ascii',
      '--control',
      '127.0.0.1:0',
      '--config',
      config,
    ]
    const served = await outputsOf(
      ['acquirer', ...flags, '--ledger', join(folder, 'books.sqlite')],
      '',
      async ({ said }) => {
        await babbleTo(await said(/listening on (\S+),/))
        outputs.push(...(await askEverything(await said(/control API on (\S+)\n/))))
      },
    )
    return [...served, ...outputs, ['ledger', readFileSync(join(folder, 'books.sqlite'), 'latin1')]]
  },
  proxy: async (folder) => {
    const outputs: Output[] = []
    const recording = join(folder, 'line.jsonl')
    const faults = put(
      folder,
      'faults.yaml',
      JSON.stringify({ faults: [{ name: called('late', 15), delay: { delay: '1ms' } }] }),
    )
    const served = await withBabbler((target) =>
      outputsOf(
        [
          'proxy',
          '--listen',
          '127.0.0.1:0',
          '--upstream',
          target,
          '--dialect',
          'iso87-ascii',
          '--control',
          '127.0.0.1:0',
          '--trace',
          '--record',
          recording,
          '--faults',
          faults,
        ],
        '',
        async ({ said }) => {
          const control = await said(/control API on (\S+)\n/)
          const events = await fetch(`${control}/isochron/events`)
          await babbleTo(await said(/listening on (\S+),/))
          outputs.push(...(await askEverything(control)))
          const { value } = await (events.body as ReadableStream<Uint8Array>).getReader().read()
          outputs.push(['events', Buffer.from(value ?? []).toString()])
        },
      ),
    )
    return [...served, ...outputs, ['recording', readFileSync(recording, 'latin1')]]
  },
  decode: async (folder) => {
    // Its MAC was made with another key: every key of the file is tried, and the line says so.
    const checked = ['decode', '--dialect', 'iso87-ascii', '--keys', keyFile(folder, '')]
    const ofMac = await outputsOf(checked, packedSigned)
    expect(ofMac.map(([, text]) => text).join('')).toContain('MAC wrong')
    const pins = await pinsShown(folder)
    expect(pins.map(([, text]) => text).join('')).toContain('000000')
    return [...ofMac, ...pins, ...(await messages('decode')())]
  },
  // Bytes are what it is asked for: what it says of input that is none is searched.
  encode: () => {
    const { pan, track2 } = cardAt(30)
    const inputs = [
      `{"mti":"0200","${pan}":1}`,
      `{"mti":"0200","fields":{"2":${pan}}}`,
      `{"mti":"${pan}"}`,
      pan,
      track2,
    ]
    const wrong = [
      { 4: track2 },
      { 52: pan },
      { [pan]: '1' },
      { 41: [pan] },
      { 2: `${pan}${pan}` },
      { 55: { [pan]: pan } },
    ]
    const texts = [...inputs, ...wrong.map((fields) => JSON.stringify({ mti: '0200', fields }))]
    return all(texts.map((text) => outputsOf(['encode', '--dialect', 'iso87-ascii'], text)))
  },
  dialects: async (folder) =>
    all([outputsOf(['dialects', dialectFile(folder)]), outputsOf(['dialects', notYaml(folder, 'bad.yaml')])]),
  doctor: async (folder) => {
    const record = join(folder, 'probe.jsonl')
    const shown = ['--dialect', 'iso87-ascii', '--trace=full', '--record', record]
    const probed = await withBabbler((target) =>
      outputsOf(['doctor', target, '--probe', '--timeout', '100ms', ...shown]),
    )
    const read = await all([outputsOf(['doctor'], framed), outputsOf(['doctor', captureOfSales(folder)])])
    return [...probed, ...fileAt(record), ...read]
  },
  diff: () => {
    const other = packed.toString('hex').replace(/1234/, '4321')
    return all(readings.map((flags) => outputsOf(['diff', packed.toString('hex'), other, ...flags])))
  },
  evidence: ofShop((run) => [
    ['evidence', run],
    ['evidence', run, '--json'],
    ['evidence', run, '--lang', 'zh'],
  ]),
  explain: async (folder) => {
    const file = captureOfSales(folder)
    const out = join(folder, 'why')
    const outputs = await all([
      outputsOf(['explain', file, '--dialect', 'iso87-ascii', '--out', out]),
      outputsOf(['explain', file, '--json']),
    ])
    return [...outputs, ...filesOf(out), ...(await outputsOf(['evidence', out]))]
  },
  merge: async (folder) => {
    const here = { host: '127.0.0.1', port: 0 }
    const acquirer = { listen: here, acquirer: acquirerSchema.parse({}), seed: 1, dialect: 'cup-pos' }
    await using host = await startAcquirer(acquirer)
    const terminals = { count: 2, merchants: [cardAt(5).pan.slice(0, 15)], target: `127.0.0.1:${host.address.port}` }
    const load = [{ hold: { rate: '20/s', for: '200ms' } }]
    const scenario = put(folder, 'part.yaml', JSON.stringify({ name: called('part', 1), drain: '1s', terminals, load }))
    const parts = [1, 2].map((part) => join(folder, `part${part}`))
    const out = join(folder, 'whole')
    const runs = await all(
      parts.map((part, index) =>
        outputsOf(['run', scenario, '--seed', '1', '--part', `${index + 1}/2`, '--out', part]),
      ),
    )
    const merged = await outputsOf(['merge', ...parts, '--out', out])
    return [...runs, ...merged, ...parts.flatMap(filesOf), ...filesOf(out)]
  },
  // Journals hold card numbers; their names and those of ledgers may.
  books: async (folder) => {
    const { pan } = cardAt(7)
    const [ledger, journal] = [join(folder, `${pan}.sqlite`), join(folder, `${pan}.journal`)]
    const scenario = put(
      folder,
      'books.yaml',
      JSON.stringify({
        ...{ name: 'books', dialect: 'iso87-ascii', start: '2026-11-26T10:00:00Z' },
        ...{ terminals: { count: 2, mix: { sale: 1 } }, load: [{ hold: { rate: '20/s', for: '200ms' } }] },
      }),
    )
    await isochron(['run', scenario, '--clock', 'virtual', '--quiet', '--ledger', ledger, '--journal', journal])
    const since = ['--since', '2026-11-26T10:00:00.100Z']
    return await all(
      [[], since, ['--json']].map((flags) => outputsOf(['books', '--ledger', ledger, journal, ...flags])),
    )
  },
  // The bus is not there, so that what a worker says of it comes out; a bus that is there has a proof of its own.
  worker: (folder) => {
    const on = ['worker', '--on', 'nats://127.0.0.1:1', '--run', cardAt(6).pan]
    const kept = join(folder, called('kept', 6))
    const launchers = ['k8s', 'slurm', 'ssh'].map((kind) =>
      outputsOf([...on, '--print', kind, '--parts', '2', '--allow-target', cardAt(7).pan]),
    )
    return all([...launchers, outputsOf([...on, '--wait', '100ms', '--keep', kept, '--keys', keyFile(folder)])])
  },
  report: ofShop((run) =>
    ['text', 'html', 'markdown', 'junit', 'json', 'csv', 'hgrm', 'openmetrics', 'github'].map((format) => [
      'report',
      run,
      '--format',
      format,
    ]),
  ),
  compare: ofShop((run) =>
    ['text', 'markdown', 'junit', 'html', 'json'].map((format) => ['compare', run, run, '--format', format]),
  ),
  watch: async (folder) => {
    const record = join(folder, 'watch.jsonl')
    const shown = ['--trace=full', '--record', record]
    const said = await withBabbler((target) =>
      all(
        [[], ['--json'], shown].map((flags) =>
          outputsOf([
            ...['watch', '--dialect', 'iso87-ascii', '--target', target, '--for', '300ms', '--timeout', '100ms'],
            ...flags,
          ]),
        ),
      ),
    )
    return [...said, ...fileAt(record)]
  },
  keys: async (folder) =>
    all([outputsOf(['keys', 'check', keyFile(folder)]), outputsOf(['keys', 'check', notYaml(folder, 'no-keys.yaml')])]),
  validate: async (folder) =>
    all([scenarioWithNames(folder), ...wrongScenarios(folder)].map((file) => outputsOf(['validate', file]))),
  // Nothing but words on the command line gets into these.
  schema: async () => [],
  scenarios: async () => [],
  init: async () => [],
  completion: async () => [],
  // The cards of a set are made, and never read: what is written to --out is what was asked for.
  cards: () => outputsOf(['cards']),
}

// Runs and single messages for programs: what they hand over is looked at before anything is connected.

import type { Share } from '../../base/share.js'
import type { KeySet } from '../../crypto/keys/key-set.js'
import { pacings } from '../../load/pacer.js'
import type { Result } from '../../measure/result.js'
import type { ReadOptions } from '../../scenario/reader.js'
import type { Scenario } from '../../scenario/schema.js'
import { readScenario } from '../files/read-scenario.js'
import type { RunOptions } from '../run-options.js'
import { runScenario } from '../run-scenario.js'
import { type SendOptions, type Sent, sendMessage } from '../send-message.js'
import { journalStale } from '../terminals/journal-options.js'
import { type Check, kind, listOf, objectOf, oneOfTexts } from './arguments.js'
import { dialectChoice, messageData } from './checked-codec.js'
import { addressChoice, addressIn, keyChoice, keysIn, tlsData } from './library-proxy.js'
import { inOptions, namingOptions } from './option-names.js'
import { trafficChecks } from './traffic-checks.js'

const { abortSignal, amount, anyObject, call, flag, list, text, whole } = kind

export interface LibrarySendOptions extends Omit<SendOptions, 'keys' | 'timeoutMs' | 'around'> {
  /** A key file, or its keys; left out: the keys of the environment, or the test keys. */
  readonly keys?: KeySet | string | undefined
  /** Milliseconds to wait for the answer; 30,000 when left out. */
  readonly timeoutMs?: number | undefined
}

const usualTimeoutMs = 30_000

const sendOptions = objectOf(
  {
    ...{
      dialect: dialectChoice,
      framing: text,
      codec: oneOfTexts('isochron', 'iso_8583'),
      keys: keyChoice,
      tls: tlsData,
    },
    ...{ target: addressChoice, message: messageData, timeoutMs: amount, signal: abortSignal },
    ...{ onWaiting: call, onUnmatched: call },
  } satisfies Record<keyof LibrarySendOptions, Check>,
  ['dialect', 'target', 'message'],
)

/**
 * Sends one message on a connection of its own. Rejects with PackError for a message that does not fit the dialect, with
 * UsageError for options that do not fit, with StartError when the host cannot be reached.
 */
export async function sendChecked(options: LibrarySendOptions): Promise<Sent> {
  sendOptions('sendMessage', options)
  const { target, keys: named, timeoutMs = usualTimeoutMs, ...rest } = options
  return await namingOptions(async () => {
    const keys = keysIn(named)
    const sent = await sendMessage({
      ...rest,
      timeoutMs,
      target: addressIn(target, 'target:') ?? target,
      ...(keys === undefined ? {} : { keys }),
    })
    return sent.kind === 'noAnswer' ? { ...sent, reason: inOptions(sent.reason) } : sent
  })
}

const readOptions = objectOf({
  ...{ set: listOf(text), flags: list, with: listOf(text), dialectNamed: call },
} satisfies Record<keyof ReadOptions, Check>)

/**
 * The scenario in `text`; `file` is its name in errors, and names in it begin in its folder. Throws UsageError with one
 * line per problem.
 */
export function readCheckedScenario(source: string, file: string, options: ReadOptions = {}): Scenario {
  text('readScenario: text', source)
  text('readScenario: file', file)
  readOptions('readScenario: options', options)
  return readScenario(source, file, options)
}

const share = objectOf({ index: whole, of: whole } satisfies Record<keyof Share, Check>, ['index', 'of'])
const runOptions = objectOf(
  {
    ...{ source: text, remedies: listOf(text), signal: abortSignal, outDir: text, keep: oneOfTexts('all', 'late') },
    language: oneOfTexts('en', 'zh'),
    ...{ onSnapshot: call, onProgress: call, onTrace: call, onResult: call, onPart: call },
    ...{ metered: flag, allowSaturated: flag, traffic: objectOf(trafficChecks), pacing: oneOfTexts(...pacings) },
    ...{ journal: text, journalIn: anyObject, journalStale: oneOfTexts(...journalStale), payouts: text, ledger: text },
    ...{
      ledgerAccess: objectOf({ run: text, keyFile: text, passwordFile: text }),
      clock: oneOfTexts('real', 'virtual'),
    },
    ...{ networkOn: call, world: anyObject, share, startAtWall: amount, generator: anyObject },
    workers: (place, value) => (value === 'auto' ? undefined : whole(place, value)),
  } satisfies Record<keyof RunOptions, Check>,
  ['source'],
)

/** Throws UsageError for a scenario that does not fit together, StartError when nothing could be reached. */
export async function runChecked(scenario: Scenario, options: RunOptions): Promise<Result> {
  scenarioData('runScenario: scenario', scenario)
  runOptions('runScenario: options', options)
  return await namingOptions(() => runScenario(scenario, options))
}

/** The sections that every scenario has when it was read. */
const sections = {
  ...{ name: text, dialect: anyObject, terminals: anyObject, messages: anyObject, acquirer: anyObject, load: list },
  ...{ faults: list, profiles: anyObject, timely: anyObject, thresholds: list, remedies: anyObject },
} satisfies Partial<Record<keyof Scenario, Check>>

const scenarioData: Check = (place, value) => {
  anyObject(place, value)
  const read = `${place} (as readScenario returns it)`
  for (const [name, check] of Object.entries(sections))
    check(`${read}.${name}`, (value as Record<string, unknown>)[name])
}

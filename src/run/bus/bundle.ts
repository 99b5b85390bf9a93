// The scenario and the files it names, on their way to the generators. Rule: cards, keys and certificates never are among them; a
// generator has those itself, and says by their fingerprints that they are the same.

import { writeFileSync } from 'node:fs'
import { basename, isAbsolute, join } from 'node:path'
import { deflateRawSync, inflateRawSync } from 'node:zlib'
import { z } from 'zod'
import { StartError, UsageError } from '../../base/errors.js'
import { maxMessageBytes } from '../../cluster/protocol.js'
import { builtInDialect } from '../../codec/dialects/index.js'
import { isDialectFile } from '../../codec/importers/dialect-file-name.js'
import { importDialect } from '../../codec/importers/import-dialect.js'
import { sha256 } from '../../crypto/sha256.js'
import { loadScenario } from '../../scenario/reader.js'
import type { Scenario } from '../../scenario/schema.js'
import type { ReadNamedDialect } from '../../scenario/spoken-dialect.js'
import { cardFileOf } from '../../terminal/options/card-options.js'
import { readBounded } from '../disk/read-bounded.js'
import { readText } from '../files/read-dialect.js'
import { readRunKeys } from '../keys/run-keys.js'

/** Bytes of all that a run needs, unpacked. */
const maxBundleBytes = 600 * 1024 * 1024

const texts = z.record(z.string(), z.string())
const bundleSchema = z.object({
  source: z.string(),
  remedies: z.array(z.string()),
  seed: z.number().int().min(0),
  /** Spec files of dialects, by the names that the scenario and these files give them. */
  specs: texts,
  recordings: texts,
})
export type Bundle = z.output<typeof bundleSchema>

/** Cut into messages of the bus. */
export interface PackedBundle {
  readonly chunks: readonly Uint8Array[]
  readonly sha256: string
}

export function packBundle(bundle: Bundle): PackedBundle {
  const text = JSON.stringify(bundle)
  const bytes = deflateRawSync(text)
  const count = Math.max(1, Math.ceil(bytes.length / maxMessageBytes))
  const chunks = Array.from({ length: count }, (_, i) => bytes.subarray(i * maxMessageBytes, (i + 1) * maxMessageBytes))
  return { chunks, sha256: sha256(text) }
}

/** Throws StartError for bytes that are no bundle, or not the one that was announced. */
export function unpackBundle(bytes: Uint8Array, announced: string): Bundle {
  let text: string
  try {
    text = inflateRawSync(bytes, { maxOutputLength: maxBundleBytes }).toString('utf8')
  } catch (cause) {
    throw new StartError('the scenario that came over the bus cannot be unpacked', { cause })
  }
  if (sha256(text) !== announced) throw new StartError('the scenario that came over the bus is not the one announced')
  const checked = bundleSchema.safeParse(JSON.parse(text))
  if (!checked.success) throw new StartError('the bus did not deliver a scenario')
  return checked.data
}

/** The scenario in `source`, read again from its file's place, with every text that it names. */
export function gatherBundle(source: string, file: string, known: Pick<Bundle, 'remedies' | 'seed'>): Bundle {
  const specs: Record<string, string> = {}
  const dialectNamed: ReadNamedDialect = (name, folder) => {
    if (!isDialectFile(name)) return builtInDialect(name)
    const path = isAbsolute(name) ? name : join(folder, name)
    specs[name] = readText(path)
    return importDialect(specs[name], path, (inner) => {
      const text = readText(isAbsolute(inner) ? inner : join(path, '..', inner))
      specs[`${name}\n${inner}`] = text
      return text
    })
  }
  const { scenario } = loadScenario(source, file, { dialectNamed })
  const recordings = Object.fromEntries(
    scenario.load.flatMap((phase, index) =>
      'replay' in phase ? [[String(index), readRecordingText(phase.replay)]] : [],
    ),
  )
  return { source, ...known, specs, recordings }
}

function readRecordingText(file: string): string {
  const text = readBounded(file, maxBundleBytes)?.toString('utf8')
  if (text === undefined) throw new UsageError('too long to be sent to generators', { where: `${file}:` })
  return text
}

/**
 * The scenario of a bundle. `folder`: of this process alone, where recordings are put. `files`: the folder with cards and
 * certificates; `keys`: the key file. Throws UsageError.
 */
export function scenarioOfBundle(
  { source, seed, specs, recordings }: Bundle,
  own: { readonly folder: string; readonly files: string | undefined; readonly keys: string | undefined },
): Scenario {
  const dialectNamed: ReadNamedDialect = (name) => {
    const text = specs[name]
    if (!isDialectFile(name) || text === undefined) return builtInDialect(name)
    return importDialect(text, name, (inner) => specs[`${name}\n${inner}`] ?? '')
  }
  const { scenario } = loadScenario(source, 'scenario.yaml', { dialectNamed })
  const load = scenario.load.map((phase, index) => {
    if (!('replay' in phase)) return phase
    const replay = join(own.folder, `recording-${index}.jsonl`)
    writeFileSync(replay, recordings[index] ?? '', { mode: 0o600 })
    return { ...phase, replay }
  })
  const { terminals, tls } = scenario
  const cards = cardFileOf(terminals.cards)
  const here = (name: string, what: string) => ownFile(name, what, own.files)
  const keys = own.keys ?? (scenario.keys === undefined ? undefined : keysHere(scenario.keys, own.files))
  return {
    ...scenario,
    seed,
    load,
    ...(cards !== undefined && { terminals: { ...terminals, cards: here(cards, 'cards') } }),
    ...(keys !== undefined && { keys }),
    ...(tls !== undefined && {
      tls: {
        ...tls,
        ...Object.fromEntries(
          (['ca', 'cert', 'key'] as const).flatMap((part) => {
            const name = tls[part]
            return name === undefined ? [] : [[part, here(name, part)]]
          }),
        ),
      },
    }),
  }
}

const keysHere = (name: string, files: string | undefined) => (name === 'none' ? name : ownFile(name, 'keys', files))

function ownFile(name: string, what: string, files: string | undefined): string {
  if (files === undefined)
    throw new UsageError(
      `the scenario names a file of its ${what} (${basename(name)}), which never goes over the bus: say --files with the folder where it is`,
    )
  return join(files, basename(name))
}

/** Fingerprints of what must be the same everywhere and is sent nowhere. Throws UsageError for a file that is not there. */
export function fingerprints({ terminals, keys }: Scenario): {
  readonly files: Readonly<Record<string, string>>
  readonly kcvs: readonly string[]
} {
  const cards = cardFileOf(terminals.cards)
  const kcvs = readRunKeys(keys).set.keys.map(({ name, kcv }) => `${name} ${kcv}`)
  return { files: cards === undefined ? {} : { cards: sha256(readText(cards)) }, kcvs }
}

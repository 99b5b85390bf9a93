// Random and mutated input for every built-in dialect and every importer. Rule: whatever comes in, the answer is a value or
// a typed error, soon; what unpacks packs back to the same bytes. A case can be repeated from its seed and number.

import { performance } from 'node:perf_hooks'
import { UsageError } from '../src/base/errors.js'
import { createRandom, type Random } from '../src/base/random.js'
import { createZone } from '../src/base/zone.js'
import type { Codec } from '../src/codec/codec.js'
import { compile } from '../src/codec/compile.js'
import type { Dialect } from '../src/codec/dialect.js'
import { builtInDialects } from '../src/codec/dialects/index.js'
import { importDialect } from '../src/codec/importers/import-dialect.js'
import { PackError } from '../src/codec/pack-error.js'
import { UnpackError } from '../src/codec/unpack-error.js'
import { planMessage } from '../src/terminal/requests/message-plan.js'
import { sampleText } from '../src/terminal/requests/placeholder-names.js'
import { mutateBytes, mutateText } from './mutations.js'
import { specFiles } from './spec-samples.js'

/** One thing that takes input from outside. */
export interface Subject {
  readonly name: string
  /** True when the input was taken, false when it was refused in the proper way. Throws for anything else. */
  run(random: Random): boolean
}

export interface FuzzTally {
  readonly name: string
  readonly cases: number
  readonly taken: number
  readonly slowestMs: number
  /** The first few that went wrong: the case's number and what was thrown. */
  readonly failures: readonly string[]
}

/** Milliseconds that one case may take: a thousand times what they do take. */
export const caseBudgetMs = 1000

/** Kept of each subject: one is enough to repeat it. */
const mostFailures = 5

export const subjects = (): readonly Subject[] => [
  ...builtInDialects.map(dialectSubject),
  ...specFiles().map(importSubject),
]

/** Runs cases `from` up to but not including `to` of one subject. */
export function fuzz(subject: Subject, { from, to, seed }: { from: number; to: number; seed: number }): FuzzTally {
  const failures: string[] = []
  let taken = 0
  let slowestMs = 0
  for (let number = from; number < to; number++) {
    const run = () => runOne(subject, createRandom(seed).fork(`${subject.name} ${number}`))
    const first = run()
    // A busy machine may hold any case up once; one that is slow of itself is slow twice.
    const { outcome, ms } = first.ms > caseBudgetMs ? run() : first
    if (outcome === 'taken') taken++
    else if (outcome !== 'refused') failures.push(`case ${number}: ${outcome}`)
    if (ms > caseBudgetMs) failures.push(`case ${number}: took ${ms.toFixed(0)} ms`)
    slowestMs = Math.max(slowestMs, ms)
  }
  return { name: subject.name, cases: to - from, taken, slowestMs, failures: failures.slice(0, mostFailures) }
}

/** `taken`, `refused`, or the beginning of the stack of what was thrown. */
function runOne(subject: Subject, random: Random): { readonly outcome: string; readonly ms: number } {
  const startedAt = performance.now()
  let outcome: string
  try {
    outcome = subject.run(random) ? 'taken' : 'refused'
  } catch (error) {
    outcome = (error as Error).stack?.split('\n').slice(0, 3).join(' ') ?? String(error)
  }
  return { outcome, ms: performance.now() - startedAt }
}

function dialectSubject(dialect: Dialect): Subject {
  // Made for the first case: whoever tries another subject does not wait for this one.
  let made: { readonly codec: Codec; readonly messages: readonly Uint8Array[] } | undefined
  return {
    name: dialect.name,
    run(random) {
      made ??= withMessages(dialect)
      const { codec, messages } = made
      const bytes = random.below(4) === 0 ? randomBytes(random, messages) : mutateBytes(pick(random, messages), random)
      // Never throws, and keeps what could be read.
      const { error } = codec.inspect(bytes)
      const isPeeked = refused(UnpackError, () => lookAtAll(codec, bytes)) !== undefined
      const message = refused(UnpackError, () => codec.unpack(bytes))
      if (message === undefined)
        return expectThat(error !== undefined, 'inspect() found no error, unpack() did') && false
      expectThat(isPeeked && error === undefined, 'unpack() took what peek() or inspect() refused')
      expectThat(Buffer.compare(codec.pack(message), bytes) === 0, 'packed back to other bytes')
      return true
    },
  }
}

function lookAtAll(codec: Codec, bytes: Uint8Array): true {
  const peek = codec.peek(bytes)
  for (const field of Object.keys(codec.dialect.fields)) {
    peek.text(Number(field))
    peek.raw(Number(field))
  }
  return true
}

function withMessages(dialect: Dialect) {
  const codec = compile(dialect)
  return { codec, messages: packedMessages(dialect, codec) }
}

/** Every message that the dialect sends and that sample values can fill. */
function packedMessages(dialect: Dialect, codec: Codec): readonly Uint8Array[] {
  const zone = createZone('UTC')
  return Object.entries(dialect.messages).flatMap(([name, definition]) => {
    const plan = planMessage(name, definition, codec, zone)
    const packed = refused(PackError, () => {
      const target = Buffer.alloc(plan.template.maxBytes)
      return target.subarray(0, plan.template.write(target, 0, plan.fill(sampleText, 0)))
    })
    return packed ?? []
  })
}

/** Bytes without sense, half of them behind the start of a message: noise alone does not come past the bitmap. */
function randomBytes(random: Random, messages: readonly Uint8Array[]): Uint8Array {
  const noise = Uint8Array.from({ length: random.below(300) }, () => random.below(256))
  const start = random.below(2) === 0 ? pick(random, messages).subarray(0, 4 + random.below(36)) : new Uint8Array(0)
  return Buffer.concat([start, noise])
}

function importSubject({ name, file, text }: ReturnType<typeof specFiles>[number]): Subject {
  return {
    name,
    run(random) {
      const input = random.below(20) === 0 ? noiseText(random) : mutateText(text, random)
      const dialect = refused(UsageError, () => importDialect(input, file))
      if (dialect === undefined) return false
      const codec = compile(dialect)
      for (const { mti } of Object.values(dialect.messages)) refused(PackError, () => codec.pack({ mti, fields: {} }))
      refused(UnpackError, () => codec.unpack(Uint8Array.from({ length: 40 }, () => random.below(256))))
      return true
    },
  }
}

const noiseText = (random: Random) =>
  String.fromCharCode(
    ...Array.from({ length: random.below(400) }, () => random.below(random.below(2) === 0 ? 128 : 65_536)),
  )

type ErrorClass = abstract new (...args: never[]) => Error

/** The value, or undefined when it is refused by an error of this class. Any other error goes on. */
function refused<Value>(kind: ErrorClass, work: () => Value): Value | undefined {
  try {
    return work()
  } catch (error) {
    if (error instanceof kind) return undefined
    throw error
  }
}

function expectThat(holds: boolean, otherwise: string): true {
  if (!holds) throw new Error(otherwise)
  return true
}

const pick = <Item>(random: Random, items: readonly Item[]): Item => items[random.below(items.length)] as Item

// Reads a capture with the older parts that a full recording left beside it, or several files of one.

import { existsSync } from 'node:fs'
import { maskText } from '../../base/mask.js'
import { type CaptureFiles, isCapture, readCapture } from '../../doctor/pcap.js'
import { olderParts, partName } from '../../run/disk/recording-parts.js'
import { type Io, isStdin } from '../io.js'
import { inputName, readBeginning } from './read-input.js'

export interface ReadCaptures {
  /** One file where there are no others: it may be no capture. Of several, the oldest first. */
  readonly files: CaptureFiles
  /** For headings and errors. */
  readonly name: string
  /** The files that were read beside the file that was named, what is missing and what was left out, in sentences. */
  readonly notes: readonly string[]
}

interface Part {
  readonly file: string | undefined
  readonly bytes: Uint8Array
}

/**
 * One file: it and its older parts (FILE.1, FILE.2 …), if they are captures that began before it. Several: those alone. At most
 * `most` bytes of all, the newest first. Throws UsageError for what cannot be read.
 */
export async function readCaptures(io: Io, given: readonly string[], most: number): Promise<ReadCaptures> {
  const [only] = given
  const isOne = given.length < 2
  const named = isOne ? [only, ...olderOf(only)] : given
  const notes: string[] = []
  const parts: Part[] = []
  let room = most
  for (const file of named) {
    const shown = maskText(inputName(file))
    if (room <= 0) {
      notes.push(`${shown}: left out, because all together have more than ${most} bytes`)
      continue
    }
    const { bytes, isCut } = await readBeginning(io, file, room)
    const newer = parts.at(-1)
    if (isOne && newer !== undefined && !isOlder(bytes, newer.bytes)) {
      notes.push(`${shown}: left out, because it is no capture from before ${maskText(inputName(newer.file))}`)
      break
    }
    if (isCut) notes.push(`${shown}: looking at the first ${room} bytes`)
    room -= bytes.length
    parts.push({ file, bytes })
  }
  const first = parts[0] as Part
  const name = maskText(inputName(only))
  if (parts.length === 1) return { files: first.bytes, name, notes: [...notes, ...holesOf(only)] }
  const sorted = isOne ? parts.reverse() : inTime(parts)
  const order = `read in this order: ${sorted.map(({ file }) => maskText(inputName(file))).join(', ')}`
  return {
    files: sorted.map(({ bytes }) => bytes),
    name: isOne ? name : `${name} and ${parts.length - 1} more`,
    notes: [order, ...notes, ...(isOne ? holesOf(only) : [])],
  }
}

/** The older parts of a recording that are there, the newest of them first. */
function olderOf(file: string | undefined): readonly string[] {
  if (file === undefined || isStdin(file)) return []
  const names = Array.from({ length: olderParts }, (_, index) => partName(file, index + 1))
  return names.filter((name) => existsSync(name))
}

function holesOf(file: string | undefined): readonly string[] {
  const there = olderOf(file)
  const oldest = there.at(-1)
  if (file === undefined || oldest === undefined) return []
  const numbers = Array.from({ length: olderParts }, (_, index) => index + 1)
  const last = numbers.findLast((number) => partName(file, number) === oldest) ?? 0
  const missing = numbers.slice(0, last).filter((number) => !there.includes(partName(file, number)))
  return [
    ...missing.map((number) => `${maskText(partName(file, number))} is missing: there is a hole in what was read`),
    ...(last === olderParts
      ? [`${maskText(oldest)} is the oldest part that is kept: what came before it may be gone`]
      : []),
  ]
}

const beganAt = (bytes: Uint8Array): number => readCapture(bytes).packets[0]?.atMs ?? Number.POSITIVE_INFINITY

const isOlder = (bytes: Uint8Array, newer: Uint8Array): boolean =>
  isCapture(bytes) && isCapture(newer) && beganAt(bytes) <= beganAt(newer)

const inTime = (parts: readonly Part[]): readonly Part[] =>
  parts
    .map((part) => ({ part, at: beganAt(part.bytes) }))
    .sort((one, other) => one.at - other.at)
    .map(({ part }) => part)

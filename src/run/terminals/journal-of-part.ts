// The journal of one part: two parts must not write one file, and each must find its own again.

import type { Share } from '../../base/share.js'

/** `pos.journal` → `pos.part-03-of-20.journal`. */
export function journalOfPart(file: string, { index, of }: Share): string {
  const part = `part-${String(index + 1).padStart(String(of).length, '0')}-of-${of}`
  const dot = /\.[^./\\]+$/.exec(file)?.index ?? file.length
  return `${file.slice(0, dot)}.${part}${file.slice(dot)}`
}

/** The parts, from 1, of which no journal is among these files: by the names that journalOfPart gives. */
export function partsWithoutJournal(files: readonly string[]): readonly number[] {
  const named = files.flatMap((file) => {
    const [, part, of] = /\.part-(\d+)-of-(\d+)(?:\.[^./\\]+)?$/.exec(file) ?? []
    return part === undefined || of === undefined ? [] : [{ part: Number(part), of: Number(of) }]
  })
  const of = Math.max(0, ...named.map((each) => each.of))
  const there = new Set(named.map(({ part }) => part))
  return Array.from({ length: of }, (_, index) => index + 1).filter((part) => !there.has(part))
}

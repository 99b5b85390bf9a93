// One byte for each character: ASCII, Latin-1 and EBCDIC, restricted to an alphabet.

import type { Source } from '../source.js'
import type { Alphabet } from './alphabet.js'
import { type EbcdicPage, ebcdicToLatin1 } from './ebcdic.js'
import type { Encoding } from './encoding.js'

export type CharacterSet = 'ascii' | 'latin1' | EbcdicPage

/** For each byte the code of its character, or -1 where the alphabet or the set has none; and the way back. */
export interface CharacterTable {
  readonly codeOf: Readonly<Int16Array>
  readonly byteOf: Readonly<Int16Array>
}

/** Fields of a kind share one table: a dialect has more than a hundred fields, and about ten kinds. */
const tables = new WeakMap<Alphabet, Map<CharacterSet, CharacterTable>>()

export function characterTable(set: CharacterSet, alphabet: Alphabet): CharacterTable {
  const known = tables.get(alphabet) ?? new Map<CharacterSet, CharacterTable>()
  tables.set(alphabet, known)
  const table = known.get(set) ?? makeTable(set, alphabet)
  known.set(set, table)
  return table
}

function makeTable(set: CharacterSet, alphabet: Alphabet): CharacterTable {
  const codes =
    set === 'ascii' || set === 'latin1' ? Uint8Array.from({ length: 256 }, (_, i) => i) : ebcdicToLatin1(set)
  const codeOf = new Int16Array(256).fill(-1)
  const byteOf = new Int16Array(256).fill(-1)
  for (const [byte, code] of codes.entries()) {
    if (alphabet[code] !== 1 || (set === 'ascii' && code > 0x7e)) continue
    codeOf[byte] = code
    byteOf[code] = byte
  }
  return { codeOf, byteOf }
}

export function characters(set: CharacterSet, alphabet: Alphabet): Encoding {
  const table = characterTable(set, alphabet)
  const { codeOf, byteOf } = table
  return {
    halves: 2,
    extra: 0,
    span: 1,
    measure: (value) => value.length,
    write(target, at, value) {
      for (let index = 0; index < value.length; index++) {
        const byte = byteOf[value.charCodeAt(index)] as number
        // Beyond the table is undefined, which is not >= 0 either.
        if (!(byte >= 0)) return false
        target[at + index] = byte
      }
      return true
    },
    ...(set === 'ascii' || set === 'latin1'
      ? { read: readSame(codeOf), copy: copySame(codeOf) }
      : { read: readTranslated(codeOf) }),
  }
}

function copySame(codeOf: Readonly<Int16Array>): NonNullable<Encoding['copy']> {
  return (bytes, at, end, target, to) => {
    let all = 0
    for (let index = at; index < end; index++) {
      const byte = bytes[index] as number
      all |= codeOf[byte] as number
      target[to + index - at] = byte
    }
    return all >= 0
  }
}

/** Bytes that are the codes of their characters. Whether one is none shows in the sign of all together, in one pass without a branch. */
function readSame(codeOf: Readonly<Int16Array>): Encoding['read'] {
  return (source, at, end) => {
    const { bytes } = source
    let all = 0
    for (let index = at; index < end; index++) all |= codeOf[bytes[index] as number] as number
    return all < 0 ? undefined : source.text(at, end)
  }
}

function readTranslated(codeOf: Readonly<Int16Array>): Encoding['read'] {
  return ({ bytes }: Source, at, end) => {
    const latin1 = Buffer.allocUnsafe(end - at)
    for (let index = at; index < end; index++) {
      const code = codeOf[bytes[index] as number] as number
      if (code < 0) return undefined
      latin1[index - at] = code
    }
    return latin1.toString('latin1')
  }
}

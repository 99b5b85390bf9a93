// Chinese text in GBK: one or two bytes for each character, and lengths count the bytes. Bytes below 0x80 are ASCII.

import { createRequire } from 'node:module'
import type * as Iconv from 'iconv-lite'
import type { Alphabet } from './alphabet.js'
import { characters } from './characters.js'
import type { Encoding } from './encoding.js'

let loaded: typeof Iconv | undefined

/** Its tables are loaded with the first character that is not ASCII: few messages hold one. */
function iconv(): typeof Iconv {
  loaded ??= createRequire(import.meta.url)('iconv-lite') as typeof Iconv
  return loaded
}

/** Only kinds with special characters (`wide`) may hold more than the ASCII part of their alphabet. */
export function gbk(alphabet: Alphabet, wide: boolean): Encoding {
  const ascii = characters('ascii', alphabet)
  const isAllowed = (text: string) => {
    for (let index = 0; index < text.length; index++) {
      const code = text.charCodeAt(index)
      if (code < 0x80 ? alphabet[code] !== 1 : !wide || code < 0xa0 || code === 0xfffd) return false
    }
    return true
  }
  return {
    halves: 2,
    extra: 0,
    span: 0,
    measure: (value) => (isAsciiText(value) ? value.length : iconv().encode(value, 'gbk').length),
    write(target, at, value) {
      if (isAsciiText(value)) return ascii.write(target, at, value)
      const bytes = iconv().encode(value, 'gbk')
      // Characters that GBK does not have are encoded as '?', so look at what a reader would see.
      if (!isAllowed(value) || iconv().decode(bytes, 'gbk') !== value) return false
      for (let index = 0; index < bytes.length; index++) target[at + index] = bytes[index] as number
      return true
    },
    read(source, at, end, units) {
      if (isAsciiBytes(source.bytes, at, end)) return ascii.read(source, at, end, units)
      const body = source.bytes.subarray(at, end)
      const text = iconv().decode(body, 'gbk')
      return isAllowed(text) && iconv().encode(text, 'gbk').equals(body) ? text : undefined
    },
  }
}

function isAsciiText(text: string): boolean {
  for (let index = 0; index < text.length; index++) if (text.charCodeAt(index) >= 0x80) return false
  return true
}

function isAsciiBytes(bytes: Uint8Array, at: number, end: number): boolean {
  for (let index = at; index < end; index++) if ((bytes[index] as number) >= 0x80) return false
  return true
}

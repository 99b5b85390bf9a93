// The framings by name: what `--framing` and a dialect's `framing` may say.

import { UsageError } from '../base/errors.js'
import { suggestion } from '../base/suggest.js'
import type { Framing } from './framing.js'

/** Every framing, the usual ones first. */
export const framings: readonly Framing[] = [
  {
    name: 'binary2',
    about: '2-byte binary length, not counting itself (jPOS NACChannel; moov Binary2Bytes)',
    length: { kind: 'binary', bytes: 2 },
  },
  {
    name: 'binary2-inclusive',
    about: '2-byte binary length that counts itself',
    length: { kind: 'binary', bytes: 2 },
    lengthAdds: 2,
  },
  { name: 'binary4', about: '4-byte binary length (jPOS RawChannel)', length: { kind: 'binary', bytes: 4 } },
  {
    name: 'binary4-inclusive',
    about: '4-byte binary length that counts itself',
    length: { kind: 'binary', bytes: 4 },
    lengthAdds: 4,
  },
  {
    name: 'ascii4',
    about: '4 ASCII digits (jPOS ASCIIChannel; moov ASCII4Bytes)',
    length: { kind: 'ascii', digits: 4 },
  },
  {
    name: 'ascii4-inclusive',
    about: '4 ASCII digits that count themselves',
    length: { kind: 'ascii', digits: 4 },
    lengthAdds: 4,
  },
  {
    name: 'bcd2',
    about: '2 bytes of packed digits (jPOS NCCChannel; moov BCD2Bytes)',
    length: { kind: 'bcd', bytes: 2 },
  },
  {
    name: 'bcd2-inclusive',
    about: '2 bytes of packed digits that count themselves',
    length: { kind: 'bcd', bytes: 2 },
    lengthAdds: 2,
  },
  {
    name: 'hex4',
    about: '4 hexadecimal characters, small letters (jPOS HEXChannel; moov Hex4Bytes reads them)',
    length: { kind: 'hex', digits: 4 },
  },
  { name: 'binary1', about: '1-byte binary length, messages up to 255 bytes', length: { kind: 'binary', bytes: 1 } },
  { name: 'ascii2', about: '2 ASCII digits, messages up to 99 bytes', length: { kind: 'ascii', digits: 2 } },
  { name: 'ascii3', about: '3 ASCII digits, messages up to 999 bytes', length: { kind: 'ascii', digits: 3 } },
  { name: 'ascii5', about: '5 ASCII digits', length: { kind: 'ascii', digits: 5 } },
  { name: 'ascii6', about: '6 ASCII digits', length: { kind: 'ascii', digits: 6 } },
  {
    name: 'vap',
    about: '2-byte binary length, then 00 00 that it does not count (Visa VAP; jPOS VAPChannel; moov VMLH)',
    length: { kind: 'binary', bytes: 2 },
    filler: '0000',
    anyFiller: true,
    polls: 'echo',
  },
  {
    name: 'cs',
    about: '2-byte binary length, then 00 00 that it does not count (jPOS CSChannel)',
    length: { kind: 'binary', bytes: 2 },
    filler: '0000',
    polls: 'echo',
  },
  {
    name: 'gicc',
    about: '00 00, then a 2-byte binary length (German GICC; jPOS GICCChannel)',
    length: { kind: 'binary', bytes: 2 },
    fillerBefore: '0000',
    polls: 'echo',
  },
  {
    name: 'amex',
    about: '2-byte binary length that counts itself (American Express; jPOS AmexChannel)',
    length: { kind: 'binary', bytes: 2 },
    lengthAdds: 2,
    polls: 'echo',
  },
  {
    name: 'base24',
    about: '2-byte binary length that counts the ETX (03) which ends every message (jPOS BASE24TCPChannel)',
    length: { kind: 'binary', bytes: 2 },
    trailer: '03',
    polls: 'echo',
  },
  {
    name: 'cmf',
    about: '3-byte binary length (jPOS CMFChannel)',
    length: { kind: 'binary', bytes: 3 },
    polls: 'echo',
  },
  {
    name: 'rbp',
    about: 'D0 4A, a 2-byte binary length, then 00 00: the last or only part (jPOS RBPChannel)',
    length: { kind: 'binary', bytes: 2 },
    fillerBefore: 'D04A',
    filler: '0000',
  },
  {
    name: 'etx',
    about:
      'no length: an ETX (03) ends every message, which must be text (BASE24 on a serial line; jPOS BASE24Channel)',
    length: { kind: 'end', with: '03' },
  },
  {
    name: 'xml',
    about: 'no length: a message is an element isomsg of XML, with a line feed behind it (jPOS XMLChannel)',
    length: { kind: 'element', name: 'isomsg' },
    trailer: '0A',
  },
  {
    name: 'none',
    about: 'no length: a message ends where its last field ends',
    length: { kind: 'none' },
  },
]

/**
 * `vap,polls=skip` is framing vap that answers no polls; `polls=echo` one that does. Throws UsageError, with the nearest known
 * name, for one that is not known.
 */
export function framingNamed(spelled: string): Framing {
  const [name = '', option, ...rest] = spelled.split(',')
  const framing = namedAlone(name)
  if (option === undefined) return framing
  if (rest.length > 0 || !/^polls=(echo|skip)$/.test(option))
    throw new UsageError(`framing '${spelled}': expected a name, or a name and polls=echo or polls=skip behind a comma`)
  const { polls: _polls, ...others } = framing
  return option === 'polls=echo' ? { ...framing, polls: 'echo' } : others
}

function namedAlone(name: string): Framing {
  const found = framings.find((framing) => framing.name === name)
  if (found !== undefined) return found
  const names = framings.map((framing) => framing.name)
  throw new UsageError(`unknown framing '${name}'${suggestion(name, names)}; known are ${names.join(', ')}`)
}

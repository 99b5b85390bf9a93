// The words of a host about a message that it cannot read: why, and which bytes stand in front of the message that was
// meant.

import { counted } from '../../base/text/counted.js'
import type { Codec } from '../../codec/codec.js'
import { frontWords } from '../../doctor/front.js'
import { messageStarts } from '../../doctor/trimmed.js'
import type { Received } from '../../transport/wire/wire.js'

/** No value of any field. */
export function unreadableWords(codec: Codec, { frame, error }: Pick<Received, 'frame' | 'error'>): string {
  const { dialect } = codec
  const problem = `a message of ${counted(frame.length, 'byte')} cannot be read as ${dialect.name}: ${error?.message ?? ''}`
  // A start counts only when the whole message after it can be read.
  const start = messageStarts(frame, dialect).find((at) => codec.inspect(frame.subarray(at)).error === undefined)
  if (start === undefined) return `${problem}; isochron doctor guesses what the peer speaks`
  // The frame's own length was taken off: two bytes stand for it, whatever the framing is.
  const { name, notes } = frontWords({
    bytes: frame.subarray(0, start),
    bodyBytes: frame.length - start,
    prefixBytes: 2,
  })
  return `${problem}; a message of ${dialect.name} begins behind ${name}${notes.map((note) => `: ${note}`).join('')}`
}

// Messages to send or to pack, in whatever form a person has them: JSON, or everything that `decode` reads.

import { UsageError } from '../../base/errors.js'
import type { Message } from '../../codec/message.js'
import { printableText } from '../../doctor/pasted/pasted.js'
import { framingNamed } from '../../framing/framings.js'
import type { Speaker } from '../../run/dialect-speaker.js'
import type { Io } from '../io.js'
import { parseMessages } from './parse-messages.js'
import { inputName, readInput } from './read-input.js'
import { type ReadMessage, readMessages } from './read-messages.js'

export interface GivenMessage {
  readonly message: Message
  /** MTI to last field as it was given; undefined for JSON, which has yet to be packed. */
  readonly body?: Uint8Array
  /** Bytes of a header that the dialect does not declare, behind which the message was found. */
  readonly unknownHeader?: number
  /** `line 3`, `message 2`: its place in the input, where the input holds several. */
  readonly place: string | undefined
}

export interface GivenForm {
  /** The framing of the lengths in front of pasted messages; the dialect's own when left out. */
  readonly framing: string | undefined
}

type Speaking = Pick<Speaker, 'codec' | 'dialect'>

/** Messages of a file or of stdin. Throws what givenIn throws. */
export async function readGiven(
  io: Io,
  file: string | undefined,
  speaker: Speaking,
  form: GivenForm,
): Promise<readonly GivenMessage[]> {
  return givenIn(await readInput(io, file), inputName(file), speaker, form)
}

/** Throws UsageError for an input that is neither form, and for a message that cannot be read to its end. */
export function givenIn(
  bytes: Uint8Array,
  name: string,
  { codec, dialect }: Speaking,
  { framing }: GivenForm,
): readonly GivenMessage[] {
  const text = Buffer.from(bytes).toString('utf8')
  if (looksLikeJson(text)) return placed(parseMessages(text, name))
  const read = readMessages(bytes, { codec, framing: framingNamed(framing ?? dialect.framing) })
  const broken = read.find(({ error }) => error !== undefined)
  if (broken !== undefined)
    throw unreadable(broken, { name, dialect: dialect.name, isText: printableText(bytes) !== undefined })
  return read
}

/** An object, and not a list of bytes in braces. An input without any bytes is told of as missing JSON. */
const looksLikeJson = (text: string) => /^\s*(\{\s*("|\}|$)|$)/.test(text)

const placed = (messages: readonly Message[]): readonly GivenMessage[] =>
  messages.map((message, index) => ({ message, place: messages.length > 1 ? `message ${index + 1}` : undefined }))

function unreadable(
  { error, place, isTyped }: ReadMessage,
  { name, dialect, isText }: { readonly name: string; readonly dialect: string; readonly isText: boolean },
): UsageError {
  const where = `${name}:${place === undefined ? '' : ` ${place}:`}`
  if (isText && !isTyped) {
    const forms = 'expected JSON such as { "mti": "0800", "fields": { "11": "000001" } }, or hex, a dump or base64'
    return new UsageError(`no message: ${forms} of a message of dialect ${dialect}`, { where, cause: error })
  }
  return new UsageError(`${error?.message} (read as dialect ${dialect}; isochron doctor guesses it)`, {
    where,
    cause: error,
  })
}

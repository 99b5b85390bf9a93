// `isochron encode`: JSON in, or any form that `decode` reads; hex or raw bytes out.

import { type ExitCode, exitCode, UsageError } from '../../base/errors.js'
import type { Dialect } from '../../codec/dialect.js'
import type { Message } from '../../codec/message.js'
import type { KeySet } from '../../crypto/keys/key-set.js'
import type { Framing } from '../../framing/framing.js'
import { framingNamed } from '../../framing/framings.js'
import { createPrefix } from '../../framing/prefix.js'
import { dialectSpeaker } from '../../run/dialect-speaker.js'
import type { Command } from '../command.js'
import { codecNamed, dialectOf, flag, messageOptions } from '../flags/options.js'
import { keyOptions } from '../flags/protection-options.js'
import { type GivenMessage, readGiven } from '../input/read-given.js'
import type { Io } from '../io.js'
import { keysToldOf } from '../keys-told.js'

const options = {
  raw: flag('bytes instead of hex'),
  ...messageOptions,
  ...keyOptions,
} as const

export const encodeCommand: Command = {
  name: 'encode',
  flags: Object.keys(options),
  add: (program, choose) =>
    program.command(
      'encode [file]',
      'JSON in, or any form that decode reads; hex or raw bytes out',
      (command) =>
        command
          .positional('file', {
            type: 'string',
            describe: 'file with JSON objects, hex, a dump or raw bytes; - or nothing: stdin',
          })
          .options(options)
          .example('$0 encode message.json', 'a line of hex, without a length in front')
          .example('$0 encode dump.txt --framing ascii4', 'a message from a dump, with another length in front')
          .example('$0 encode message.json --raw --framing binary2 | nc HOST PORT', 'bytes as they go over the wire'),
      (args) =>
        choose(async (io) =>
          encode(io, {
            file: args.file,
            raw: args.raw,
            dialect: await dialectOf(args),
            framing: args.framing,
            codec: codecNamed(args.codec),
            keys: args.keys,
          }),
        ),
    ),
}

interface EncodeOptions {
  readonly file: string | undefined
  readonly raw: boolean
  readonly dialect: Dialect
  readonly framing: string | undefined
  readonly codec: 'isochron' | 'iso_8583'
  readonly keys: string | undefined
}

async function encode(io: Io, options: EncodeOptions): Promise<ExitCode> {
  const speaker = dialectSpeaker(options)
  const framing = options.framing === undefined ? undefined : framingNamed(options.framing)
  const given = await readGiven(io, options.file, speaker, options)
  // Read when a message asks for them, and once: a warning is told once.
  let keys: KeySet | undefined
  const keysOf = () => {
    keys ??= keysToldOf(io, options.keys)
    return keys
  }
  // Loaded where a message asks for a key: most ask for none.
  const asks = given.some(({ message, body }) => body === undefined && JSON.stringify(message.fields).includes('{'))
  const protect = asks ? (await import('../../run/keys/signed-message.js')).packProtected : undefined
  const protection = new Set<string>()
  const pack = ({ message, body, place }: GivenMessage) => {
    if (body !== undefined) return body
    const { bytes, made } = placed(place, () =>
      protect === undefined
        ? { bytes: speaker.codec.pack(message), made: [] }
        : protect(speaker.codec, message, keysOf),
    )
    for (const line of made) protection.add(line)
    return bytes
  }
  // All are packed before the first is written: a bad one leaves nothing half done.
  const packed = given.map((each) => {
    const bytes = withEnvelope(each.message, pack(each))
    return framing === undefined ? bytes : withFrame(bytes, framing)
  })
  for (const bytes of packed)
    io.stdout.write(options.raw ? bytes : `${Buffer.from(bytes).toString('hex').toUpperCase()}\n`)
  for (const line of protection) io.stderr.write(`${line}\n`)
  return exitCode.done
}

function placed<Value>(place: string | undefined, pack: () => Value): Value {
  try {
    return pack()
  } catch (error) {
    if (place === undefined || !(error instanceof Error)) throw error
    throw new UsageError(error.message, { where: `${place}:`, cause: error })
  }
}

/** TPDU and header as the message itself names them. */
function withEnvelope({ tpdu = '', header = '' }: Message, body: Uint8Array): Uint8Array {
  return Buffer.concat([Buffer.from(tpdu + header, 'hex'), body])
}

function withFrame(bytes: Uint8Array, framing: Framing): Uint8Array {
  const prefix = createPrefix(framing)
  const counted = bytes.length + prefix.trailer.length
  const frame = new Uint8Array(prefix.bytes + counted)
  prefix.write(frame, 0, counted)
  frame.set(bytes, prefix.bytes)
  frame.set(prefix.trailer, prefix.bytes + bytes.length)
  return frame
}

// `isochron decode`: hex or raw bytes in, fields out.

import { type ExitCode, exitCode, UsageError } from '../../base/errors.js'
import { counted } from '../../base/text/counted.js'
import type { Codec } from '../../codec/codec.js'
import type { Dialect } from '../../codec/dialect.js'
import { maskInspected } from '../../codec/mask-message.js'
import { doubtOf } from '../../codec/masks/doubt.js'
import { framingNamed } from '../../framing/framings.js'
import { otherProtocol } from '../../framing/misfit.js'
import { dialectSpeaker } from '../../run/dialect-speaker.js'
import type { Command } from '../command.js'
import { codecNamed, dialectOf, flag, messageOptions, text } from '../flags/options.js'
import { inputName, readInput } from '../input/read-input.js'
import { type ReadMessage, readMessages } from '../input/read-messages.js'
import type { Io } from '../io.js'
import { messageTable } from '../message-table.js'

const options = {
  json: flag('one JSON object a line, as `encode` reads it'),
  unmask: flag('show card data; only unmasked output packs back to the same bytes'),
  ...messageOptions,
  keys: text('keys', 'key file: says of every MAC, PIN block and card verification value whether it is valid'),
} as const

export const decodeCommand: Command = {
  name: 'decode',
  flags: Object.keys(options),
  add: (program, choose) =>
    program.command(
      'decode [file]',
      'hex or raw bytes in, fields out',
      (command) =>
        command
          .positional('file', {
            type: 'string',
            describe: 'file with hex (a message a line) or raw bytes; - or nothing: stdin',
          })
          .options(options)
          .example('$0 decode message.hex', 'a table of the fields, masked')
          .example('$0 decode message.hex --keys host-keys.yaml', 'also whether its MAC and PIN block are valid')
          .example('echo 0x0800… | $0 decode --dialect iso87-binary --json', 'one message from a log'),
      (args) =>
        choose(async (io) =>
          decode(io, {
            file: args.file,
            json: args.json,
            unmask: args.unmask,
            dialect: await dialectOf(args),
            framing: args.framing,
            codec: codecNamed(args.codec),
            keys: args.keys,
          }),
        ),
    ),
}

interface DecodeOptions {
  readonly file: string | undefined
  readonly json: boolean
  readonly unmask: boolean
  readonly dialect: Dialect
  readonly framing: string | undefined
  readonly codec: 'isochron' | 'iso_8583'
  readonly keys: string | undefined
}

/**
 * Exit 2 when a message could not be read to its end: what could be read is shown all the same. Exit 3 for a MAC, PIN block or card value that is wrong.
 */
async function decode(io: Io, options: DecodeOptions): Promise<ExitCode> {
  const { codec, dialect } = dialectSpeaker(options)
  const framing = framingNamed(options.framing ?? dialect.framing)
  const input = await readInput(io, options.file)
  const read = readMessages(input, { codec, framing })
  const isMessage = read.some(({ isTyped, message }) => isTyped && Object.keys(message.fields).length > 0)
  const stranger = isMessage ? undefined : strangerIn(input)
  if (stranger !== undefined) throw new UsageError(`no message: ${stranger}`, { where: `${inputName(options.file)}:` })
  if (options.unmask) io.stderr.write('--unmask: card data is shown; handle this output as such\n')
  read.forEach((each, index) => {
    if (!options.json && index > 0) io.stdout.write('\n')
    // Where not even the MTI can be read, what stands in front of it is misread as well.
    const isMisread = each.error !== undefined && each.message.mti === ''
    if (options.json || !isMisread) io.stdout.write(`${show(each, dialect, options)}\n`)
    if (each.error !== undefined) io.stderr.write(`${errorLine(each, options, dialect)}\n`)
    else if (each.unknownHeader !== undefined) io.stderr.write(`${headerLine(each, options)}\n`)
    else if (each.otherFraming !== undefined) io.stderr.write(`${framingLine(each, options)}\n`)
    else if (!options.unmask) tellDoubt(io, each, options, dialect)
    for (const { message } of each.unread ?? []) {
      if (message !== each.error?.message) io.stderr.write(`  ${message}\n`)
    }
  })
  if (read.some(({ error }) => error !== undefined)) return exitCode.usage
  return options.keys === undefined ? exitCode.done : judgeProtection(io, codec, read, options.keys)
}

/** The kind of what is no message, in words. */
function strangerIn(input: Uint8Array): string | undefined {
  if (/^\s*[{[]\s*["{]/.test(Buffer.from(input.subarray(0, 200)).toString('latin1')))
    return 'this looks like JSON: `isochron encode` packs {"mti":"0800","fields":{"11":"000001"}}'
  // The advice behind it is for a connection.
  return otherProtocol(input)?.split(':')[0]
}

/** On stderr, so that JSON on stdout still packs. */
async function judgeProtection(io: Io, codec: Codec, read: readonly ReadMessage[], keyFile: string): Promise<ExitCode> {
  const { keysToldOf } = await import('../keys-told.js')
  const { checkProtection } = await import('../../run/keys/protection-check.js')
  // A look at one message: a file of test keys as git leaves it is warned of.
  const set = keysToldOf(io, keyFile, 'warn')
  const findings = read.flatMap(({ body, front, place }) =>
    checkProtection(codec, body, set, front).map((finding) => ({ place, ...finding })),
  )
  for (const { place, line } of findings) io.stderr.write(`${place === undefined ? '' : `${place}: `}${line}\n`)
  return findings.some(({ isWrong }) => isWrong) ? exitCode.notMet : exitCode.done
}

function show(read: ReadMessage, dialect: Dialect, { json, unmask }: DecodeOptions): string {
  const { message, error, unread = [] } = read
  const shown = unmask ? message : maskInspected(dialect, read)
  if (!json) return messageTable(shown, dialect).join('\n')
  const others = unread.length > 1 ? { unread: unread.map((each) => each.message) } : {}
  return JSON.stringify(error === undefined ? shown : { ...shown, error: error.message, ...others })
}

/** The input, and where in it the message stands. */
const placeOf = ({ place }: ReadMessage, { file }: DecodeOptions): string =>
  place === undefined ? inputName(file) : `${inputName(file)} ${place}`

/** The message is whole, and something stands in front of it that the dialect does not declare. */
function headerLine(read: ReadMessage, options: DecodeOptions): string {
  return `${placeOf(read, options)}: the message was found behind ${counted(read.unknownHeader ?? 0, 'byte')} that the dialect does not declare: ask isochron doctor`
}

function framingLine(read: ReadMessage, options: DecodeOptions): string {
  const { otherFraming = '' } = read
  return `${placeOf(read, options)}: the length in front is that of framing ${otherFraming}: --framing ${otherFraming} expects it`
}

/** Says why no value is shown of a message that could be read. */
function tellDoubt(io: Io, read: ReadMessage, options: DecodeOptions, dialect: Dialect): void {
  const doubt = doubtOf(dialect, read.message)
  if (doubt === undefined) return
  const advice = `is ${dialect.name} the right dialect? \`isochron doctor\` guesses it, --unmask shows the values`
  io.stderr.write(`${placeOf(read, options)}: values are hidden, because ${doubt}: ${advice}\n`)
}

/** A field 65 is rare as a field, and in some networks the third bitmap. */
function thirdBitmap({ message }: ReadMessage, { encodings }: Dialect): string {
  if (message.fields['65'] === undefined || encodings.bitmap.thirdIn !== undefined) return ''
  return '; if field 65 is a third bitmap, say so: encodings.bitmap.thirdIn: 65, and field 65 as b 8'
}

function errorLine(read: ReadMessage, options: DecodeOptions, dialect: Dialect): string {
  const { error, wrappingBytes, missingBytes } = read
  const wrapped =
    wrappingBytes === 0 ? '' : `; byte 0 is the MTI, after ${counted(wrappingBytes, 'byte')} of length, TPDU and header`
  const cut =
    missingBytes === undefined
      ? ''
      : `; the length in front announces ${counted(missingBytes, 'byte')} more than there are`
  return `${placeOf(read, options)}: ${error?.message}${wrapped}${cut}${thirdBitmap(read, dialect)} (read as dialect ${dialect.name}; --dialect names another, isochron doctor guesses it)`
}

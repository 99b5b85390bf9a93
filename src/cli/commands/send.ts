// `isochron send`: messages to a host, their answers on stdout.

import { realClock } from '../../base/clock.js'
import { type ExitCode, exitCode, UsageError } from '../../base/errors.js'
import { counted } from '../../base/text/counted.js'
import type { Dialect } from '../../codec/dialect.js'
import { isAnswer } from '../../codec/head/mti.js'
import { maskMessage } from '../../codec/mask-message.js'
import type { FieldValue, Message } from '../../codec/message.js'
import type { KeySet } from '../../crypto/keys/key-set.js'
import { parseAddress } from '../../run/addresses.js'
import { dialectSpeaker, type Speaker } from '../../run/dialect-speaker.js'
import { insecureLine } from '../../run/keys/protection-lines.js'
import { checkMac, macVerdictLine } from '../../run/keys/signed-message.js'
import { readTls, type TlsFiles } from '../../run/keys/tls-files.js'
import { createSender, type Sent } from '../../run/send-message.js'
import { openTraffic } from '../../run/traffic/open-traffic.js'
import type { Command } from '../command.js'
import { type CodecName, codecNamed, dialectOf, durationMs, messageOptions, text, texts } from '../flags/options.js'
import { keyOptions, tlsClientOptions, tlsFilesOf } from '../flags/protection-options.js'
import { type TrafficFlags, trafficChoice, trafficFlagsOf, trafficOptions } from '../flags/traffic-flags.js'
import { awaitTargets, waitOption } from '../flags/wait-flag.js'
import { type GivenForm, readGiven } from '../input/read-given.js'
import { inputName } from '../input/read-input.js'
import { codeOfSignal, listenForInterrupts } from '../interrupts.js'
import type { Io } from '../io.js'
import { keysToldOf } from '../keys-told.js'

const options = {
  target: { ...text('target', 'HOST:PORT of the host'), demandOption: true },
  expect: texts('FIELD=VALUE of the answer, such as 39=00 or mti=0810; may be repeated'),
  timeout: text('timeout', 'how long to wait for the answer; 30s when left out'),
  ...waitOption,
  ...trafficOptions,
  ...messageOptions,
  ...keyOptions,
  ...tlsClientOptions,
} as const

export const sendCommand: Command = {
  name: 'send',
  flags: Object.keys(options),
  add: (program, choose) =>
    program.command(
      'send [file]',
      'send a message, print its answer; several go one after another',
      (command) =>
        command
          .positional('file', {
            type: 'string',
            describe: 'file with the message as JSON, hex, a dump or raw bytes; - or nothing: stdin',
          })
          .options(options)
          .example('$0 send sale.json --target :8583 --keys k.yaml', 'signs where field 64 or 128 is "{mac}"')
          .example('$0 send echo.json --target :8583 --wait 30s', 'to a host that is still starting')
          .example('$0 send dump.txt --target :8583', 'the bytes of a log or a dump, as they are')
          .example('$0 send echo.json --target :8583 --trace=full', 'every field of what goes and comes, masked')
          .example('$0 send echo.json --target 127.0.0.1:8583 --expect 39=00', 'exit 3 when the answer is another'),
      (args) =>
        choose(async (io) =>
          send(io, {
            file: args.file,
            target: args.target as string,
            expected: args.expect.map(parseExpectation),
            timeoutMs: durationMs('timeout', args.timeout ?? '30s'),
            dialect: await dialectOf(args),
            framing: args.framing,
            codec: codecNamed(args.codec),
            keys: args.keys,
            tls: tlsFilesOf(args),
            wait: args.wait,
            traffic: trafficFlagsOf(args),
          }),
        ),
    ),
}

interface Send {
  readonly file: string | undefined
  readonly target: string
  readonly expected: readonly Expectation[]
  readonly timeoutMs: number
  readonly dialect: Dialect
  readonly framing: string | undefined
  readonly codec: CodecName
  readonly keys: string | undefined
  readonly tls: TlsFiles | undefined
  readonly wait: string | undefined
  readonly traffic: TrafficFlags
}

interface Expectation {
  /** `['mti']`, `['39']`, `['55', '9F26']`. */
  readonly path: readonly string[]
  readonly value: string
}

/** Sends all, one after another. Exit 3 when one was not answered as expected. */
async function send(io: Io, { file, expected, keys: keyFile, tls, ...options }: Send): Promise<ExitCode> {
  const target = parseAddress(options.target, '--target:')
  const speaker = dialectSpeaker(options)
  const requests = await readRequests(io, file, speaker, options)
  const keys = keyFile === undefined ? undefined : keysToldOf(io, keyFile)
  if (tls?.insecure) io.stderr.write(`${insecureLine}\n`)
  const interrupted = await awaitTargets(io, [options.target], options.wait)
  if (interrupted !== undefined) return interrupted
  using interrupts = listenForInterrupts(io, 'closing the connection')
  await using traffic = await openTraffic(trafficChoice(io, options.dialect, options.traffic), {
    wire: speaker.wire,
    clock: realClock,
    onTrouble: (line) => io.stderr.write(`${line}\n`),
  })
  const sender = createSender({
    ...options,
    ...(keys === undefined ? {} : { keys }),
    tls: tls && readTls(tls),
    target,
    signal: interrupts.signal,
    around: traffic.around,
    onWaiting: (words) => io.stderr.write(`${options.target}: waiting for 3 s: ${words}\n`),
    onUnmatched: (explanation) => io.stderr.write(`an answer that does not belong to the message: ${explanation}\n`),
  })
  let code: ExitCode = exitCode.done
  try {
    for (const { message, body, place } of requests) {
      const sent = await sender.send(body ?? message)
      if (interrupts.by !== undefined) return codeOfSignal(interrupts.by)
      const about = place === undefined ? options.target : `${options.target}, ${place}`
      if (tell(io, sent, { about, speaker, keys, expected }) !== exitCode.done) code = exitCode.notMet
    }
  } finally {
    await sender.close()
  }
  return code
}

/** The requests that a host may be asked: a log or a capture holds answers too, which are left out. */
async function readRequests(io: Io, file: string | undefined, speaker: Speaker, form: GivenForm) {
  const given = await readGiven(io, file, speaker, form)
  const requests = given.filter(({ body, message }) => body === undefined || !isAnswer(message.mti))
  const answers = given.length - requests.length
  if (requests.length === 0)
    throw new UsageError('nothing to send: expected a request, got an answer', { where: `${inputName(file)}:` })
  if (answers > 0)
    io.stderr.write(
      `${inputName(file)}: not sent, since a host answers nothing to answers: ${answers} of ${counted(given.length, 'message')}\n`,
    )
  for (const { unknownHeader, place = 'the message' } of requests)
    if (unknownHeader !== undefined)
      io.stderr.write(
        `${inputName(file)}: ${place} stood behind ${counted(unknownHeader, 'byte')} that the dialect does not declare: sent without them\n`,
      )
  return requests
}

interface Telling {
  /** The host, and the message where there are several. */
  readonly about: string
  readonly speaker: Speaker
  readonly keys: KeySet | undefined
  readonly expected: readonly Expectation[]
}

function tell(io: Io, sent: Sent, { about, speaker, keys, expected }: Telling): ExitCode {
  if (sent.kind === 'noAnswer') {
    io.stderr.write(`${about}: ${sent.reason}\n`)
    return exitCode.notMet
  }
  io.stdout.write(`${JSON.stringify(maskMessage(speaker.dialect, sent.answer), undefined, 2)}\n`)
  const mac = keys === undefined ? '' : macVerdictLine(checkMac(speaker.codec, sent.body, keys))
  if (mac !== '') io.stderr.write(`${mac}\n`)
  io.stderr.write(`answered in ${sent.ms.toFixed(1)} ms\n`)
  if (sent.error !== undefined) {
    io.stderr.write(`${about}: the answer cannot be read to its end: ${sent.error.message}\n`)
    return exitCode.notMet
  }
  return judge(io, sent.answer, expected)
}

function judge(io: Io, answer: Message, expected: readonly Expectation[]): ExitCode {
  const unmet = expected.filter(({ path, value }) => valueAt(answer, path) !== value)
  for (const { path, value } of unmet) {
    // A response code may be shown; any other field may be card data.
    const actual = path[0] === '39' || path[0] === 'mti' ? `, got ${valueAt(answer, path) ?? 'none'}` : ''
    io.stderr.write(`expected ${path.join('.')}=${value}${actual}\n`)
  }
  return unmet.length === 0 ? exitCode.done : exitCode.notMet
}

function valueAt(answer: Message, [first = '', ...rest]: readonly string[]): string | undefined {
  if (first === 'mti') return answer.mti
  const value = rest.reduce<FieldValue | undefined>(
    (at, key) => (typeof at === 'object' && !Array.isArray(at) ? (at as Record<string, FieldValue>)[key] : undefined),
    answer.fields[first],
  )
  return typeof value === 'string' ? value : undefined
}

function parseExpectation(text: string): Expectation {
  const match = /^(mti|\d{1,3}(?:\.\w+)*)=(.*)$/.exec(text)
  if (match === null) throw new UsageError(`--expect: expected FIELD=VALUE such as 39=00 or mti=0810, got '${text}'`)
  return { path: (match[1] as string).split('.'), value: match[2] as string }
}

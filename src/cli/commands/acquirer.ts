// `isochron acquirer`: a simulated host that listens until it is interrupted.

import { type ExitCode, exitCode } from '../../base/errors.js'
import { freshSeed } from '../../base/random.js'
import { formatAddress, parseAddress } from '../../run/addresses.js'
import { startAcquirer } from '../../run/start-acquirer.js'
import { readAcquirerSection } from '../../scenario/reader.js'
import type { Command } from '../command.js'
import { codeOfSignal, listenForInterrupts } from '../interrupts.js'
import type { Io } from '../io.js'
import { type CodecName, codecNamed, dialectName, messageOptions, text, wholeNumber } from '../options.js'
import { inputName, readInputText } from '../read-input.js'

const options = {
  listen: {
    ...text('listen', 'HOST:PORT to listen on; :8583 is 127.0.0.1:8583, port 0 is any free one'),
    demandOption: true,
  },
  config: text('config', 'scenario file of which only acquirer: is read'),
  seed: text('seed', 'equal seeds give equal service times'),
  ...messageOptions,
} as const

export const acquirerCommand: Command = {
  name: 'acquirer',
  flags: Object.keys(options),
  add: (program, choose) =>
    program.command(
      'acquirer',
      'play the acquirer host until interrupted',
      (command) =>
        command
          .options(options)
          .example('$0 acquirer --listen 127.0.0.1:8583', 'answers every request at once')
          .example('$0 acquirer --listen :8583 --config slow-host.yaml', "as slow as the file's acquirer: says"),
      (args) =>
        choose((io) =>
          acquirer(io, {
            listen: args.listen as string,
            config: args.config,
            seed: wholeNumber('seed', args.seed, { min: 0, max: Number.MAX_SAFE_INTEGER }) ?? freshSeed(),
            dialect: dialectName(args.dialect),
            framing: args.framing,
            codec: codecNamed(args.codec),
          }),
        ),
    ),
}

interface AcquirerRun {
  readonly listen: string
  readonly config: string | undefined
  readonly seed: number
  readonly dialect: string
  readonly framing: string | undefined
  readonly codec: CodecName
}

async function acquirer(io: Io, { listen, config, ...options }: AcquirerRun): Promise<ExitCode> {
  const text = config === undefined ? '{}' : await readInputText(io, config)
  using interrupts = listenForInterrupts(io, 'answering what was taken in')
  await using running = await startAcquirer({
    ...options,
    listen: parseAddress(listen, '--listen:'),
    acquirer: readAcquirerSection(text, inputName(config)),
    onTrouble: (line) => io.stderr.write(`${line}\n`),
  })
  io.stderr.write(`listening on ${formatAddress(running.address)}, dialect ${options.dialect}, seed ${options.seed}\n`)
  await aborted(interrupts.signal)
  await running.close()
  io.stdout.write(`${JSON.stringify(running.counts())}\n`)
  return interrupts.by === undefined ? exitCode.done : codeOfSignal(interrupts.by)
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve()
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }))
}

// `isochron diff A B`: what differs between two messages, by field path.

import { existsSync } from 'node:fs'
import { type ExitCode, exitCode, UsageError } from '../../base/errors.js'
import { counted } from '../../base/text/counted.js'
import { printable } from '../../base/text/shown-text.js'
import type { Message } from '../../codec/message.js'
import { type Difference, diffMessages } from '../../doctor/diff.js'
import { alignedColumns } from '../../report/layout/table.js'
import { dialectSpeaker, type Speaker } from '../../run/dialect-speaker.js'
import type { Command } from '../command.js'
import { codecNamed, dialectOf, flag, messageOptions } from '../flags/options.js'
import { givenIn } from '../input/read-given.js'
import { inputName, readInput } from '../input/read-input.js'
import type { Io } from '../io.js'

const options = {
  json: flag('one JSON object a line for each difference'),
  ...messageOptions,
} as const

export const diffCommand: Command = {
  name: 'diff',
  flags: Object.keys(options),
  add: (program, choose) =>
    program.command(
      'diff <first> <second>',
      'compare two messages by field path',
      (command) =>
        command
          .positional('first', {
            type: 'string',
            demandOption: true,
            describe: 'file with hex, raw bytes or JSON, hex itself, or - for stdin',
          })
          .positional('second', { type: 'string', demandOption: true, describe: 'the same' })
          .options(options)
          .example('$0 diff good.hex bad.hex --dialect cup-pos', 'exit 3 when they differ; values are masked'),
      (args) =>
        choose(async (io) =>
          diff(io, {
            files: [args.first, args.second],
            json: args.json,
            speaker: { dialect: await dialectOf(args), framing: args.framing, codec: codecNamed(args.codec) },
          }),
        ),
    ),
}

interface Diff {
  readonly files: readonly [string, string]
  readonly json: boolean
  readonly speaker: Parameters<typeof dialectSpeaker>[0]
}

/** Several messages are compared one by one, in their order. */
async function diff(io: Io, { files, json, speaker }: Diff): Promise<ExitCode> {
  const sides = dialectSpeaker(speaker)
  const [first, second] = [
    await messagesOf(io, files[0], sides, speaker.framing),
    await messagesOf(io, files[1], sides, speaker.framing),
  ]
  if (first.length !== second.length)
    throw new UsageError(
      `${files[0]} holds ${counted(first.length, 'message')}, ${files[1]} holds ${second.length}: expected as many`,
    )
  const differences = first.map((message, index) => diffMessages(message, second[index] as Message, sides.dialect))
  differences.forEach((found, index) => {
    if (found.length === 0) return
    if (!json && differences.length > 1) io.stdout.write(`message ${index + 1}\n`)
    io.stdout.write(`${json ? jsonLines(found, index) : table(found)}\n`)
  })
  const count = differences.flat().length
  io.stderr.write(count === 0 ? 'no difference\n' : `${count} ${count === 1 ? 'difference' : 'differences'}\n`)
  return count === 0 ? exitCode.done : exitCode.notMet
}

/** A name of a file wins over hex of the same letters. */
async function messagesOf(io: Io, given: string, speaker: Speaker, framing: string | undefined) {
  const isHex = !existsSync(given) && /^(0x)?([0-9a-f]{2}[\s:]*)+$/i.test(given)
  const input = isHex ? Buffer.from(given) : await readInput(io, given)
  const name = isHex ? 'the hex given' : inputName(given)
  return givenIn(input, name, speaker, { framing }).map(({ message }) => message)
}

const jsonLines = (found: readonly Difference[], index: number) =>
  found.map((difference) => JSON.stringify({ message: index + 1, ...difference })).join('\n')

function table(found: readonly Difference[]): string {
  const rows = found.map(({ path, name, first, second, isHidden }) => [
    path,
    name,
    printable(first ?? '(none)'),
    `${printable(second ?? '(none)')}${isHidden ? '  (differs, masked)' : ''}`,
  ])
  return alignedColumns([['field', 'name', 'first', 'second'], ...rows]).join('\n')
}

// `isochron books`: what the terminals of many machines believe about money, by their journals, against one ledger.

import { type ExitCode, exitCode } from '../../base/errors.js'
import { maskTexts } from '../../base/mask.js'
import { counted } from '../../base/text/counted.js'
import { printBooks } from '../../report/books-table.js'
import { formatCount } from '../../report/layout/figures.js'
import type { BooksQuestion, JournalBooks } from '../../run/books/journals-against-ledger.js'
import type { Command } from '../command.js'
import { ledgerOptions } from '../flags/ledger-options.js'
import { flag, text } from '../flags/options.js'
import { instantNamed } from '../flags/part-flags.js'
import type { Io } from '../io.js'

const options = {
  ledger: {
    ...text('ledger', "the acquirer's ledger: a file, or postgres://USER@HOST/DATABASE; it is only read"),
    demandOption: true,
  },
  'ledger-password': ledgerOptions['ledger-password'],
  since: text(
    'since',
    'compare what was posted since this instant, or begin for all of it; left out: since the first journal began',
  ),
  'own-terminals': flag('leave out transactions of terminals that are in none of the journals, and say how many'),
  json: flag('print the books as JSON'),
} as const

export const booksCommand: Command = {
  name: 'books',
  flags: Object.keys(options),
  add: (program, choose) =>
    program.command(
      'books <journals..>',
      'compare journals of terminals, of all parts of a run, with the ledger of an acquirer',
      (command) =>
        command
          .positional('journals', {
            type: 'string',
            array: true,
            demandOption: true,
            describe: 'files that `--journal` wrote, of every part of the run',
          })
          .options(options)
          .example('$0 books --ledger books.sqlite pos.part-*-of-20.journal', 'exit 4 when they do not agree')
          .example('$0 books --ledger postgres://pos@db/books pos.*.journal', 'a ledger that several acquirers share')
          .example('$0 books --ledger books.sqlite --since 2026-11-26T00:00:00Z pos.journal', 'where clocks differ')
          .epilogue('Exit codes: 0 they agree, 2 bad usage, 3 it cannot be known, 4 they do not agree, 5 not readable'),
      (args) =>
        choose((io) =>
          books(io, {
            journals: args.journals,
            place: args.ledger as string,
            passwordFile: args['ledger-password'],
            since: sinceNamed(args.since),
            ownTerminals: args['own-terminals'],
            json: args.json,
          }),
        ),
    ),
}

interface BooksCall extends Omit<BooksQuestion, 'ledger'> {
  readonly place: string
  readonly passwordFile: string | undefined
  readonly json: boolean
}

async function books(io: Io, { place, passwordFile, json, ...question }: BooksCall): Promise<ExitCode> {
  const { viewLedger } = await import('../../run/books/view-ledger.js')
  const { compareJournals } = await import('../../run/books/journals-against-ledger.js')
  const ledger = await viewLedger(place, passwordFile)
  try {
    const found = await compareJournals({ ...question, ledger })
    for (const line of notes(found)) io.stderr.write(`${line}\n`)
    io.stdout.write(json ? `${JSON.stringify(maskTexts(found))}\n` : `${printBooks(found.books).join('\n')}\n`)
    const { agree } = found.books
    return agree === null ? exitCode.notMet : agree ? exitCode.done : exitCode.books
  } finally {
    await ledger.close()
  }
}

/** The facts that a reader of the verdict has to know. */
function notes({ journals, leftOut: { older, otherTerminals }, books: { counts } }: JournalBooks): readonly string[] {
  const busy = journals.filter(({ isInUse }) => isInUse).map(({ file }) => file)
  return [
    ...(busy.length > 0 ? [`warning: in use, so that transactions may be under way: ${busy.join(', ')}`] : []),
    ...(older > 0
      ? [
          `left out: ${counted(older, 'transaction', formatCount(older))} of the ledger that are older than what is compared`,
        ]
      : []),
    ...(older > 0 && counts.knownButNotCharged > 0
      ? ["where the acquirer's clock is behind the terminals', some may be among these: say --since"]
      : []),
    ...(otherTerminals > 0
      ? [
          `left out: ${counted(otherTerminals, 'transaction', formatCount(otherTerminals))} of terminals that no journal knows`,
        ]
      : []),
  ]
}

function sinceNamed(name: string | undefined): BooksQuestion['since'] {
  return name === 'begin' ? name : instantNamed('since', name)
}

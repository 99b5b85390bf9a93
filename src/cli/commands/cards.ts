// `isochron cards`: the card sets, what their numbers stand for, and test cards as a file. Never a whole number on the screen.

import { existsSync } from 'node:fs'
import { type CardBrand, cardBrands } from '../../base/cards/brands.js'
import { cardOutcomeNames, cardOutcomes } from '../../base/cards/outcomes.js'
import { exitCode, UsageError } from '../../base/errors.js'
import { suggestion } from '../../base/suggest.js'
import type { Dialect } from '../../codec/dialect.js'
import { alignedColumns } from '../../report/layout/table.js'
import { loadDialect } from '../../run/files/load-dialect.js'
import { defaultDialect } from '../../scenario/default-dialect.js'
import type { Command } from '../command.js'
import { flag, text } from '../flags/options.js'

const options = {
  dialect: text('dialect', 'dialect whose response codes are shown; cup-pos when left out'),
  out: text('out', 'with SET: write test cards to this CSV file, which `terminals.cards` reads'),
  count: { type: 'number', describe: 'with --out: cards to write, 10 when left out' },
  outcome: text('outcome', 'with --out: cards of this outcome, such as lost; left out: sound cards'),
  stripe: flag('with --out: cards without a chip'),
  seed: { type: 'number', describe: 'with --out: equal seeds give equal cards; 1 when left out' },
} as const

export const cardsCommand: Command = {
  name: 'cards',
  flags: Object.keys(options),
  add: (program, choose) =>
    program.command(
      'cards [set]',
      'list the card sets and what their cards stand for, or write test cards',
      (command) =>
        command
          .positional('set', { type: 'string', describe: 'a brand, such as visa; left out: all, a line each' })
          .options(options)
          .example('$0 cards', 'brands with their ranges, and outcomes with their codes')
          .example('$0 cards --dialect iso93-ascii', 'the codes that a host of this dialect answers')
          .example('$0 cards unionpay --out cards.csv --count 100', 'then terminals: { cards: cards.csv }')
          .example('$0 cards visa --out lost.csv --outcome lost', 'cards that an issuer wants back'),
      (args) =>
        choose(async (io) => {
          const brand = args.set === undefined ? undefined : brandNamed(args.set)
          if (args.out !== undefined) {
            await write(args.out, brand, args)
            io.stderr.write(`wrote ${args.out}\n`)
            return exitCode.done
          }
          const alone = (['count', 'outcome', 'seed', 'stripe'] as const).find((name) => args[name] || args[name] === 0)
          if (alone !== undefined) throw new UsageError(`--${alone}: only together with --out`)
          io.stdout.write(await list(brand === undefined ? cardBrands : [brand], args.dialect))
          return exitCode.done
        }),
    ),
}

function brandNamed(name: string): CardBrand {
  const brand = cardBrands.find((each) => each.name === name)
  if (brand !== undefined) return brand
  const names = cardBrands.map((each) => each.name)
  throw new UsageError(`no card set '${name}'${suggestion(name, names)}; there are ${names.join(', ')}`)
}

async function list(brands: readonly CardBrand[], dialectName = defaultDialect): Promise<string> {
  const dialect = await loadDialect(dialectName)
  const lines = [...alignedColumns([brandHead, ...brands.map(brandRow)]), '', ...outcomeLines(dialect)]
  return `${lines.join('\n')}\n`
}

const brandHead = ['set', 'numbers begin with', 'digits', 'stripe, chip', 'test BINs']
const brandRow = ({ name, ranges, lengths, serviceCodes: { stripe, chip }, testBins }: CardBrand) => [
  ...[name, ranges.map(({ from, to }) => (from === to ? from : `${from}-${to}`)).join(' ')],
  ...[lengths.join(' '), `${stripe}, ${chip}`, testBins.join(' ')],
]

/** Where the digits stand, and what a host of the dialect says to each. */
function outcomeLines({ name, rules }: Dialect): readonly string[] {
  const rows = cardOutcomeNames.map((outcome) => {
    const code = rules.cardOutcomes?.[outcome]
    return [outcome, cardOutcomes[outcome], code ?? 'none', (code && rules.meanings?.[code]) ?? '']
  })
  return [
    'Stripe, chip: service codes. A test card is its BIN, two digits for its outcome',
    '(00: nothing is wrong), an account and a check digit.',
    '',
    ...alignedColumns([['outcome', 'digits 9-10', `code in ${name}`, ''], ...rows]),
  ]
}

interface WriteFlags {
  readonly count?: number | undefined
  readonly outcome?: string | undefined
  readonly stripe: boolean
  readonly seed?: number | undefined
}

/** Cards of one kind are at most this many: an outcome of the shortest numbers has not many more. */
const mostCards = 1000

async function write(file: string, brand: CardBrand | undefined, flags: WriteFlags): Promise<void> {
  const { count = 10, outcome, stripe, seed = 1 } = flags
  if (brand === undefined) throw new UsageError('--out: expected a card set, such as isochron cards visa --out FILE')
  if (!Number.isInteger(count) || count < 1 || count > mostCards)
    throw new UsageError(`--count: expected a whole number from 1 to ${mostCards}`)
  if (!Number.isInteger(seed) || seed < 0) throw new UsageError('--seed: expected a whole number from 0')
  const known = cardOutcomeNames.find((name) => name === outcome)
  if (outcome !== undefined && known === undefined)
    throw new UsageError(
      `--outcome: '${outcome}' is none${suggestion(outcome, cardOutcomeNames)}; isochron cards lists them`,
    )
  if (existsSync(file)) throw new UsageError('is there already: name another file', { where: `${file}:` })
  const { writeTestCards } = await import('../../run/files/write-cards.js')
  writeTestCards(file, { brand, count, outcome: known, isChip: !stripe, seed })
}

// The terminals' money in a run, put together: journal, what is owed, desk and books.

import { rmSync } from 'node:fs'
import { dirname } from 'node:path'
import type { MarkedJournal } from '../../acquirer/ledger/marks.js'
import { StartError } from '../../base/errors.js'
import { limitLines } from '../../base/limited-lines.js'
import type { Slices } from '../../base/slices.js'
import { agreeing, counted } from '../../base/text/counted.js'
import { createZone } from '../../base/zone.js'
import type { DialectRules } from '../../codec/dialect.js'
import { type BookKeeper, createBookKeeper } from '../../measure/money/book-keeper.js'
import type { BookRow } from '../../measure/money/books.js'
import { createFundsWatch, type FundsWatch } from '../../measure/money/funds.js'
import type { Spill } from '../../measure/money/spill.js'
import type { TerminalPart } from '../../scenario/parts.js'
import type { EvidenceKeeper } from '../../terminal/evidence/evidence-keeper.js'
import { createJudge } from '../../terminal/exchange/judge.js'
import type { SignOnAgain } from '../../terminal/exchange/sign-on-again.js'
import { createJournal, type Journal } from '../../terminal/journal/journal.js'
import { openJournalFile } from '../../terminal/journal/journal-file.js'
import type { JournalStorage } from '../../terminal/journal/journal-storage.js'
import { noJournal } from '../../terminal/journal/no-journal.js'
import type { Recovered } from '../../terminal/journal/recover.js'
import { unsettledRows } from '../../terminal/journal/settled-rows.js'
import type { Judgement } from '../../terminal/judgement.js'
import { createMoneyDesk, type MoneyDesk, type ReversalCounts } from '../../terminal/money/money-desk.js'
import { createOwed, type Owed } from '../../terminal/money/owed.js'
import { createPayoutListener } from '../../terminal/money/payouts.js'
import type { Connections } from '../../terminal/paths/connections.js'
import { type Request, valueIn } from '../../terminal/requests/request.js'
import type { RequestMaker } from '../../terminal/requests/request-maker.js'
import { continueNumbers, type Terminal } from '../../terminal/terminal.js'
import type { HostRequest } from '../../transport/client/client-options.js'
import type { Received } from '../../transport/wire/wire.js'
import type { Speaker } from '../dialect-speaker.js'
import { createSpillFile, type SpillFile } from '../disk/spill-file.js'
import type { RunObserver } from '../result/run-observer.js'
import type { World } from '../world.js'
import { type JournalStale, StaleJournalError, temporaryJournal } from './journal-options.js'
import type { PlannedMessages } from './planned-messages.js'
import { settlementPlans } from './settlement-plans.js'
import { createSettlements, type FleetSettlement } from './settlements.js'

export interface MoneySide extends FleetSettlement {
  readonly desk: MoneyDesk
  readonly owed: Owed
  readonly books: BookKeeper
  /** The file of what the books do not keep in memory. */
  readonly spill: Spill
  /** The journal had more transactions to remember than it can: the books cannot be known. */
  readonly rowsLost: boolean
  readonly funds: FundsWatch
  /** News of payouts; undefined where the dialect has no message for them. */
  readonly onHostRequest: HostRequest | undefined
  /** The journal that a user named: the books go back to where it began. Undefined: they begin with this run. */
  readonly journal: MarkedJournal | undefined
  reversals(): ReversalCounts
  /** The books without what an earlier run has settled. */
  unsettled(): Iterable<BookRow>
  /** In slices, before it is closed: leaves out of a journal that stays what it need not keep. */
  forgetEnded(): Slices<void>
  /** Closes the journal; a temporary one is deleted. Idempotent. */
  close(): void
}

export interface JournalChoice {
  /** A file's name, or what takes a file's place. Left out: a temporary file, and none at all in virtual time. */
  readonly journal?: string | JournalStorage | undefined
  readonly journalIn?: JournalStorage | undefined
  /**
   * The treatment of a journal of an earlier business day that still owes something. Left out: the run does not start.
   */
  readonly journalStale?: JournalStale | undefined
  readonly onProgress?: ((line: string) => void) | undefined
  /** A settlement file, where one will tell of money. */
  readonly payouts?: string | undefined
}

/** Throws StartError for a journal that cannot be used. */
export function createMoneySide(options: {
  part: TerminalPart
  /** Somebody may tell when money comes. */
  mayHearOfFunds: boolean
  world: World
  speaker: Speaker
  terminals: readonly Terminal[]
  connections: Connections
  makeRequest: RequestMaker
  messages: Pick<PlannedMessages, 'plan' | 'mix'>
  /** Left out: terminals do not sign on. */
  signOnAgain: SignOnAgain | undefined
  /** Left out: nobody keeps evidence. */
  evidence?: EvidenceKeeper | undefined
  /** Hears of money that is awaited and that comes. */
  observer?: RunObserver | undefined
  choice: JournalChoice
}): MoneySide {
  const { part, world, speaker, terminals, connections, makeRequest, messages, signOnAgain, choice } = options
  const { evidence, observer, mayHearOfFunds } = options
  const { plan } = messages
  const mix = messages.mix.map(([planned]) => planned)
  const { rules } = speaker.dialect
  const { reversal, timeout: timeoutMs } = part.options
  const spill = createSpillFile()
  const { journal, close } = openJournal(part, { world, speaker, spill }, choice)
  takeUpNumbers(terminals, journal)
  const judge = createAnswerJudge(rules)
  const owed = createOwed({
    when: rules.reversal === '0400' ? 'beforeNext' : 'atOnce',
    retries: reversal === false ? 0 : reversal.retries,
    intervalMs: reversal === false ? 0 : reversal.interval,
    giveUp: reversal === false || reversal.giveUp,
    ...{ timeoutMs, clock: world.clock, connections },
    judge,
    ...{ between: signOnAgain?.after, ready: signOnAgain?.before, onTried: observer?.reversal },
    originalNotFound: rules.codes.originalNotFound,
    notRead: [rules.codes.formatError, rules.codes.macError],
  })
  const books = openBooks(spill, choice)
  const funds = openFunds(part, { evidence, observer, spill }, choice)
  const desk = createMoneyDesk({
    rules,
    reverses: reversal !== false,
    terminals,
    journal,
    books,
    funds: mayHearOfFunds ? funds : undefined,
    owed,
    watch: evidence,
    ...{ makeRequest, plan },
    instead: plan('sale') ?? mix.find(({ money }) => money.names === undefined),
    mix,
  })
  try {
    // Said before the run, not at its end.
    if (part.options.settle) settlementPlans(plan, rules)
    takeUpOwed(desk, { terminals, journal, part, world, choice })
  } catch (error) {
    close()
    throw error
  }
  const unsettled = () => unsettledRows(books.rows(), journal.recovered.settled)
  return {
    ...{ desk, owed, books, spill, funds, unsettled },
    journal: choice.journal === undefined ? undefined : markOf(journal),
    rowsLost: journal.recovered.rowsLost,
    onHostRequest: createPayoutListener({
      codec: speaker.codec,
      rule: rules.payoutAdvice,
      onPaid: (key) => funds.paid(key, world.clock.now()),
      onAdvice: observer?.advised,
    }),
    reversals: () => desk.counts(),
    forgetEnded: () => journal.forgetEnded(),
    ...createSettlements({
      ...{ rules, plan, terminals, makeRequest, connections, timeoutMs, judge, journal, books },
      isKept: choice.journal !== undefined,
      ready: signOnAgain?.before,
      now: () => world.clock.now(),
    }),
    close() {
      close()
      funds.destroy()
    },
  }
}

/** The news for evidence and observer is told on its way. */
function openFunds(
  { fundsWithinMs }: TerminalPart,
  hears: { evidence: EvidenceKeeper | undefined; observer: RunObserver | undefined; spill: Spill },
  { onProgress }: JournalChoice,
): FundsWatch {
  const onNearlyFull = (size: number, limit: number) =>
    onProgress?.(
      `warning: ${counted(size, 'transaction')} ${agreeing(size, 'waits', 'wait')} for money, and at most ${limit} can: further ones are not followed, so the share of funds in time is not known`,
    )
  const funds = createFundsWatch(fundsWithinMs ?? null, { spill: hears.spill, onNearlyFull })
  const watched = hears.evidence?.watching(funds) ?? funds
  return hears.observer?.watching(watched) ?? watched
}

const openBooks = (spill: Spill, choice: JournalChoice): BookKeeper =>
  createBookKeeper({
    spill,
    onNearlyFull: tellNearlyFull('the books', choice),
    onTrouble: (line) => choice.onProgress?.(`warning: ${line}`),
  })

const markOf = ({ beganAt, recovered }: Journal): MarkedJournal => ({ beganAt, isNew: recovered.beganAt === undefined })

/** Where an earlier process has left off. */
function takeUpNumbers(terminals: readonly Terminal[], { recovered }: Journal): void {
  for (const terminal of terminals) {
    const numbers = recovered.numbers.get(terminal.id)
    if (numbers !== undefined) continueNumbers(terminal, numbers)
  }
}

function takeUpOwed(
  desk: MoneyDesk,
  run: { terminals: readonly Terminal[]; journal: Journal; part: TerminalPart; world: World; choice: JournalChoice },
): void {
  const { terminals, journal, part, world, choice } = run
  const left = desk.recover(terminals, settleStale(journal, part, world, choice))
  if (left > 0) choice.onProgress?.(`${left} of them are not sent in this run: they stay in the journal, and in doubt`)
}

/** Judges answers with what their request asked of them, and who may have signed them. */
function createAnswerJudge(rules: DialectRules): (request: Request, answered: { received: Received }) => Judgement {
  const judge = createJudge(rules)
  return (request, { received }) => {
    if (received.peek === undefined) {
      return { outcome: 'failed', code: undefined, retryCode: false, reason: 'answer that cannot be read' }
    }
    const judged = judge(received.peek, valueIn, request)
    return request.guard?.trusted(request.plan, received, judged) ?? judged
  }
}

/** `close` also lets go of the spill. */
function openJournal(
  part: InZone,
  { world: { kind, clock }, speaker: { dialect }, spill }: { world: World; speaker: Speaker; spill: SpillFile },
  choice: JournalChoice,
) {
  const chosen = choice.journalIn ?? choice.journal
  if (chosen === undefined && kind === 'virtual')
    return { journal: noJournal(clock.wall()), close: () => spill.close() }
  const temporary = chosen === undefined ? temporaryJournal() : undefined
  const place = chosen ?? (temporary as string)
  const [storage, file] = typeof place === 'string' ? [openJournalFile(place), place] : [place, 'the journal']
  const day = businessDay(part, clock.wall())
  try {
    const keepsRows = temporary === undefined
    const journal = createJournal({
      ...{ storage, name: file, clock, dialect: dialect.name, day, keepsRows, spill },
      onTrouble: limitLines(clock, choice.onProgress ?? (() => {})),
      accept: (found) => checkDialect(found, dialect.name, file),
      onNearlyFull: tellNearlyFull(file, choice),
    })
    const { recovered } = journal
    if (recovered.forgotten > 0)
      choice.onProgress?.(
        `${file}: settlement totals of ${counted(recovered.forgotten, 'terminal')} were never answered on its day. That day is closed, so they are not sent again.`,
      )
    if (recovered.tornBytes > 0)
      choice.onProgress?.(`${file}: the last ${counted(recovered.tornBytes, 'byte')} made no whole record: left out`)
    const close = () => {
      closeJournal(journal, temporary)
      spill.close()
    }
    return { journal, close }
  } catch (error) {
    storage.close()
    spill.close()
    throw error
  }
}

/** Before the limit is met: beyond it nobody can say whether the books agree. */
const tellNearlyFull =
  (what: string, { onProgress }: JournalChoice) =>
  (size: number, most: number) =>
    onProgress?.(
      `warning: ${what} has ${counted(size, 'transaction')} and keeps ${most} at the most: end this run before that, or the books cannot be known`,
    )

function closeJournal(journal: Journal, temporary: string | undefined): void {
  journal.close()
  if (temporary !== undefined) rmSync(dirname(temporary), { recursive: true, force: true })
}

function checkDialect({ owed, rows, dialect: its }: Recovered, dialect: string, file: string): void {
  if ((owed.length === 0 && rows.length === 0) || its === dialect) return
  const what =
    owed.length > 0
      ? `owes ${counted(owed.length, 'message')}`
      : `holds ${counted(rows.length, 'transaction')} of today`
  throw new StartError(
    `${file} ${what} of dialect ${its}: run it with --dialect ${its}, or name another with --journal`,
  )
}

/** Whether what an earlier process owed is sent now. Throws StartError when nobody has said what to do. */
function settleStale(journal: Journal, part: InZone, { clock }: World, choice: JournalChoice): boolean {
  const { owed, day } = journal.recovered
  if (owed.length === 0) return false
  const isStale = day !== undefined && day !== businessDay(part, clock.wall())
  const decided = isStale ? choice.journalStale : 'replay'
  if (decided === undefined) throw new StaleJournalError(owed.length, day as string)
  if (decided === 'discard') for (const [id] of owed) journal.end(id, null)
  choice.onProgress?.(
    `the journal owes the host ${counted(owed.length, 'message')} of ${day ?? 'an earlier run'}: ${words[decided]}`,
  )
  return decided === 'replay'
}

const words: Record<JournalStale, string> = {
  replay: 'they are sent first',
  keep: 'they stay there',
  discard: 'they are dropped',
}

type InZone = Pick<TerminalPart, 'timeZone'>

/** YYYYMMDD where the terminals are. */
const businessDay = ({ timeZone }: InZone, wallMs: number) => createZone(timeZone).format('YYYYMMDD', wallMs)

// An acquirer that listens on a port of this machine, in the thread that starts it.

import { type Acquirer, type AcquirerCounts, createAcquirer } from '../../acquirer/acquirer.js'
import { createAcquirerSecurity, type GivenKeys } from '../../acquirer/keys/security.js'
import type { LedgerMark, MarkedJournal } from '../../acquirer/ledger/marks.js'
import type { AcquirerOptions } from '../../acquirer/options.js'
import type { Posting } from '../../acquirer/posting.js'
import type { FundsReport } from '../../acquirer/settlement/funds-report.js'
import { createSlowStorage } from '../../acquirer/storage/slow-storage.js'
import type { Clock } from '../../base/clock.js'
import { UsageError } from '../../base/errors.js'
import { limitLines } from '../../base/limited-lines.js'
import { createRandom, type Random } from '../../base/random.js'
import { type Share, shareText, wholeShare } from '../../base/share.js'
import { createTurnClock } from '../../base/turn-clock.js'
import { createZone } from '../../base/zone.js'
import { freshKeyBytes, seededKeyBytes } from '../../crypto/keys/fresh-key.js'
import { testKeys } from '../../crypto/keys/test-keys.js'
import type { FaultCount, FaultSpec } from '../../faults/chain.js'
import type { HostConditions } from '../../faults/host/host-conditions.js'
import type { BookRow } from '../../measure/money/books.js'
import type { Address, Network } from '../../transport/network/link.js'
import type { TlsOptions } from '../../transport/network/tcp-network.js'
import { startServer } from '../../transport/server/server.js'
import type { TurnedAwayCounts } from '../../transport/server/turned-away.js'
import { type KeyData, keysFromData } from '../keys/run-keys.js'
import { watchOpenFiles } from '../open-files.js'
import { createSpeaker, type SpeakerOptions } from '../speaker.js'
import { realWorld, type World } from '../world.js'
import { createAcquirerFaults } from './acquirer-faults.js'
import { type AcquirerMoney, type AcquirerMoneySetup, startAcquirerMoney } from './acquirer-money.js'
import type { LedgerPlace } from './ledger-file.js'
import { thirdPartyOf } from './third-party.js'
import { unreadableWords } from './unreadable-words.js'

export interface AcquirerStart extends SpeakerOptions {
  /** Port 0: any free one. */
  readonly listen: Address
  readonly acquirer: AcquirerOptions
  readonly seed: number
  /** IANA name, for DE12 and DE13; Asia/Shanghai when left out. */
  readonly timeZone?: string
  /** Left out: the built-in test keys. */
  readonly keys?: readonly KeyData[]
  /** Left out: without TLS. */
  readonly tls?: TlsOptions | undefined
  /** In the acquirer itself, in its messages and on its side of the line. Timed ones act when startFaults() is called. */
  readonly faults?: readonly FaultSpec[]
  /** Faults may come later, by the control API. */
  readonly isControlled?: boolean | undefined
  /** How long terminals wait for an answer, in ms, where it is known. */
  readonly peerTimeoutMs?: number | undefined
  /** Left out: in memory. */
  readonly ledger?: LedgerPlace | undefined
  /** Puts the money together in a process that does not keep the ledger; left out: this one does. */
  readonly openMoney?: ((setup: Omit<AcquirerMoneySetup, 'ledger'>) => Promise<AcquirerMoney | undefined>) | undefined
  /** Hears of the working keys that terminals are given. */
  readonly onKeysGiven?: ((given: GivenKeys) => void) | undefined
  /** Which of several processes of one host this is: their chances differ. */
  readonly share?: Share | undefined
  /** Stands before the acquirer: sees every message, and may hand on a replier of its own. */
  readonly intercept?: ((take: Acquirer['onRequest']) => Acquirer['onRequest']) | undefined
  /** Puts in whoever looks at what passes, on the acquirer's side of all faults; left out: nobody does. */
  readonly around?: ((network: Network) => Network) | undefined
  /** One line for each connection that was closed because of what it sent. */
  readonly onTrouble?: (line: string) => void
  /** One line for everything that a fault of the line or of messages hits, masked. */
  readonly onTrace?: ((line: string) => void) | undefined
}

export interface RunningAcquirer extends AsyncDisposable {
  readonly address: Address
  /** The conditions of the host itself. */
  readonly host: HostConditions
  /** Another process of this host has given a terminal its keys. */
  takeKeys(given: GivenKeys): void
  counts(): AcquirerCounts & { readonly polls: number; readonly turnedAway: TurnedAwayCounts }
  /** Times of faults count from here, in epoch ms. */
  startFaults(atWall: number): void
  /** How often each fault acted. */
  faultCounts(): Promise<readonly FaultCount[]>
  /** Connections by the limit that turned them away, and messages that found the line full (`queueFull`). */
  turnedAway(): Promise<TurnedAwayCounts & { readonly queueFull: number }>
  /** Where a run begins in the ledger; undefined where the dialect has no rules for one. Not to be asked after close(). */
  ledgerMark(journal: MarkedJournal | undefined): Promise<LedgerMark | undefined>
  /** The postings since then; undefined where the dialect has no rules for them. Not to be called after close(). */
  ledgerRows(since: LedgerMark): Promise<Iterable<BookRow> | undefined>
  /** The payments to merchants since then; undefined where merchants are not paid. Not to be called after close(). */
  funds(since: LedgerMark): Promise<FundsReport | undefined>
  /** Stops accepting, answers what it has taken in, closes. Idempotent. */
  close(): Promise<void>
}

/** The zone of DE12 and DE13 where nobody says. */
export const defaultZone = 'Asia/Shanghai'

function randomOf({ seed, share = wholeShare }: AcquirerStart): Random {
  const random = createRandom(seed).fork('acquirer')
  return share.of === 1 ? random : random.fork(`process ${shareText(share)}`)
}

/** Throws UsageError where there is nothing to be stored. */
function storedBy(
  { storage }: AcquirerOptions,
  posting: Posting | undefined,
  { clock, random, host }: { clock: Clock; random: Random; host: HostConditions },
): Posting | undefined {
  if (storage === undefined) return posting
  if (posting === undefined)
    throw new UsageError('the dialect has no rules for a ledger, so nothing is written: leave storage out', {
      where: 'acquirer.storage:',
    })
  const slow = createSlowStorage({ posting, storage, clock, random: random.fork('storage') })
  host.onChange((begun) => {
    if (begun.some(({ losesLine }) => losesLine === true)) slow.lose()
  })
  return slow
}

/** Rejects with StartError when the port cannot be had, with UsageError for options that do not fit. */
export async function startAcquirer(
  start: AcquirerStart,
  { kind, clock, network }: World = realWorld(start.tls === undefined ? {} : { tls: start.tls }),
): Promise<RunningAcquirer> {
  const { codec, wire } = createSpeaker(start)
  const zone = createZone(start.timeZone ?? defaultZone)
  const random = randomOf(start)
  const keys = start.keys === undefined ? testKeys() : keysFromData(start.keys)
  const makeKey = kind === 'virtual' ? seededKeyBytes(random.fork('working keys')) : freshKeyBytes
  const security = createAcquirerSecurity({ codec, keys, onGiven: start.onKeysGiven, makeKey })
  const { faults: specs = [], peerTimeoutMs, onTrouble: trouble = () => {} } = start
  const peerTrouble = limitLines(clock, trouble)
  const setting = { clock, random, wire, keys, peerTimeoutMs, onTrouble: trouble }
  const faults = createAcquirerFaults({
    ...setting,
    faults: specs,
    network,
    isControlled: start.isControlled,
    onTrace: start.onTrace,
  })
  const { host } = faults
  const options = start.acquirer
  const setup = { codec, options, clock: createTurnClock(clock), zone, onTrouble: trouble }
  const money = await (start.openMoney?.(setup) ?? startAcquirerMoney({ ...setup, ledger: start.ledger }))
  const posting = storedBy(options, money?.posting, { clock, random, host })
  const thirdParty = thirdPartyOf(options.thirdPartyCheck, { kind, clock })
  const acquirer = createAcquirer({
    ...{ ...money, ...setup, security, random, host, posting, thirdParty },
  })
  const { around = (network: Network) => network } = start
  const take = start.intercept?.(acquirer.onRequest) ?? acquirer.onRequest
  const server = await startServer({
    network: around(faults.network),
    address: start.listen,
    wire,
    clock,
    peers: kind === 'real' ? options.peers : undefined,
    onRequest: take,
    onBadMessage: (received, replier) => {
      // The words take a hundred times as long as the message.
      peerTrouble(() => `${replier.connection.peer}: ${unreadableWords(codec, received)}`)
      take(received, replier)
    },
    onRejected: (peer, why) => peerTrouble(`${peer}: ${why}`),
    onBadFrame: ({ peer }, error) => peerTrouble(`${peer}: ${error.message}`),
  }).catch(async (error: unknown) => {
    await money?.close()
    throw error
  })
  const stopWatching = kind === 'real' ? watchOpenFiles(clock, trouble) : undefined
  const close = async () => {
    stopWatching?.()
    faults.close()
    await server.close()
    peerTrouble.close()
    acquirer.close()
    await money?.close()
  }
  return {
    ...{ address: server.address, host, takeKeys: (given) => security.take(given) },
    counts: () => ({ ...acquirer.counts(), polls: server.polls(), turnedAway: server.turnedAway() }),
    startFaults: faults.start,
    faultCounts: async () => faults.counts(),
    turnedAway: async () => ({ ...server.turnedAway(), queueFull: acquirer.counts().refused }),
    ledgerMark: async (journal) => money?.mark(journal),
    ledgerRows: async (since) => money?.rows(since),
    funds: async (since) => money?.funds(since),
    close,
    [Symbol.asyncDispose]: close,
  }
}

// An acquirer in several processes: this one accepts, gives each connection to the process that has the fewest, and writes the
// ledger for all. A process that dies takes its connections with it; what it had posted stays, and what it had counted is told.

import type { GivenKeys } from '../../acquirer/keys/security.js'
import type { Ledger } from '../../acquirer/ledger/ledger.js'
import { realClock } from '../../base/clock.js'
import type { Share } from '../../base/share.js'
import { createZone } from '../../base/zone.js'
import type { Metered } from '../../measure/meter.js'
import { type HandOver, startHandOver } from '../../transport/network/handed-network.js'
import type { Address } from '../../transport/network/link.js'
import { createTurnedAway } from '../../transport/server/turned-away.js'
import { openLedgerAt } from '../hosts/acquirer-money.js'
import { type LedgerPlace, memoryLedger } from '../hosts/ledger-file.js'
import { type AcquirerStart, defaultZone, type RunningAcquirer } from '../hosts/start-acquirer.js'
import { createSpeaker } from '../speaker.js'
import { Crew } from './crew.js'
import { joinCounts } from './join-counts.js'
import { type FromLedger, type ToLedger, writeLedger } from './ledger-writer.js'
import { refuseForProcesses, shareOfAcquirer } from './share-of-acquirer.js'

type StartData = Omit<AcquirerStart, 'onTrouble' | 'onTrace' | 'intercept' | 'around' | 'openMoney' | 'onKeysGiven'>

export type ToAcquirer =
  | {
      readonly kind: 'start'
      readonly start: StartData
      readonly share: Share
      readonly cardKey: Uint8Array
      readonly metered: boolean
    }
  /** With a socket. */
  | { readonly kind: 'connection'; readonly id: number }
  | { readonly kind: 'startFaults'; readonly atWall: number }
  /** Keys that another process has given. */
  | { readonly kind: 'keys'; readonly id: number; readonly given: GivenKeys }
  | { readonly kind: 'keysKnown' }
  | { readonly kind: 'close' }
  | FromLedger

export type AcquirerFigures = ReturnType<RunningAcquirer['counts']>

export type FromAcquirer =
  | { readonly kind: 'trouble'; readonly line: string }
  | { readonly kind: 'gone'; readonly id: number }
  | { readonly kind: 'keysGiven'; readonly given: GivenKeys }
  | { readonly kind: 'keysTaken'; readonly id: number }
  | { readonly kind: 'figures'; readonly counts: AcquirerFigures; readonly metered?: Metered }
  | ToLedger

export interface AcquirerProcesses extends Pick<RunningAcquirer, 'address' | 'startFaults' | 'close'>, AsyncDisposable {
  counts(): AcquirerFigures
  /** The meter of each process, as it was last told. */
  metered(): readonly Metered[]
  /** Resolves, in words, when a process has died. */
  readonly died: Promise<string>
  readonly pids: readonly number[]
}

export interface HowMany {
  readonly count: number
  /** Answers are counted for a monitoring system. */
  readonly metered: boolean
}

/** Rejects with UsageError for what several processes cannot share, with StartError as startAcquirer does. */
export async function startAcquirerProcesses(start: AcquirerStart, how: HowMany): Promise<AcquirerProcesses> {
  refuseForProcesses(start.acquirer, how.count)
  const place = start.ledger ?? memoryLedger()
  const ledger = await openLedger(start, place)
  try {
    const all = new Processes({ ...start, ledger: place }, ledger, how)
    await all.begin()
    return all
  } catch (error) {
    await ledger?.close()
    throw error
  }
}

async function openLedger(start: AcquirerStart, ledger: LedgerPlace): Promise<Ledger | undefined> {
  const { codec } = createSpeaker(start)
  if (codec.dialect.rules.ledger === undefined) return undefined
  const { acquirer: options, onTrouble = () => {}, timeZone = defaultZone } = start
  const zone = createZone(timeZone)
  return await openLedgerAt(ledger, { codec, options, clock: realClock, zone, ledger, onTrouble }, codec.dialect)
}

class Processes implements AcquirerProcesses {
  readonly #start: AcquirerStart
  readonly #ledger: Ledger | undefined
  readonly #crew: Crew<ToAcquirer, FromAcquirer>
  readonly #figures = new Map<number, FromAcquirer & { readonly kind: 'figures' }>()
  /** Which process serves each connection. */
  readonly #servedBy = new Map<number, number>()
  readonly #turnedAway = createTurnedAway()
  /** Keys that one process has given and others have not taken up yet. */
  readonly #keysOnTheirWay = new Map<number, { readonly from: number; readonly waitsFor: Set<number> }>()
  #lastKeys = 0
  #door: HandOver | undefined

  constructor(start: AcquirerStart & { readonly ledger: LedgerPlace }, ledger: Ledger | undefined, how: HowMany) {
    this.#start = start
    this.#ledger = ledger
    const { onTrouble, onTrace, intercept, around, openMoney, onKeysGiven, ledger: place, ...data } = start
    this.#crew = new Crew({
      entry: new URL('./acquirer-process.js', import.meta.url),
      count: how.count,
      begin: (share) => ({
        ...{ kind: 'start', share, metered: how.metered, cardKey: place.cardKey },
        start: { ...data, acquirer: shareOfAcquirer(data.acquirer, share) },
      }),
      hear: (message, number) => this.#hear(number, message),
      lost: (number) => this.#lost(number),
    })
  }

  get address(): Address {
    return this.#door?.address ?? this.#start.listen
  }

  get died(): Promise<string> {
    return this.#crew.died
  }

  get pids(): readonly number[] {
    return this.#crew.pids
  }

  async begin(): Promise<void> {
    await this.#crew.begin()
    try {
      this.#door = await this.#open()
    } catch (error) {
      this.#crew.kill()
      throw error
    }
  }

  counts(): AcquirerFigures {
    const [first, ...others] = [...this.#figures.values()].map(({ counts }) => counts)
    if (first === undefined) throw new Error('no process has told what it counts')
    const joined = others.reduce(joinCounts, first)
    const { connections, perAddress } = this.#turnedAway.counts()
    return { ...joined, turnedAway: { ...joined.turnedAway, connections, perAddress } }
  }

  metered(): readonly Metered[] {
    return [...this.#figures.values()].flatMap(({ metered }) => metered ?? [])
  }

  startFaults(atWall: number): void {
    this.#crew.tellAll({ kind: 'startFaults', atWall })
  }

  async close(): Promise<void> {
    await this.#door?.close()
    await this.#crew.close({ kind: 'close' })
    await this.#ledger?.close()
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  #open(): Promise<HandOver> {
    const { listen, acquirer, onTrouble } = this.#start
    const { connections, perAddress } = acquirer.peers
    return startHandOver({
      ...{ address: listen, maxConnections: connections },
      ...(perAddress !== undefined && { maxPerAddress: perAddress }),
      give: (socket, id) => {
        const number = this.#crew.give({ kind: 'connection', id }, socket)
        if (number !== undefined) this.#servedBy.set(id, number)
        return number !== undefined
      },
      onRejected: (peer, why, kind) => {
        this.#turnedAway.add(kind)
        onTrouble?.(`${peer}: ${why}`)
      },
    })
  }

  #hear(number: number, message: FromAcquirer): void {
    if (message.kind === 'trouble') this.#start.onTrouble?.(message.line)
    else if (message.kind === 'gone') this.#gone(message.id)
    else if (message.kind === 'figures') this.#figures.set(number, message)
    else if (message.kind === 'keysGiven') this.#shareKeys(number, message.given)
    else if (message.kind === 'keysTaken') this.#keysTaken(message.id, number)
    else if (this.#ledger !== undefined) writeLedger(this.#ledger, message, (answer) => this.#crew.tell(number, answer))
  }

  #gone(id: number): void {
    const number = this.#servedBy.get(id)
    if (number === undefined || !this.#servedBy.delete(id)) return
    this.#crew.ended(number)
    this.#door?.ended(id)
  }

  #shareKeys(from: number, given: GivenKeys): void {
    const id = ++this.#lastKeys
    const waitsFor = new Set(this.#crew.alive.filter((number) => number !== from))
    this.#keysOnTheirWay.set(id, { from, waitsFor })
    for (const number of waitsFor) this.#crew.tell(number, { kind: 'keys', id, given })
    this.#keysTaken(id, from)
  }

  #keysTaken(id: number, by: number): void {
    const keys = this.#keysOnTheirWay.get(id)
    keys?.waitsFor.delete(by)
    if (keys === undefined || keys.waitsFor.size > 0) return
    this.#keysOnTheirWay.delete(id)
    this.#crew.tell(keys.from, { kind: 'keysKnown' })
  }

  #lost(number: number): void {
    for (const [id, servedBy] of this.#servedBy) if (servedBy === number) this.#gone(id)
    for (const id of [...this.#keysOnTheirWay.keys()]) this.#keysTaken(id, number)
  }
}

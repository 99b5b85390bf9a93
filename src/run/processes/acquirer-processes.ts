// An acquirer in several processes: this one accepts, gives each connection to the process that has the fewest, and writes the
// ledger for all. A process that dies takes its connections with it; what it had posted stays, and what it had counted is told.

import type { GivenKeys } from '../../acquirer/keys/security.js'
import type { Ledger } from '../../acquirer/ledger/ledger.js'
import { realClock } from '../../base/clock.js'
import { StartError, UsageError } from '../../base/errors.js'
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
import { type Child, startChild } from './child.js'
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
  | { readonly kind: 'ready' }
  | { readonly kind: 'failed'; readonly because: 'usage' | 'start' | 'fault'; readonly message: string }
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

/** How long a process may take to answer what it has taken in when it is told to close, in ms. */
const closeMs = 10_000

/** Rejects with UsageError for what several processes cannot share, with StartError as startAcquirer does. */
export async function startAcquirerProcesses(
  start: AcquirerStart,
  { count, metered }: { readonly count: number; readonly metered: boolean },
): Promise<AcquirerProcesses> {
  refuseForProcesses(start.acquirer, count)
  const place = start.ledger ?? memoryLedger()
  const ledger = await openLedger(start, place)
  try {
    const all = new Processes({ ...start, ledger: place }, ledger)
    await all.begin(count, metered)
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

/** One of them, as this process knows it. */
interface Server {
  readonly child: Child<ToAcquirer>
  readonly connections: Set<number>
  counts: AcquirerFigures | undefined
  metered: Metered | undefined
  /** Resolves when it can serve. */
  readonly ready: Promise<void>
}

class Processes implements AcquirerProcesses {
  readonly died: Promise<string>
  readonly #start: AcquirerStart
  readonly #ledger: Ledger | undefined
  readonly #servers: Server[] = []
  readonly #turnedAway = createTurnedAway()
  /** Keys that one process has given and others have not taken up yet. */
  readonly #keysOnTheirWay = new Map<number, { readonly from: number; readonly waitsFor: Set<number> }>()
  #lastKeys = 0
  #door: HandOver | undefined
  #closing: Promise<void> | undefined
  #tellDied: (words: string) => void = () => {}

  constructor(start: AcquirerStart, ledger: Ledger | undefined) {
    this.#start = start
    this.#ledger = ledger
    this.died = new Promise((resolve) => {
      this.#tellDied = resolve
    })
  }

  get address(): Address {
    return this.#door?.address ?? this.#start.listen
  }

  get pids(): readonly number[] {
    return this.#servers.map(({ child }) => child.pid)
  }

  async begin(count: number, metered: boolean): Promise<void> {
    try {
      for (let index = 0; index < count; index++) this.#servers.push(this.#startOne({ index, of: count }, metered))
      await Promise.all(this.#servers.map(({ ready }) => ready))
      const { listen, acquirer, onTrouble } = this.#start
      const { connections, perAddress } = acquirer.peers
      this.#door = await startHandOver({
        ...{ address: listen, maxConnections: connections },
        ...(perAddress !== undefined && { maxPerAddress: perAddress }),
        give: (socket, id) => this.#give(socket, id),
        onRejected: (peer, why, kind) => {
          this.#turnedAway.add(kind)
          onTrouble?.(`${peer}: ${why}`)
        },
      })
    } catch (error) {
      this.#closing = Promise.resolve()
      for (const { child } of this.#servers) child.kill()
      throw error
    }
  }

  counts(): AcquirerFigures {
    const all = this.#servers.flatMap(({ counts }) => counts ?? [])
    const [first, ...others] = all
    if (first === undefined) throw new StartError('no process has told what it counts')
    const joined = others.reduce(joinCounts, first)
    const { connections, perAddress } = this.#turnedAway.counts()
    return { ...joined, turnedAway: { ...joined.turnedAway, connections, perAddress } }
  }

  metered(): readonly Metered[] {
    return this.#servers.flatMap(({ metered }) => metered ?? [])
  }

  startFaults(atWall: number): void {
    for (const { child } of this.#servers) child.tell({ kind: 'startFaults', atWall })
  }

  close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  #startOne(share: Share, metered: boolean): Server {
    const number = share.index
    let settle: [resolve: () => void, reject: (error: Error) => void] = [() => {}, () => {}]
    const ready = new Promise<void>((...both) => {
      settle = both
    })
    const child = startChild<ToAcquirer, FromAcquirer>(new URL('./acquirer-process.js', import.meta.url), (message) => {
      if (message.kind === 'ready') settle[0]()
      else if (message.kind === 'failed')
        settle[1](message.because === 'usage' ? new UsageError(message.message) : new StartError(message.message))
      else this.#hear(number, message)
    })
    const { onTrouble, onTrace, intercept, around, openMoney, onKeysGiven, ...data } = this.#start
    child.tell({
      ...{ kind: 'start', share, metered },
      cardKey: (this.#start.ledger as LedgerPlace).cardKey,
      start: { ...data, acquirer: shareOfAcquirer(data.acquirer, share) },
    })
    void child.ended.then((how) => {
      settle[1](new StartError(`process ${number + 1} of ${share.of} ended before it could serve (${how})`))
      this.#lost(number, `process ${number + 1} of ${share.of} (${child.pid}) died: ${how}`)
    })
    return { child, ready, connections: new Set(), counts: undefined, metered: undefined }
  }

  #hear(number: number, message: Exclude<FromAcquirer, { kind: 'ready' | 'failed' }>): void {
    const server = this.#servers[number] as Server
    if (message.kind === 'trouble') this.#start.onTrouble?.(message.line)
    else if (message.kind === 'gone') this.#ended(server, message.id)
    else if (message.kind === 'figures') {
      server.counts = message.counts
      server.metered = message.metered
    } else if (message.kind === 'keysGiven') this.#shareKeys(number, message.given)
    else if (message.kind === 'keysTaken') this.#keysTaken(message.id, number)
    else if (this.#ledger !== undefined) writeLedger(this.#ledger, message, (answer) => server.child.tell(answer))
  }

  #give(socket: Parameters<Child<ToAcquirer>['tell']>[1], id: number): boolean {
    const alive = this.#servers.filter(({ child }) => child.isAlive)
    const [first, ...others] = alive
    if (first === undefined || this.#closing !== undefined) return false
    const server = others.reduce(
      (least, each) => (each.connections.size < least.connections.size ? each : least),
      first,
    )
    server.connections.add(id)
    server.child.tell({ kind: 'connection', id }, socket)
    return true
  }

  #ended(server: Server, id: number): void {
    if (server.connections.delete(id)) this.#door?.ended(id)
  }

  #shareKeys(from: number, given: GivenKeys): void {
    const id = ++this.#lastKeys
    const waitsFor = new Set([...this.#servers.keys()].filter((each) => each !== from && this.#isAlive(each)))
    this.#keysOnTheirWay.set(id, { from, waitsFor })
    for (const each of waitsFor) this.#servers[each]?.child.tell({ kind: 'keys', id, given })
    this.#keysTaken(id, from)
  }

  #isAlive(number: number): boolean {
    return this.#servers[number]?.child.isAlive === true
  }

  #keysTaken(id: number, by: number): void {
    const keys = this.#keysOnTheirWay.get(id)
    keys?.waitsFor.delete(by)
    if (keys === undefined || keys.waitsFor.size > 0) return
    this.#keysOnTheirWay.delete(id)
    this.#servers[keys.from]?.child.tell({ kind: 'keysKnown' })
  }

  #lost(number: number, words: string): void {
    const server = this.#servers[number]
    if (server !== undefined) for (const id of server.connections) this.#ended(server, id)
    for (const id of [...this.#keysOnTheirWay.keys()]) this.#keysTaken(id, number)
    if (this.#closing === undefined) this.#tellDied(words)
  }

  async #close(): Promise<void> {
    await this.#door?.close()
    const late = realClock.after(closeMs, () => {
      for (const { child } of this.#servers) child.kill()
    })
    for (const { child } of this.#servers) child.tell({ kind: 'close' })
    await Promise.all(this.#servers.map(({ child }) => child.ended))
    late.cancel()
    await this.#ledger?.close()
  }
}

// The hosts of a run: those elsewhere that the scenario names, or acquirers of our own, one or several, with their ledger.
//
// Rule: hosts of one failover group share one ledger. `ledgers: separate` is a defect that a user may choose, to see the
// books find it.

import { type LedgerMark, ledgerBegin, type MarkedJournal } from '../../acquirer/ledger/marks.js'
import { isPostgresUrl } from '../../acquirer/ledger/store/postgres-place.js'
import type { AcquirerOptions } from '../../acquirer/options.js'
import type { FundsReport } from '../../acquirer/settlement/funds-report.js'
import { UsageError } from '../../base/errors.js'
import type { FaultCount } from '../../faults/chain.js'
import type { BookRow } from '../../measure/money/books.js'
import type { Spill } from '../../measure/money/spill.js'
import { addTurnedAway } from '../../measure/turned-away.js'
import type { OwnHost, ScenarioParts } from '../../scenario/parts.js'
import { formatAddress, parseAddress } from '../../transport/network/address.js'
import type { TlsOptions } from '../../transport/network/tcp-network.js'
import { keysToData, type RunKeys } from '../keys/run-keys.js'
import type { Host } from '../lines/host.js'
import type { FaultyHost } from '../lines/run-faults.js'
import { acquirerSideFaults } from '../lines/side-faults.js'
import type { World } from '../world.js'
import { type EmbeddedAcquirer, startEmbeddedAcquirer } from './embedded-acquirer.js'
import { createLedgerFile, type LedgerAccess, type LedgerFile, type LedgerPlace } from './ledger-file.js'
import { type RunningAcquirer, startAcquirer } from './start-acquirer.js'

export type LedgerMarks = readonly (LedgerMark | undefined)[]

export interface HostSide extends AsyncDisposable {
  /** In the order of failover; at least one. */
  readonly hosts: readonly Host[]
  /** Acquirers of our own, which have their faults with them. */
  readonly own: FaultyHost | undefined
  /** Where this run begins in their ledgers, one by one; undefined for hosts elsewhere. */
  ledgerMarks(journal: MarkedJournal | undefined): Promise<LedgerMarks>
  /** The rows of the hosts' ledgers since then, on their way kept in `spill`; undefined where no ledger can be seen. */
  ledgerRows(since: LedgerMarks, spill: Spill): Promise<Iterable<BookRow> | undefined>
  /** The payments to merchants since then, by ledger; undefined for hosts elsewhere. */
  funds(since: LedgerMarks): Promise<readonly (FundsReport | undefined)[] | undefined>
}

export interface HostSideOptions {
  readonly seed: number
  readonly keys: RunKeys
  readonly tls: TlsOptions | undefined
  /** `--ledger`. */
  readonly ledger?: string | undefined
  readonly ledgerAccess?: LedgerAccess | undefined
  readonly onTrace?: ((line: string) => void) | undefined
  /** Called with a line for each problem of isochron's own host: its ledger's disk is full, a peer sent no frames. */
  readonly onProgress?: ((line: string) => void) | undefined
}

type PartsOfHosts = Pick<ScenarioParts, 'hosts' | 'speech' | 'faults'>

/** Throws UsageError for hosts that do not suit the clock or the ledger, StartError for one that cannot be started. */
export async function startHostSide(world: World, parts: PartsOfHosts, options: HostSideOptions): Promise<HostSide> {
  const { targets } = parts.hosts
  if (targets === undefined) return await startOwnHosts(world, parts, options)
  if (!world.hasOthers)
    throw new UsageError(`--clock virtual: a host elsewhere (${targets.join(', ')}) runs in real time`)
  const addresses = targets.map((target) => parseAddress(target))
  return {
    hosts: addresses.map((address) => ({ name: formatAddress(address), address })),
    own: undefined,
    ledgerMarks: async () => [],
    ledgerRows: async () => undefined,
    funds: async () => undefined,
    [Symbol.asyncDispose]: async () => {},
  }
}

async function startOwnHosts(world: World, parts: PartsOfHosts, options: HostSideOptions): Promise<HostSide> {
  const { own: wanted } = parts.hosts
  const ledgers: LedgerFile[] = []
  const running: (EmbeddedAcquirer | RunningAcquirer)[] = []
  const close = async () => {
    await Promise.all(running.map((each) => each.close()))
    for (const ledger of ledgers) ledger[Symbol.dispose]()
  }
  try {
    ledgers.push(...openLedgers(world, parts.hosts, options))
    for (const [index, host] of wanted.entries()) {
      const { place } = ledgers[index % ledgers.length] as LedgerFile
      running.push(await startOne(world, parts, host, { ...options, index, ledger: place }))
    }
  } catch (error) {
    await close()
    throw error
  }
  // One that shares the ledger sees what all have posted.
  const keepers = running.slice(0, ledgers.length)
  return {
    hosts: running.map(({ address }, index) => ({ name: wanted[index]?.name ?? formatAddress(address), address })),
    own: {
      startFaults(atWall) {
        for (const each of running) each.startFaults(atWall)
      },
      turnedAway: async () => addTurnedAway(await Promise.all(running.map((each) => each.turnedAway()))),
      faultCounts: async () => summed(await Promise.all(running.map((each) => each.faultCounts()))),
    },
    ledgerMarks: (journal) => Promise.all(keepers.map((each) => each.ledgerMark(journal))),
    ledgerRows: async (since, spill) =>
      joined(await Promise.all(keepers.map((each, index) => each.ledgerRows(since[index] ?? ledgerBegin, spill)))),
    funds: (since) => Promise.all(keepers.map((each, index) => each.funds(since[index] ?? ledgerBegin))),
    [Symbol.asyncDispose]: close,
  }
}

/** One for all, or one for each. A simulated run of one host keeps it in memory, and none has more than one can read. */
function openLedgers(
  world: World,
  { ledgers, own: hosts }: ScenarioParts['hosts'],
  { ledger: file, ledgerAccess }: HostSideOptions,
): readonly LedgerFile[] {
  const [first] = hosts
  const isShared = hosts.length > 1 && ledgers === 'shared'
  if (isShared && hosts.some(({ acquirer }) => acquirer.durability === 'memory'))
    throw new UsageError('a ledger in memory cannot be shared: leave durability out, or say ledgers: separate', {
      where: 'acquirers:',
    })
  if (file !== undefined && isPostgresUrl(file)) {
    if (world.kind === 'virtual') throw new UsageError(`--clock virtual: a ledger in a database runs in real time`)
    if (hosts.length > 1 && ledgers !== 'shared')
      throw new UsageError('ledgers: separate needs a file for each host: name a file with --ledger', {
        where: 'ledgers:',
      })
  }
  const inMemory = world.kind === 'virtual' && file === undefined && !isShared
  const open = (name: string | undefined, { durability }: AcquirerOptions) =>
    createLedgerFile({ ...ledgerAccess, file: name, durability: inMemory ? 'memory' : durability })
  if (isShared || hosts.length === 1) return [open(file, first.acquirer)]
  return hosts.map(({ name, acquirer }) => open(file && `${file}-${name}`, acquirer))
}

/** In virtual time there is one thread; in real time no acquirer shares the generator's. */
function startOne(
  world: World,
  { hosts, speech, faults }: PartsOfHosts,
  { name, acquirer }: OwnHost,
  {
    seed,
    keys,
    tls,
    ledger,
    onTrace,
    onProgress,
    index,
  }: Omit<HostSideOptions, 'ledger'> & { ledger: LedgerPlace; index: number },
): Promise<EmbeddedAcquirer | RunningAcquirer> {
  const start = {
    ...speech,
    ...{ acquirer, timeZone: hosts.timeZone, tls, ledger },
    // Each throws its own dice.
    seed: seed + index,
    keys: keysToData(keys.set),
    faults: acquirerSideFaults(faults.faults, name),
    peerTimeoutMs: hosts.peerTimeoutMs,
  }
  const onTrouble = (line: string) => onProgress?.(`acquirer: ${line}`)
  if (world.kind === 'real') return startEmbeddedAcquirer(start, { onTrace, onTrouble })
  return startAcquirer({ ...start, onTrace, onTrouble, listen: { host: '127.0.0.1', port: 0 } }, world)
}

/** A fault of several hosts acts in each. */
function summed(all: readonly (readonly FaultCount[])[]): readonly FaultCount[] {
  const counts = new Map<string, FaultCount>()
  for (const count of all.flat()) {
    const before = counts.get(count.name)?.applied ?? 0
    counts.set(count.name, { ...count, applied: before + count.applied })
  }
  return [...counts.values()]
}

function joined(all: readonly (Iterable<BookRow> | undefined)[]): Iterable<BookRow> | undefined {
  const known = all.filter((rows) => rows !== undefined)
  if (known.length < all.length) return undefined
  return (function* () {
    for (const rows of known) yield* rows
  })()
}

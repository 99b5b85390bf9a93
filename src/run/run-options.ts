// The options of a run beside its scenario.

import type { MarkedJournal } from '../acquirer/ledger/marks.js'
import type { Share } from '../base/share.js'
import type { LostPart } from '../cluster/lost-part.js'
import type { Pacing } from '../load/pacer.js'
import type { BookRow, SettledTotals } from '../measure/money/books.js'
import type { PartRecord } from '../measure/part-record.js'
import type { Result } from '../measure/result.js'
import type { Tally } from '../measure/tally.js'
import type { LiveSnapshot } from '../report/live/snapshot.js'
import type { Language } from '../report/words/language.js'
import type { JournalStorage } from '../terminal/journal/journal-storage.js'
import type { Network } from '../transport/network/link.js'
import type { TlsOptions } from '../transport/network/tcp-network.js'
import type { LedgerAccess } from './hosts/ledger-file.js'
import type { RunKeys } from './keys/run-keys.js'
import type { EvidenceScope } from './result/run-evidence.js'
import type { JournalStale } from './terminals/journal-options.js'
import type { TrafficChoice } from './traffic/open-traffic.js'
import type { NetworkOn, World } from './world.js'

/** The books of one generator's terminals. */
export interface OwnBooks {
  readonly rows: Iterable<BookRow>
  /** False: rows are lost. */
  readonly isWhole: boolean
  /** Undefined where terminals did not settle. */
  readonly settled: readonly SettledTotals[] | undefined
}

/** How one generator of several speaks to what holds them together. */
export interface GeneratorHooks {
  /** The terminals are ready. Resolves to the epoch ms at which all generators begin. */
  agreeOnStart(journal: MarkedJournal | undefined): Promise<number>
  /** Called every few seconds with the measurements so far: all that is left if this generator dies. */
  soFar?(measured: Pick<LostPart, 'tally' | 'handed' | 'ended'>): void
  /** Given when the load begins: `cut` takes what was measured since it was last called. */
  cuts?(cut: () => Pick<LostPart, 'handed' | 'ended'> & { readonly tally: Tally }): void
  /** Handed the measurements of the part once a minute, in place of a file that this generator writes. */
  checkpoint?(part: PartRecord): void
  /** The terminals' side of the books. Resolves when all rows are handed over. */
  books(own: OwnBooks): Promise<void>
}

export interface RunOptions {
  /** The scenario's text as it is run: written to the folder, and its fingerprint to the result. */
  readonly source: string
  /** Names of the remedies that lie over the scenario, for the result. */
  readonly remedies?: readonly string[]
  /** Ends the load; what was measured is still drained and written. */
  readonly signal?: AbortSignal
  /** The run's folder; nothing is written without it. */
  readonly outDir?: string | undefined
  /** Which transactions have evidence in the folder; left out: those that were not timely. */
  readonly keep?: EvidenceScope | undefined
  /** The language of the reports in the folder; left out: English. */
  readonly language?: Language | undefined
  /** Once a second while the run lasts. */
  readonly onSnapshot?: (snapshot: LiveSnapshot) => void
  /** Snapshots carry counters for a monitoring system. */
  readonly metered?: boolean | undefined
  /** Called with a line for each event, such as a terminal that could not sign on. */
  readonly onProgress?: (line: string) => void
  /** Called with a masked line for everything that a fault hits. Left out: nobody is told. */
  readonly onTrace?: ((line: string) => void) | undefined
  /**
   * The observer of the messages between terminals and hosts, on the terminals' side of all faults. Left out: nobody.
   */
  readonly traffic?: TrafficChoice | undefined
  /** Left out: balanced. */
  readonly pacing?: Pacing
  /** The reversal journal; left out: a temporary one. */
  readonly journal?: string | undefined
  /** A storage that takes the place of the journal's file. */
  readonly journalIn?: JournalStorage | undefined
  readonly journalStale?: JournalStale | undefined
  /** A settlement file (对账文件): when the money of which transaction came, for hosts that do not tell. */
  readonly payouts?: string | undefined
  /** The embedded acquirer's ledger; left out: a temporary one, in virtual time one in memory. */
  readonly ledger?: string | undefined
  /** For a ledger in a database that is shared. */
  readonly ledgerAccess?: LedgerAccess | undefined
  /** A saturated generator is no failure of the run. */
  readonly allowSaturated?: boolean
  /** Left out: real. */
  readonly clock?: 'real' | 'virtual'
  /** In virtual time: a network with hosts of the caller's own, which `terminals.target` then names. */
  readonly networkOn?: NetworkOn | undefined
  /** Where it takes place; left out: over TCP, or in memory in virtual time. */
  readonly world?: World | undefined
  /** The part of the run that this process makes; left out: all of it. */
  readonly share?: Share | undefined
  /** Epoch ms at which the load begins; left out: as soon as terminals are ready. */
  readonly startAtWall?: number | undefined
  /** Told the result, before the folder is written: a disk that is full takes it from nobody. */
  readonly onResult?: ((result: Result) => void) | undefined
  /** Told what was measured, before the result is made of it. */
  readonly onPart?: ((part: PartRecord) => void) | undefined
  /** Generators in threads of this process; left out: one, in this thread. `auto`: one for each core that is free. */
  readonly workers?: number | 'auto' | undefined
  /** The hooks of one generator among several in this process. */
  readonly generator?: GeneratorHooks | undefined
}

/** The options with what their files and the scenario's hold. */
export interface PreparedRun extends RunOptions {
  readonly seed: number
  readonly keys: RunKeys
  readonly tls: TlsOptions | undefined
  /** Puts in whoever looks at what passes; left out: nobody does. */
  readonly around?: ((network: Network) => Network) | undefined
}

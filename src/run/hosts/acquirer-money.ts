// Opens the acquirer's ledger and starts what keeps it; nothing where the dialect has no rules for one.

import { type Ledger, openLedger } from '../../acquirer/ledger/ledger.js'
import { type AcquirerBooks, startMoney } from '../../acquirer/money.js'
import type { AcquirerOptions } from '../../acquirer/options.js'
import type { Clock } from '../../base/clock.js'
import { UsageError } from '../../base/errors.js'
import type { Zone } from '../../base/zone.js'
import type { Codec } from '../../codec/codec.js'
import type { Dialect } from '../../codec/dialect.js'
import { type LedgerPlace, memoryLedger } from './ledger-file.js'

export interface AcquirerMoneySetup {
  readonly codec: Codec
  readonly options: AcquirerOptions
  readonly clock: Clock
  readonly zone: Zone
  /** Left out: in memory. */
  readonly ledger: LedgerPlace | undefined
  readonly onTrouble: (line: string) => void
}

export interface AcquirerMoney extends Pick<AcquirerBooks, 'advices' | 'posting' | 'mark' | 'rows' | 'funds'> {
  /** Reserves reference numbers: none is given twice on this ledger. */
  readonly reserve: Ledger['reserve']
  /** Idempotent. */
  close(): Promise<void>
}

/** Throws StartError for a ledger that cannot be opened, UsageError for options that do not suit the dialect. */
export async function startAcquirerMoney(setup: AcquirerMoneySetup): Promise<AcquirerMoney | undefined> {
  const { codec, options, ledger: place = memoryLedger() } = setup
  const { dialect } = codec
  if (dialect.rules.ledger === undefined) {
    if (options.settlement === undefined) return undefined
    throw new UsageError(`dialect ${dialect.name} has no rules for a ledger, so nobody can be paid`, {
      where: 'acquirer.settlement:',
    })
  }
  const ledger = await openLedgerAt(place, setup, dialect)
  try {
    const money = startMoney({ ...setup, ledger })
    return {
      ...money,
      reserve: ledger.reserve,
      async close() {
        money.close()
        await ledger.close()
      },
    }
  } catch (error) {
    await ledger.close()
    throw error
  }
}

/** A ledger whose close() never rejects: a disk that is full by then is told, and takes no counts away. */
export async function openLedgerAt(place: LedgerPlace, setup: AcquirerMoneySetup, dialect: Dialect): Promise<Ledger> {
  const ledger = await openAt(place, setup, dialect)
  return {
    ...ledger,
    async close() {
      try {
        await ledger.close()
      } catch (error) {
        setup.onTrouble(`the ledger is closed as it is, and all postings are in it: ${(error as Error).message}`)
      }
    },
  }
}

/** `pg` is loaded where it is needed, and nowhere else. */
async function openAt(place: LedgerPlace, setup: AcquirerMoneySetup, dialect: Dialect): Promise<Ledger> {
  const { clock, options } = setup
  if (place.postgres === undefined) {
    const durability = place.file === undefined ? 'memory' : options.durability
    return openLedger({ ...place, durability, dialect, now: clock.wall() })
  }
  const { openSharedLedger } = await import('../../acquirer/ledger/shared-ledger.js')
  return await openSharedLedger({ ...setup, ...place, place: place.postgres, dialect })
}

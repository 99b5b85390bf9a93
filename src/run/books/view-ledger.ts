// Opens a ledger to be looked at, by what `--ledger` says.

import { statSync } from 'node:fs'
import { type LedgerView, viewLedgerFile } from '../../acquirer/ledger/store/ledger-view.js'
import { isPostgresUrl, parsePostgresUrl } from '../../acquirer/ledger/store/postgres-place.js'
import { StartError, UsageError } from '../../base/errors.js'
import { refuseOther, withSecrets } from '../hosts/ledger-file.js'

/** Rejects with UsageError and StartError for a place that holds no ledger. */
export async function viewLedger(place: string, passwordFile: string | undefined): Promise<LedgerView> {
  if (isPostgresUrl(place)) {
    // `pg` is loaded where it is needed, and nowhere else.
    const { viewSharedLedger } = await import('../../acquirer/ledger/store/postgres-view.js')
    return await viewSharedLedger(withSecrets(parsePostgresUrl(place), passwordFile))
  }
  if (passwordFile !== undefined)
    throw new UsageError('--ledger-password is for a ledger in a database: --ledger postgres://…')
  refuseOther(place)
  if (statSync(place, { throwIfNoEntry: false }) === undefined)
    throw new StartError(`there is no ledger ${place}: name the file that --ledger of the acquirer named`)
  return viewLedgerFile(place)
}

// Where the acquirer's ledger is kept: a file that a user names, or a temporary one that goes away with the run. The key
// of its card hashes stands beside it in a file of its own, FILE.key, so that the ledger alone gives no card away.

import { closeSync, fsyncSync, openSync, readFileSync, readSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { isPostgresUrl, type PostgresPlace, parsePostgresUrl } from '../../acquirer/ledger/store/postgres-place.js'
import type { Durability } from '../../acquirer/ledger/store/sqlite-store.js'
import { StartError, UsageError } from '../../base/errors.js'
import { freshSeed } from '../../base/random.js'
import { reasonOf } from '../../base/text/system-words.js'
import { cardKeyBytes, freshCardKey } from '../../crypto/card/card-digest.js'
import { requirePrivate } from '../disk/private-file.js'
import { makeTemporaryFolder } from '../disk/temporary-folder.js'

/** Data only: it is handed to the acquirer's thread. */
export interface LedgerPlace {
  /** Left out: in memory, or in a database. */
  readonly file?: string | undefined
  /** A database that several machines share. */
  readonly postgres?: PostgresPlace | undefined
  /** Processes that give the same name share the ledger. */
  readonly run: string
  readonly cardKey: Uint8Array
}

export interface LedgerFile extends Disposable {
  readonly place: LedgerPlace
}

/** How to get at a ledger that is shared. */
export interface LedgerAccess {
  /** `--ledger-run`; left out: a name of its own, so that the ledger is shared with nobody. */
  readonly run?: string | undefined
  /** `--ledger-key`: the file of the key of card hashes, which a ledger in a database needs. */
  readonly keyFile?: string | undefined
  /** `--ledger-password`: the file of the password to the database. */
  readonly passwordFile?: string | undefined
}

export interface LedgerChoice extends LedgerAccess {
  /** `--ledger`, a file or the URL of a database; left out: a temporary file. */
  readonly file: string | undefined
  readonly durability: Durability
}

/** Throws UsageError for a choice that contradicts itself, StartError for a file that cannot be made or read. */
export function createLedgerFile({
  file,
  run = `${process.pid}-${freshSeed()}`,
  durability,
  keyFile,
  passwordFile,
}: LedgerChoice): LedgerFile {
  if (file !== undefined && isPostgresUrl(file))
    return { place: sharedPlace(file, { run, durability, keyFile, passwordFile }), [Symbol.dispose]: () => {} }
  if (passwordFile !== undefined)
    throw new UsageError('--ledger-password is for a ledger in a database: --ledger postgres://…')
  if (keyFile !== undefined)
    throw new UsageError('--ledger-key is for a ledger in a database; a file has its own, FILE.key')
  if (durability === 'memory') {
    if (file !== undefined)
      throw new UsageError(`--ledger ${file}: durability memory keeps no file; leave one of them out`)
    return { place: { run, cardKey: freshCardKey() }, [Symbol.dispose]: () => {} }
  }
  if (file !== undefined) refuseOther(file)
  if (file !== undefined)
    return { place: { file, run, cardKey: readCardKey(`${file}.key`) }, [Symbol.dispose]: () => {} }
  const folder = onDisk('a temporary ledger', () => makeTemporaryFolder())
  return {
    place: { file: join(folder, 'ledger.sqlite'), run, cardKey: freshCardKey() },
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  }
}

/** A ledger in memory: of a simulated run, and of tests. */
export const memoryLedger = (): LedgerPlace => ({ run: 'memory', cardKey: freshCardKey() })

/** Throws StartError for a file that is something else: before a key is made beside it. */
export function refuseOther(file: string): void {
  const stats = onDisk(file, () => statSync(file, { throwIfNoEntry: false }))
  if (stats?.isFile() === false)
    throw new StartError(`${file} is a folder or a device: a ledger is a file, name another with --ledger`)
  const isOther = stats !== undefined && stats.size > 0 && onDisk(file, () => headOf(file)) !== sqliteHead
  if (isOther) throw new StartError(`${file} is no ledger, so it is left alone: name another with --ledger`)
}

/** The first bytes of every SQLite file (Database File Format, 1.3.1). */
const sqliteHead = 'SQLite format 3\0'

function headOf(file: string): string {
  const descriptor = openSync(file, 'r')
  try {
    const head = Buffer.alloc(sqliteHead.length)
    return head.toString('latin1', 0, readSync(descriptor, head))
  } finally {
    closeSync(descriptor)
  }
}

interface SharedChoice extends Pick<LedgerChoice, 'durability' | 'keyFile' | 'passwordFile'> {
  readonly run: string
}

function sharedPlace(url: string, { run, durability, keyFile, passwordFile }: SharedChoice): LedgerPlace {
  const place = parsePostgresUrl(url)
  if (durability === 'memory')
    throw new UsageError(`--ledger ${place.shown}: a database keeps what it has answered; leave durability memory out`)
  if (keyFile === undefined)
    throw new UsageError(
      `--ledger ${place.shown}: name the file of the key of card hashes with --ledger-key; it is made when it is not there, and every machine needs the same one`,
    )
  return { run, cardKey: readCardKey(keyFile), postgres: withSecrets(place, passwordFile) }
}

/** The place with what its files hold. Throws UsageError and StartError for files that cannot be used. */
export function withSecrets(place: PostgresPlace, passwordFile: string | undefined): PostgresPlace {
  const { ca, cert, key } = place.files
  const pem = {
    ...(ca !== undefined && { ca: readText(ca, 'sslrootcert') }),
    ...(cert !== undefined && { cert: readText(cert, 'sslcert') }),
    ...(key !== undefined && { key: readSecret(key, 'key of TLS') }),
  }
  const password = passwordFile === undefined ? undefined : readSecret(passwordFile, 'password of the ledger').trim()
  return { ...place, pem, password }
}

const readText = (file: string, what: string) => onDisk(`${what} ${file}`, () => readFileSync(file, 'utf8'))

function readSecret(file: string, what: string): string {
  return onDisk(file, () => {
    requirePrivate(file, what)
    return readFileSync(file, 'utf8')
  })
}

/** Made with the ledger, readable by its owner only. */
function readCardKey(file: string): Uint8Array {
  const made = Buffer.from(freshCardKey()).toString('hex')
  const isNew = onDisk(file, () => writeUnlessThere(file, `${made}\n`))
  if (!isNew) onDisk(file, () => requirePrivate(file, 'key of the ledger'))
  const text = isNew ? made : onDisk(file, () => readFileSync(file, 'utf8').trim())
  if (new RegExp(`^[0-9a-f]{${2 * cardKeyBytes}}$`).test(text)) return Buffer.from(text, 'hex')
  throw new StartError(`${file}: expected a key of ${2 * cardKeyBytes} hexadecimal digits, made with the ledger`)
}

/**
 * When two processes start at the same time, one makes the file and the other finds it. The file is on the disk before
 * the
 * ledger has anything that was hashed with its key, because a ledger that outlives its key is of no use.
 */
function writeUnlessThere(file: string, text: string): boolean {
  let made: number
  try {
    made = openSync(file, 'wx', 0o600)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
  try {
    writeFileSync(made, text)
    fsyncSync(made)
  } finally {
    closeSync(made)
  }
  syncFolder(dirname(file))
  return true
}

/** So that the file is found after a loss of power, and not its bytes alone. */
function syncFolder(folder: string): void {
  // Windows has no such thing, and needs none.
  if (process.platform === 'win32') return
  const opened = openSync(folder, 'r')
  try {
    fsyncSync(opened)
  } finally {
    closeSync(opened)
  }
}

function onDisk<Value>(what: string, work: () => Value): Value {
  try {
    return work()
  } catch (cause) {
    if (cause instanceof UsageError) throw cause
    throw new StartError(`cannot use ${what} (${reasonOf(cause)}): name another file with --ledger`, { cause })
  }
}

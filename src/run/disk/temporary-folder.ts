// Folders for what a run keeps only while it lasts: journals and ledgers, which may hold card numbers. Each names its process,
// and the next run removes those of processes that were killed.

import { lstatSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { type ProcessIdentity, stateOf, thisProcess } from '../../base/process/process-identity.js'

const prefix = 'isochron-'
const ownerFile = 'owner'

/** Folders that one start looks at: a machine that has more is cleaned by several starts. */
const mostLookedAt = 1000

/** A folder of its own, which this user alone may enter. Whoever makes it removes it. */
export function makeTemporaryFolder(parent = tmpdir()): string {
  removeForsaken(parent)
  const folder = mkdtempSync(join(parent, prefix))
  writeFileSync(join(folder, ownerFile), JSON.stringify(thisProcess()), { mode: 0o600 })
  return folder
}

/** Removes the folders of this user's processes that are no more. What cannot be told stays. */
function removeForsaken(parent: string): void {
  const names = readdirSync(parent).filter((name) => name.startsWith(prefix))
  for (const name of names.slice(0, mostLookedAt)) {
    const folder = join(parent, name)
    try {
      if (isOwn(folder) && isForsaken(folder)) rmSync(folder, { recursive: true, force: true })
    } catch {
      // Another start removes it at this moment, or it is none of ours.
    }
  }
}

function isOwn(folder: string): boolean {
  const stats = lstatSync(folder)
  return stats.isDirectory() && (process.platform === 'win32' || stats.uid === userInfo().uid)
}

function isForsaken(folder: string): boolean {
  const owner = JSON.parse(readFileSync(join(folder, ownerFile), 'utf8')) as Partial<ProcessIdentity>
  const { pid, start, host } = owner
  if (typeof pid !== 'number' || typeof start !== 'string' || typeof host !== 'string') return false
  return stateOf({ pid, start, host }) === 'gone'
}

// The folder that `--out` means: a new one, or the next number in a folder of runs. Another run is never overwritten in silence.

import { lstatSync, mkdirSync, readdirSync, rmSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { UsageError } from '../../base/errors.js'
import { makeRunFolder } from './run-folder.js'

/** Files by which a folder shows that it holds a run, or several, or what `explain` found. */
export const runFiles: readonly string[] = [
  ...['result.json', 'remedies.json', 'repeats.json', 'capacity.json', 'part.json', 'checkpoint.json'],
  ...['intervals.hlog', 'evidence.jsonl'],
]
/** Numbers have four digits, so that a list of names is in order. */
const digits = 4
/** Tries to make a number of one's own while other runs do the same. */
const mostTries = 100

/**
 * `out` as it was given: with a slash at its end it is a folder of runs, in which the next number is made, and `latest`
 * a link to it. Throws UsageError for a folder that holds a run, unless `force`; StartError where nothing can be written.
 */
export function outFolder(out: string | undefined, { force }: { readonly force: boolean }): string | undefined {
  if (out === undefined) return undefined
  if (/[/\\]$/.test(out)) return numberedFolder(out)
  const mark = runFiles.find((name) => isThere(join(out, name)))
  if (mark !== undefined && !force)
    throw new UsageError(
      `--out ${out}: it holds a run (${mark}): name another folder, '${out}/' for a number in it, or --force to overwrite it`,
    )
  return out
}

/** A link is there even where what it points to is not. */
const isThere = (file: string) => lstatSync(file, { throwIfNoEntry: false }) !== undefined

function numberedFolder(folder: string): string {
  makeRunFolder(folder)
  for (let tries = 0; tries < mostTries; tries++) {
    const used = readdirSync(folder).flatMap((name) => (/^\d{1,9}$/.test(name) ? [Number(name)] : []))
    const name = String(Math.max(0, ...used) + 1).padStart(digits, '0')
    if (!made(join(folder, name))) continue
    linkLatest(folder, name)
    return join(folder, name)
  }
  throw new UsageError(`--out ${folder}: too many runs begin there at once`)
}

/** False where another run was faster. */
function made(folder: string): boolean {
  try {
    mkdirSync(folder)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}

/** A system without links has none. What a user has called so stays. */
function linkLatest(folder: string, name: string): void {
  const link = join(folder, 'latest')
  try {
    if (lstatSync(link, { throwIfNoEntry: false })?.isSymbolicLink() === false) return
    rmSync(link, { force: true })
    symlinkSync(name, link)
  } catch {
    // The run does not depend on it.
  }
}

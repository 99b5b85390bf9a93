// A run's folder: what was measured. The reports beside it are made from it (write-reports.ts).

import { accessSync, constants, lstatSync, mkdirSync, rmSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { StartError, UsageError } from '../../base/errors.js'
import { counted } from '../../base/text/counted.js'
import { reasonOf } from '../../base/text/system-words.js'
import { encodePart } from '../../cluster/part-codec.js'
import type { PartRecord } from '../../measure/part-record.js'
import type { Result, TimelineRow } from '../../measure/result.js'
import { printingJson } from '../../report/json.js'
import type { Language } from '../../report/words/language.js'
import { writeWhole } from '../disk/write-whole.js'
import { maskPart } from './mask-result.js'
import { partFile } from './part-file.js'

/**
 * Makes the folder before the run, so that a run of an hour does not end with nowhere to write. Throws StartError, and
 * UsageError for a link: whoever made it decides where it leads, also while the run lasts.
 */
export function makeRunFolder(folder: string): void {
  try {
    refuseLink(folder)
    makeFolders(folder)
    accessSync(folder, constants.W_OK)
  } catch (cause) {
    if (cause instanceof UsageError) throw cause
    throw new StartError(`cannot write to ${folder} (${reasonOf(cause)}): name another folder with --out`, { cause })
  }
}

function refuseLink(folder: string): void {
  const bare = folder.replace(/(?<=.)[/\\]+$/, '')
  if (lstatSync(bare, { throwIfNoEntry: false })?.isSymbolicLink() !== true) return
  throw new UsageError(`--out ${folder}: it is a link, and links are not followed: name the folder that it leads to`)
}

/** One by one: Node's `recursive` never returns where a file system answers ENOENT below a folder that exists, as /proc does. */
function makeFolders(folder: string): void {
  if (isFolder(folder)) return
  if (dirname(folder) !== folder) makeFolders(dirname(folder))
  try {
    mkdirSync(folder)
  } catch (error) {
    // Another run may have made it in the meantime.
    if (!isFolder(folder)) throw error
  }
}

const isFolder = (path: string) => statSync(path, { throwIfNoEntry: false })?.isDirectory() === true

/**
 * The files of a finished run. `scenario`: the text as it was run. `intervals` and `evidence`: files of many lines,
 * piece by piece.
 */
export interface FolderParts {
  readonly result: Result
  /** The measurements of a part, to be put together with the others; undefined for a run of one part. */
  readonly part?: PartRecord | undefined
  readonly scenario: string
  readonly intervals: Iterable<string>
  readonly evidence: Iterable<string>
  /** The language of the reports; left out: English. */
  readonly language?: Language | undefined
}

/** The name of the file that a run leaves in its folder while it lasts: what was measured until the last minute. */
export const checkpointName = 'checkpoint.json'

/**
 * Writes each file whole or not at all, the most important first; one that cannot be written keeps none of the others from
 * it. The event loop goes on meanwhile. Throws StartError that names what could not be written, and why.
 */
export async function writeRunFolder(folder: string, parts: FolderParts): Promise<void> {
  const { result, part, scenario, intervals, evidence } = parts
  const files: readonly (readonly [name: string, pieces: () => Iterable<string>])[] = [
    ['result.json', () => printingJson(result, result.timeline)],
    ...(part === undefined ? [] : [[partFile, () => [encodePart(maskPart(part))]] as const]),
    ['scenario.yaml', () => [scenario]],
    ['intervals.hlog', () => intervals],
    ['evidence.jsonl', () => evidence],
  ]
  const problems: StartError[] = []
  const attempt = async (write: () => Promise<void>) => {
    try {
      await write()
    } catch (error) {
      if (!(error instanceof StartError)) throw error
      problems.push(error)
    }
  }
  for (const [name, pieces] of files) await attempt(() => writeWhole(join(folder, name), pieces()))
  // Made from the files above: where one of those is missing, they would say less than was measured.
  if (problems.length === 0)
    await attempt(async () => (await import('./write-reports.js')).writeReports(folder, parts.language))
  const [first] = problems
  if (first === undefined) return rmSync(join(folder, checkpointName), { force: true })
  const more = problems.length === 1 ? '' : `; not written: ${counted(problems.length - 1, 'more file')}`
  throw new StartError(`${first.message}${more}`, { cause: first.cause })
}

/** Written over and over while a run lasts, which goes on meanwhile. Throws StartError. */
export const writeCheckpoint = (
  folder: string,
  result: Omit<Result, 'timeline'>,
  rows: Iterable<TimelineRow>,
): Promise<void> => writeWhole(join(folder, checkpointName), printingJson(result, rows))

/** report.html and evidence.jsonl of a capture, in a folder that is made when it is not there. Throws StartError. */
export async function writeExplained(
  folder: string,
  { page, evidence }: { readonly page: string; readonly evidence: Iterable<string> },
): Promise<void> {
  makeRunFolder(folder)
  await writeWhole(join(folder, 'report.html'), page)
  await writeWhole(join(folder, 'evidence.jsonl'), evidence)
}

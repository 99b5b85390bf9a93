// A run's folder: the result and what is made from it.

import { accessSync, appendFileSync, constants, mkdirSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { StartError } from '../../base/errors.js'
import type { Result } from '../../measure/result.js'
import { printHgrm } from '../../report/hgrm.js'
import { printJson } from '../../report/json.js'
import { printMarkdown } from '../../report/markdown.js'

/** Makes the folder before the run, so that a run of an hour does not end with nowhere to write. Throws StartError. */
export function makeRunFolder(folder: string): void {
  try {
    makeFolders(folder)
    accessSync(folder, constants.W_OK)
  } catch (cause) {
    throw new StartError(
      `cannot write to ${folder} (${(cause as NodeJS.ErrnoException).code}): name another folder with --out`,
      { cause },
    )
  }
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

/** `scenario`: the text as it was run. `intervals` and `evidence`: the interval log, and evidence.jsonl, piece by piece. */
export function writeRunFolder(
  folder: string,
  parts: { result: Result; scenario: string; intervals: Iterable<string>; evidence: Iterable<string> },
): void {
  const { result, scenario, intervals, evidence } = parts
  const write = (name: string, text: string) => writeFileSync(join(folder, name), text)
  write('result.json', printJson(result))
  writePieces(join(folder, 'intervals.hlog'), intervals)
  writePieces(join(folder, 'evidence.jsonl'), evidence)
  write('scenario.yaml', scenario)
  write('response-time.hgrm', printHgrm(result.responseTime))
  write('report.md', printMarkdown(result))
}

/** evidence.jsonl alone, in a folder that is made when it is not there. Throws StartError. */
export function writeEvidence(folder: string, lines: Iterable<string>): void {
  makeRunFolder(folder)
  writePieces(join(folder, 'evidence.jsonl'), lines)
}

/** Characters that are written at a time: evidence is many small lines. */
const pieceLength = 1_048_576

function writePieces(file: string, pieces: Iterable<string>): void {
  writeFileSync(file, '')
  let waiting = ''
  for (const piece of pieces) {
    waiting += piece
    if (waiting.length < pieceLength) continue
    appendFileSync(file, waiting)
    waiting = ''
  }
  appendFileSync(file, waiting)
}

// part.json in the folder of a part: what it measured, to be put together with the other parts.

import { join } from 'node:path'
import { UsageError } from '../../base/errors.js'
import { decodePart, maxPartBytes } from '../../cluster/part-codec.js'
import type { PartRecord } from '../../measure/part-record.js'
import { readBounded } from '../disk/read-bounded.js'

export const partFile = 'part.json'
const scenarioFile = 'scenario.yaml'
/** The largest scenario that a part brings, in bytes. */
const maxScenarioBytes = 16 * 1024 * 1024

export interface ReadPart extends PartRecord {
  /** The folder that it comes from. */
  readonly from: string
}

/** Throws UsageError for a folder that holds no part. */
export function readPart(folder: string): ReadPart {
  return { ...decodePart(textOf(folder, partFile, maxPartBytes), join(folder, partFile)), from: folder }
}

/** The scenario as the part ran it. Throws UsageError. */
export const scenarioOfPart = (folder: string): string => textOf(folder, scenarioFile, maxScenarioBytes)

function textOf(folder: string, name: string, maxBytes: number): string {
  const file = join(folder, name)
  const bytes = read(file, maxBytes)
  if (bytes === undefined)
    throw new UsageError(`more than ${maxBytes} bytes: not a file of a part`, { where: `${file}:` })
  return bytes.toString('utf8')
}

function read(file: string, maxBytes: number): Buffer | undefined {
  try {
    return readBounded(file, maxBytes)
  } catch (cause) {
    throw new UsageError('no part of a run: `isochron run SCENARIO --part I/N --out DIR` makes one', {
      where: `${file}:`,
      cause,
    })
  }
}

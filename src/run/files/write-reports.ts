// The reports in a run's folder: made from what the folder holds, so that they can be made again.

import { join } from 'node:path'
import { reportFormat, reportFormatNames } from '../../report/formats.js'
import type { Language } from '../../report/words/language.js'
import { writeWhole } from '../disk/write-whole.js'
import { pageAssets } from './page-assets.js'
import { readRun } from './read-run.js'

/** Writes every report that has a file. Throws UsageError where the folder holds no run, StartError for a file that cannot be written. */
export async function writeReports(folder: string, language: Language = 'en'): Promise<void> {
  const run = await readRun(folder)
  for (const name of reportFormatNames) {
    const { file, bilingual, print } = reportFormat(name)
    const context = { language: bilingual === true ? language : 'en', assets: pageAssets } as const
    if (file !== undefined) await writeWhole(join(folder, file), [print(run, context)])
  }
}

// The output for a CI server beside the exit code, by `--ci` or where its environment says that it is one.

import { appendFileSync } from 'node:fs'
import { UsageError } from '../base/errors.js'
import type { Result } from '../measure/result.js'
import { githubAnnotations, githubSummary } from '../report/github.js'
import { printMarkdown } from '../report/markdown.js'
import type { Io } from './io.js'

export type Ci = 'github' | 'gitlab' | 'none'

/** Throws UsageError for a server that is not known. GitLab reads the files of the run's folder; nothing else is told to it. */
export function ciNamed(name: string | undefined, environment: NodeJS.ProcessEnv = process.env): Ci {
  if (name === 'github' || name === 'gitlab' || name === 'none') return name
  if (name !== undefined) throw new UsageError(`--ci: expected github, gitlab or none, got '${name}'`)
  return environment.GITHUB_ACTIONS === 'true' ? 'github' : 'none'
}

/** A summary that cannot be written is told, and takes no result away. */
export function tellCi(io: Io, result: Result, ci: Ci, environment: NodeJS.ProcessEnv = process.env): void {
  if (ci !== 'github') return
  for (const line of githubAnnotations(result)) io.stdout.write(`${line}\n`)
  const file = environment.GITHUB_STEP_SUMMARY
  if (file === undefined || file === '') return
  try {
    appendFileSync(file, `${githubSummary(printMarkdown(result))}\n`)
  } catch (error) {
    io.stderr.write(`warning: the summary of the job cannot be written (${(error as NodeJS.ErrnoException).code})\n`)
  }
}

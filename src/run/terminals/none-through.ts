// The error when no terminal could connect or sign on: it says why, and what came instead.

import { StartError } from '../../base/errors.js'

export function noneThrough(setting: {
  readonly what: 'connect' | 'sign on'
  /** Addresses. */
  readonly hosts: readonly string[]
  /** Why terminals failed, and how many. */
  readonly failures: ReadonlyMap<string, number>
  /** The last that came and answered nothing, in words. */
  readonly stray: string | undefined
  readonly dialect: string
}): StartError {
  const { what, hosts, failures, stray, dialect } = setting
  const reasons = [...failures.keys()].join(', ')
  // A sentence, such as what is wrong with a certificate, says it all; a bare word does not.
  const question = reasons.split(' ').length > 3 ? '' : `: does a host that speaks ${dialect} listen there?`
  const why = stray === undefined ? ` (${reasons})${question}` : `, though something came: ${stray}`
  return new StartError(`no terminal could ${what} at ${hosts.join(' or ')}${why}`)
}

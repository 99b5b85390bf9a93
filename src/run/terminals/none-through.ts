// The error when no terminal could connect or sign on: it says why, what came instead, and the cause as far as it can be told.

import { StartError } from '../../base/errors.js'
import { causeCatalogue } from '../../measure/causes/catalogue.js'
import { causeOfStart } from '../../measure/causes/start-failure.js'

export function noneThrough(setting: {
  readonly what: 'connect' | 'sign on'
  /** Addresses. */
  readonly hosts: readonly string[]
  /** Why terminals failed, and how many. */
  readonly failures: ReadonlyMap<string, number>
  /** The last that came and answered nothing, in words. */
  readonly stray: string | undefined
  readonly dialect: string
  /** The time that each connection took that opened, in ms. */
  readonly connectMs: readonly number[]
}): StartError {
  const { what, hosts, failures, stray, dialect } = setting
  const reasons = [...failures.keys()].join(', ')
  // A sentence, such as what is wrong with a certificate, says it all; a bare word does not.
  const question = !isAsked(failures) ? '' : `: does a host that speaks ${dialect} listen there?`
  const why = stray === undefined ? ` (${reasons})${question}` : `, though something came: ${stray}`
  return new StartError(`no terminal could ${what} at ${hosts.join(' or ')}${why}${causeWords(setting)}`)
}

/** The reasons say too little by themselves: the message ends with a question. */
const isAsked = (failures: ReadonlyMap<string, number>) => [...failures.keys()].join(', ').split(' ').length <= 3

/** A sentence with the cause, its evidence and its remedy; empty where nothing tells. */
function causeWords({ failures, connectMs, stray }: Parameters<typeof noneThrough>[0]): string {
  const found = causeOfStart({ failures, connectMs, isStrayed: stray !== undefined })
  if (found === undefined) return ''
  const remedy = causeCatalogue.find(({ id }) => id === found.cause)?.remedy ?? ''
  const sure = `${Math.round(100 * found.confidence)} %`
  return `${stray === undefined && isAsked(failures) ? '' : '.'} Cause: ${found.cause} (${sure}): ${found.evidence.join('; ')}. What helps: ${remedy}`
}

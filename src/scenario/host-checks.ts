// Hosts and routes of a scenario must fit each other, and faults may name only those that there are.

import { suggestion } from '../base/suggest.js'
import { findProfile } from '../faults/options.js'
import type { Problem } from './problems.js'
import type { ScenarioFile } from './schema.js'

type Checked = Pick<ScenarioFile, 'acquirers' | 'ledgers' | 'terminals' | 'faults' | 'profiles'>

/** Everything that is wrong with hosts and routes in a well-formed scenario. */
export function checkHosts(scenario: Checked): readonly Problem[] {
  return [...checkAcquirers(scenario), ...checkRoutes(scenario), ...checkPlaces(scenario)]
}

function checkAcquirers({ acquirers, ledgers, terminals }: Checked): readonly Problem[] {
  const problem = (key: string, text: string): Problem => ({ path: [key], text, atKey: true })
  if (acquirers === undefined)
    return ledgers === 'separate' ? [problem('ledgers', 'only for acquirers:, and the scenario has none')] : []
  return terminals.target === undefined
    ? []
    : [problem('acquirers', 'these are embedded, but terminals.target is a host elsewhere: give one of them')]
}

function checkRoutes({ terminals: { routes = [] }, profiles }: Checked): readonly Problem[] {
  return routes.flatMap(({ network }, index) => {
    const found = network === undefined ? undefined : findProfile(network, profiles)
    return found !== undefined && 'problem' in found
      ? [{ path: ['terminals', 'routes', index, 'network'], text: found.problem }]
      : []
  })
}

/** `target` and `route` of faults. */
function checkPlaces({ acquirers, terminals, faults }: Checked): readonly Problem[] {
  const hosts = terminals.target ?? Object.keys(acquirers ?? {})
  const routes = (terminals.routes ?? []).map(({ name }) => name)
  return faults.flatMap(({ target, route }, index) => [
    ...unknown(target, hosts, {
      path: ['faults', index, 'target'],
      what: 'host',
      where: 'acquirers or terminals.target',
    }),
    ...unknown(route, routes, { path: ['faults', index, 'route'], what: 'route', where: 'terminals.routes' }),
  ])
}

function unknown(
  name: string | undefined,
  known: readonly string[],
  { path, what, where }: { path: Problem['path']; what: string; where: string },
): readonly Problem[] {
  if (name === undefined || known.includes(name)) return []
  const help = suggestion(name, known) || (known.length === 0 ? '' : `; known are ${known.join(', ')}`)
  return [{ path, text: `${where} has no ${what} '${name}'${help}` }]
}

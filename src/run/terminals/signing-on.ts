// How the terminals of a run sign on: at the start of the day, when the host wants it, and when they speak to another one.
// And how they sign off, at its end.

import type { Clock } from '../../base/clock.js'
import type { Dialect } from '../../codec/dialect.js'
import { createSignOnAgain, type SignOnAgain } from '../../terminal/exchange/sign-on-again.js'
import type { TerminalKeys } from '../../terminal/keys/terminal-keys.js'
import type { TerminalOptions } from '../../terminal/options/options.js'
import type { Connections } from '../../terminal/paths/connections.js'
import type { RequestMaker } from '../../terminal/requests/request-maker.js'
import { createSignedOn, type LoadSignOn } from '../../terminal/sign-on/signed-on.js'
import { createSignOn, type SignOn } from '../../terminal/sign-on/start-up.js'
import { adoptBatch, type Terminal } from '../../terminal/terminal.js'
import type { PlannedMessages } from './planned-messages.js'

export interface SigningOn {
  readonly signOn: SignOn
  readonly signOnAgain: SignOnAgain
}

interface Speaking {
  readonly dialect: Dialect
  readonly options: Pick<TerminalOptions, 'timeout' | 'startUp'>
  readonly messages: Pick<PlannedMessages, 'signOn' | 'signOff' | 'keys'>
  readonly connections: Connections
  readonly makeRequest: RequestMaker
  readonly clock: Clock
}

/** Undefined where terminals do not sign on. */
export function createSigningOn(
  setting: Speaking & {
    readonly hasSeveralHosts: boolean
    /** The host let it in. */
    readonly onSignedOn: (terminal: Terminal) => void
  },
): SigningOn | undefined {
  const { dialect, options, messages, connections, makeRequest, clock, hasSeveralHosts, onSignedOn } = setting
  const { signOn: plan, keys } = messages
  if (plan === undefined) return undefined
  const signedOn = createSignedOn()
  const load = signedOn.heard(loadSignOn(dialect, keys))
  const signOn = createSignOn({
    ...{ plan, connections, makeRequest, clock },
    rules: dialect.rules,
    keys: {
      load(terminal, answer, host) {
        const problem = load(terminal, answer, host)
        if (problem === undefined) onSignedOn(terminal)
        return problem
      },
    },
    timeoutMs: options.timeout,
  })
  const signOnAgain = createSignOnAgain({
    ...{ wants: keys.wantsSignOn, signOn, atOnce: options.startUp },
    // Keys that another host gave are of no use to this one.
    ...(hasSeveralHosts && keys.fromSignOn && { isElsewhere: signedOn.isElsewhere }),
  })
  return { signOn, signOnAgain }
}

/** Undefined where terminals do not sign off. Asked like a sign-on; its answer brings nothing. */
export function createSigningOff({ dialect, options, messages, ...speaking }: Speaking): SignOn | undefined {
  const { signOff: plan } = messages
  if (plan === undefined) return undefined
  return createSignOn({ ...speaking, plan, rules: dialect.rules, timeoutMs: options.timeout })
}

/** Loads from the answer to a sign-on: keys, and the batch that the host opens. */
function loadSignOn({ rules }: Dialect, keys: TerminalKeys): LoadSignOn {
  const from = rules.batchFromSignOn
  return (terminal, answer) => {
    const batch = from && answer?.text(from.field)?.slice(from.from ?? 0, from.to)
    if (batch !== undefined) adoptBatch(terminal, batch)
    return keys.load(terminal, answer)
  }
}

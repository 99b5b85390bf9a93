// The third party that a host asks: over HTTP where the scenario names one, else simulated.

import { simulatedThirdParty, type ThirdParty, thirdPartyWordSchema } from '../../acquirer/intake/third-party.js'
import type { AcquirerOptions } from '../../acquirer/options.js'
import { createThirdPartyClient } from '../../control/third-party-client.js'
import type { World } from '../world.js'

/** Undefined where none is asked. Throws UsageError for a URL that is none. */
export function thirdPartyOf(
  options: AcquirerOptions['thirdPartyCheck'],
  { kind, clock }: Pick<World, 'kind' | 'clock'>,
): ThirdParty | undefined {
  if (options === undefined) return undefined
  const { url, latency } = options
  if (url === undefined) return simulatedThirdParty(clock, latency)
  const client = createThirdPartyClient(url)
  // A simulated world has no network: the URL is checked, and the latency stands for the call.
  if (kind === 'virtual') return simulatedThirdParty(clock, latency)
  return {
    close: client.close,
    ask: (question, done) => client.ask(question, (answer) => done(thirdPartyWordSchema.safeParse(answer).data)),
  }
}

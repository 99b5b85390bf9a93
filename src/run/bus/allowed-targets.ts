// Where a generator lets itself be aimed. Rule: who can reach the bus must not be able to aim a fleet at any host.

import { UsageError } from '../../base/errors.js'
import { isLoopback } from '../../control/guard.js'
import type { HostPart } from '../../scenario/parts.js'
import { formatAddress, parseAddress } from '../../transport/network/address.js'
import { parseAddressRanges } from '../../transport/network/address-range.js'
import type { Address } from '../../transport/network/link.js'

type AimedHosts = Pick<HostPart, 'targets' | 'own'>

/** Whether an address may be aimed at. */
type Allows = (address: Address) => boolean

/** `allowed`: HOST:PORT or CIDR. Throws UsageError for what is neither. */
export function allowedTargets(allowed: readonly string[]): Allows {
  const isRange = (text: string) => text.includes('/')
  const ranges = parseAddressRanges(allowed.filter(isRange), '--allow-target:')
  const single = allowed.filter((text) => !isRange(text)).map((text) => parseAddress(text, '--allow-target:'))
  const named = new Set(single.map(formatAddress))
  return (address) => named.has(formatAddress(address)) || ranges.includes(address.host)
}

/** `allowed`: HOST:PORT or CIDR. Throws UsageError for a scenario that is aimed elsewhere, and for what is neither. */
export function checkTargets(hosts: AimedHosts, allowed: readonly string[]): void {
  const allows = allowedTargets(allowed)
  for (const target of aimedAt(hosts)) {
    const address = parseAddress(target)
    if (isLoopback(address.host) || allows(address)) continue
    throw new UsageError(
      `the run is aimed at ${formatAddress(address)}: say --allow-target ${formatAddress(address)} (or a CIDR range) if that is allowed`,
    )
  }
}

/** The hosts of the terminals, and whom an acquirer of the scenario would ask. */
function aimedAt({ targets = [], own }: AimedHosts): readonly string[] {
  const checks = own.flatMap(({ acquirer }) => acquirer.thirdPartyCheck?.url ?? [])
  return [...targets, ...checks.map((url) => hostOf(new URL(url)))]
}

const hostOf = ({ hostname, port }: URL) => `${hostname}:${port === '' ? 80 : port}`

// Errors name the flags of the command line; a program is told the names of its options.

import { StartError, UsageError } from '../../base/errors.js'

/** Options by the flag of the command line, for all that a program calls. */
const optionOf: Readonly<Record<string, string>> = {
  ...{ listen: 'listen', upstream: 'upstream', control: 'control', target: 'target', dialect: 'dialect' },
  ...{ framing: 'framing', codec: 'codec', seed: 'seed', keys: 'keys', journal: 'journal', ledger: 'ledger' },
  ...{ 'journal-stale': 'journalStale', 'ledger-run': 'ledgerAccess.run', 'ledger-key': 'ledgerAccess.keyFile' },
  ...{ 'ledger-password': 'ledgerAccess.passwordFile', payouts: 'payouts', clock: 'clock', out: 'outDir' },
  ...{ part: 'share', 'start-at': 'startAtWall', workers: 'workers', pacing: 'pacing', record: 'record' },
  ...{ pcap: 'pcap', trace: 'onTraffic', force: 'force', threshold: 'thresholds', 'in-flight': 'inFlight' },
  ...{ 'allow-listen': 'control.allowListen', 'allow-upstream': 'control.allowUpstream' },
  ...{ tls: 'tls', ca: 'tls.ca', cert: 'tls.cert', key: 'tls.key', insecure: 'tls.insecure' },
}

/** Both sides of a proxy may speak TLS, each with files of its own. */
export const proxyOptionNames: Readonly<Record<string, string>> = {
  ...{ tls: 'upstreamTls', ca: 'upstreamTls.ca', insecure: 'upstreamTls.insecure' },
  ...{ cert: 'clientTls.cert', key: 'clientTls.key' },
}

/** `text` with the option of each flag that has one; `own` names those of this call that have other names. */
export const inOptions = (text: string, own: Readonly<Record<string, string>> = {}): string =>
  text.replace(/--([a-z]+(?:-[a-z]+)*)(?: (?:FILE|DIR|NAME|CIDR)\b)?/g, (flag, name: string) => {
    const option = own[name] ?? optionOf[name]
    return option === undefined ? flag : `\`${option}\``
  })

/** Does `work`; an error names options. */
export async function namingOptions<Value>(
  work: () => Promise<Value>,
  own?: Readonly<Record<string, string>>,
): Promise<Value> {
  try {
    return await work()
  } catch (cause) {
    if (cause instanceof UsageError) throw new UsageError(inOptions(cause.message, own), { cause })
    if (cause instanceof StartError) throw new StartError(inOptions(cause.message, own), { cause })
    throw cause
  }
}

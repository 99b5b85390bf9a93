// The flags of a run on a bus, of the coordinator (`run --on`) and of a generator (`worker`).

import { UsageError } from '../../base/errors.js'
import { type BusAccess, busAccess } from '../../run/bus/bus-access.js'
import { durationMs, flag, text } from './options.js'

/** The options of both. */
export const busOptions = {
  on: text('on', 'bus that holds the parts of a run together: nats://HOST:PORT or tls://HOST:PORT'),
  wait: text('wait', 'how long the start is waited for, until every part is ready; left out: 120s'),
  'bus-creds': text(
    'bus-creds',
    'file with user:password, the seed of an nkey, or NATS credentials; left out: ISOCHRON_BUS_CREDS',
  ),
  'bus-ca': text('bus-ca', "PEM file of the authorities of the bus's certificate; left out: ISOCHRON_BUS_CA"),
  'bus-cert': text('bus-cert', 'PEM file of our certificate for the bus; left out: ISOCHRON_BUS_CERT'),
  'bus-key': text('bus-key', "PEM file of that certificate's private key; left out: ISOCHRON_BUS_KEY"),
  'bus-insecure': flag('allow a connection without TLS to a bus on another machine'),
} as const

export interface BusFlagValues {
  readonly on: string | undefined
  readonly 'bus-creds': string | undefined
  readonly 'bus-ca': string | undefined
  readonly 'bus-cert': string | undefined
  readonly 'bus-key': string | undefined
  readonly 'bus-insecure': boolean
}

/** In ms. */
export const usualWaitMs = 120_000

/** Throws UsageError. */
export function busAccessOf(
  flags: BusFlagValues,
  run: string,
  environment: NodeJS.ProcessEnv = process.env,
): BusAccess {
  if (flags.on === undefined) throw new UsageError('--on: name the bus, such as nats://127.0.0.1:4222')
  return busAccess({
    url: flags.on,
    run,
    creds: flags['bus-creds'] ?? environment.ISOCHRON_BUS_CREDS,
    ca: flags['bus-ca'] ?? environment.ISOCHRON_BUS_CA,
    cert: flags['bus-cert'] ?? environment.ISOCHRON_BUS_CERT,
    key: flags['bus-key'] ?? environment.ISOCHRON_BUS_KEY,
    insecure: flags['bus-insecure'],
  })
}

export const waitMsOf = (value: string | undefined): number =>
  value === undefined ? usualWaitMs : durationMs('wait', value)

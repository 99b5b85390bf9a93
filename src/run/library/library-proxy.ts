// A proxy for other people's tests: its options are written as a scenario and the command line write them.

import type { z } from 'zod'
import { UsageError } from '../../base/errors.js'
import { suggestion } from '../../base/suggest.js'
import type { ToxicInput } from '../../control/toxic.js'
import type { KeySet } from '../../crypto/keys/key-set.js'
import type { faultsSchema } from '../../faults/options.js'
import type { ProxyLimits } from '../../proxy/proxy.js'
import { faultsFromData } from '../../scenario/reader.js'
import { parseAddress } from '../../transport/network/address.js'
import type { Address } from '../../transport/network/link.js'
import type { TlsOptions } from '../../transport/network/tcp-network.js'
import { readRunKeys } from '../keys/run-keys.js'
import { type ControlStart, type ProxyStart, type RunningProxy, startProxy } from '../proxy/start-proxy.js'
import { type Check, kind, listOf, objectOf, oneOfTexts, textOr } from './arguments.js'
import { dialectChoice } from './checked-codec.js'
import { namingOptions, proxyOptionNames } from './option-names.js'
import { trafficChecks } from './traffic-checks.js'

const { amount, anyObject, call, flag, list, port, text, whole } = kind

export interface LibraryProxyOptions extends Omit<ProxyStart, 'listen' | 'upstream' | 'control' | 'faults' | 'keys'> {
  /** `HOST:PORT` or its parts. Port 0: any free one. Left out, together with `upstream`: the control API makes proxies. */
  readonly listen?: Address | string | undefined
  readonly upstream?: Address | string | undefined
  /** `HOST:PORT`, or its parts with what they allow. Left out: none where `listen` is given, else port 8474 of loopback. */
  readonly control?: ControlStart | string | undefined
  /** As a scenario's `faults:`, of those with `on: network`. At work from the start. */
  readonly faults?: z.input<typeof faultsSchema> | undefined
  /** A key file, or its keys. With them changed messages are signed anew. */
  readonly keys?: KeySet | string | undefined
}

const parts = { host: text, port }
/** A host of startAcquirer has more keys than these two. */
export const addressChoice = textOr('HOST:PORT, or { host, port }', (place, value) => {
  const { host, port } = value as Address
  objectOf(parts, ['host', 'port'])(place, { host, port })
})
export const keyChoice = textOr('the name of a key file, or a set of keys', (place, value) => {
  list(`${place}.keys`, (value as KeySet).keys)
  call(`${place}.find`, (value as KeySet).find)
})
export const tlsData = objectOf({
  ...{ ca: text, cert: text, key: text, servername: text, minVersion: oneOfTexts('TLSv1.2', 'TLSv1.3') },
  ...{ insecure: flag, requestCert: flag },
} satisfies Record<keyof TlsOptions, Check>)

const proxyOptions = objectOf({
  ...trafficChecks,
  ...{ dialect: dialectChoice, framing: text, codec: oneOfTexts('isochron', 'iso_8583') },
  ...{ listen: addressChoice, upstream: addressChoice, faults: list, keys: keyChoice, seed: whole },
  control: textOr(
    'HOST:PORT, or { host, port }',
    objectOf({ ...parts, token: text, allowListen: listOf(text), allowUpstream: listOf(text) }, ['host', 'port']),
  ),
  ...{ clientTls: tlsData, upstreamTls: tlsData },
  peers: objectOf({
    ...{ connections: amount, perAddress: amount, handshake: amount, idle: amount },
  } satisfies Record<keyof ProxyLimits, Check>),
  ...{ onTrouble: call, onFault: call, onTrace: call },
} satisfies Record<keyof LibraryProxyOptions, Check>)

/** Rejects with UsageError for options that do not fit, with StartError when a port or the file cannot be had. */
export async function startLibraryProxy(options: LibraryProxyOptions = {}): Promise<RunningProxy> {
  proxyOptions('startProxy', options)
  const { listen, upstream, control, faults, keys, ...rest } = options
  if ((listen === undefined) !== (upstream === undefined))
    throw new UsageError(
      'startProxy: listen and upstream belong together: give both, or neither and use the control API',
    )
  const { onTraffic, record, onAnswered, dialect } = options
  if (dialect === undefined && (onTraffic ?? record ?? onAnswered) !== undefined)
    throw new UsageError('startProxy: onTraffic, record and onAnswered need to know the messages: give dialect')
  const start = async () =>
    await startProxy({
      ...rest,
      listen: addressIn(listen, 'listen:'),
      upstream: addressIn(upstream, 'upstream:'),
      control: addressIn(control, 'control:'),
      faults: faultsFromData(faults ?? []).filter(({ on }) => on === 'network'),
      keys: keysIn(keys),
    })
  const running = await namingOptions(start, proxyOptionNames)
  return {
    ...running,
    addToxic(toxic: ToxicInput) {
      anyObject('addToxic', toxic)
      return running.addToxic(toxic)
    },
    removeToxic(name) {
      text('removeToxic: name', name)
      const names = running.faults().map((fault) => fault.name)
      if (!names.includes(name))
        throw new UsageError(`removeToxic: there is no toxic '${name}'${suggestion(name, names)}`)
      running.removeToxic(name)
    },
    async setEnabled(enabled) {
      flag('setEnabled', enabled)
      await running.setEnabled(enabled)
    },
  }
}

/** Throws UsageError for a text that is no address. */
export function addressIn<Given extends Address>(given: Given | string | undefined, where: string) {
  return typeof given === 'string' ? parseAddress(given, where) : given
}

/** Throws UsageError for a file that holds no keys. */
export const keysIn = (given: KeySet | string | undefined): KeySet | undefined =>
  typeof given === 'string' ? readRunKeys(given).set : given

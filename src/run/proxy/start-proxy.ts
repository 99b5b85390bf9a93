// A proxy between two strangers, or the makings of many, with the API that breaks their lines.

import { realClock } from '../../base/clock.js'
import { StartError, UsageError } from '../../base/errors.js'
import { limitLines } from '../../base/limited-lines.js'
import { createRandom, freshSeed } from '../../base/random.js'
import { ApiError } from '../../control/api-error.js'
import { type Control, defaultControlPort, startControl } from '../../control/control.js'
import type { ControlledProxy, ControlledWorld } from '../../control/controlled.js'
import { planToxic, readStrictToxic, type Toxic, type ToxicInput } from '../../control/toxic.js'
import type { KeySet } from '../../crypto/keys/key-set.js'
import type { FaultSpec } from '../../faults/chain.js'
import type { FaultEvent } from '../../faults/fault.js'
import type { ProxyLimits } from '../../proxy/proxy.js'
import { tapOfSeveral } from '../../tap/tap.js'
import { formatAddress, parseAddress } from '../../transport/network/address.js'
import type { Address } from '../../transport/network/link.js'
import { createTcpNetwork, type TlsOptions } from '../../transport/network/tcp-network.js'
import type { Wire } from '../../transport/wire/wire.js'
import { traceLine } from '../lines/trace-line.js'
import { watchOpenFiles } from '../open-files.js'
import { createSpeaker, type SpeakerOptions } from '../speaker.js'
import { type OpenTraffic, openTraffic, type TrafficChoice } from '../traffic/open-traffic.js'
import { version } from '../version.js'
import { createAddressPolicy, leadsToItself, ownUpstream, readAddress, sameAddress } from './address-policy.js'
import { createControlledProxy } from './controlled-proxy.js'

export interface ProxyStart extends Partial<SpeakerOptions>, TrafficChoice {
  /** Port 0: any free one. Left out, together with `upstream`: no proxy yet, the control API makes them. */
  readonly listen?: Address | undefined
  readonly upstream?: Address | undefined
  /** At work from the start. */
  readonly faults?: readonly FaultSpec[] | undefined
  /** Left out: no control API where `listen` is given, else port 8474 of loopback. */
  readonly control?: ControlStart | undefined
  /** Towards clients: a certificate and its key. Left out: bytes, which may be TLS that passes through. */
  readonly clientTls?: TlsOptions | undefined
  /** Towards upstreams. */
  readonly upstreamTls?: TlsOptions | undefined
  /** With them changed messages are signed anew; working keys are learned from the sign-ons that pass. */
  readonly keys?: KeySet | undefined
  /** The limits of clients' cost. */
  readonly peers?: ProxyLimits | undefined
  /** Equal seeds give equal decisions of the faults. */
  readonly seed?: number | undefined
  /** Called with a line for each problem on a connection. */
  readonly onTrouble?: ((line: string) => void) | undefined
  /** Called with each hit of a fault. */
  readonly onFault?: ((event: FaultEvent) => void) | undefined
  /** The same as a line of text, masked. */
  readonly onTrace?: ((line: string) => void) | undefined
}

export interface ControlStart extends Address {
  /** Mandatory off loopback. */
  readonly token?: string | undefined
  /** CIDR ranges in which listeners may be made beside loopback. */
  readonly allowListen?: readonly string[] | undefined
  /** HOST:PORT that may be dialled beside loopback and `upstream`. */
  readonly allowUpstream?: readonly string[] | undefined
}

export interface RunningProxy extends AsyncDisposable {
  /** Where clients connect; undefined for one that started empty. */
  readonly address: Address | undefined
  readonly control: Address | undefined
  /** Puts a fault on the line, as the control API writes it: `{ type: 'latency', attributes: { latency: 100 } }`. */
  addToxic(toxic: ToxicInput): Toxic
  removeToxic(name: string): void
  /** Down: refuses, and cuts what is open. */
  setEnabled(enabled: boolean): Promise<void>
  figures(): ReturnType<ControlledProxy['figures']> | undefined
  /** Resolves when the figures are those of now, where other processes count. */
  refresh(): Promise<void>
  faults(): ReturnType<ControlledProxy['faults']['applied']>
  /** Cuts every connection, finishes the recording. Idempotent. */
  close(): Promise<void>
}

/** Makes lines whose clients are served elsewhere: by several processes. */
export interface LineMaker {
  /** One that is down. */
  make(name: string, at: LineAddresses, hooks: LineHooks): ControlledProxy
  /** Somebody wants to hear of hits of faults, or nobody does any more. */
  watch(isWatched: boolean): void
  refresh(): Promise<void>
  close(): Promise<void>
}

interface LineAddresses {
  readonly listen: Address
  readonly upstream: Address
}

interface LineHooks {
  readonly onFault: (event: FaultEvent) => void
  readonly onTrouble: (line: string) => void
}

/** The name of the proxy that the command line makes. */
const firstName = 'isochron'
const defaultControl: ControlStart = { host: '127.0.0.1', port: defaultControlPort }

/** Rejects with UsageError for options that do not fit, with StartError when a port or the file cannot be had. */
export async function startProxy(start: ProxyStart = {}, lines?: LineMaker): Promise<RunningProxy> {
  if ((start.listen === undefined) !== (start.upstream === undefined))
    throw new UsageError('--listen and --upstream belong together: give both, or neither and use the control API')
  if (start.listen && start.upstream && leadsToItself(start.listen, start.upstream))
    throw new UsageError(ownUpstream(start.upstream), { where: '--upstream:' })
  const tell = start.onTrouble ?? (() => {})
  // Every line that a stranger can cause goes through here.
  const onTrouble = limitLines(realClock, tell)
  const { dialect } = start
  const wire = dialect === undefined ? undefined : createSpeaker({ ...start, dialect }).wire
  const traffic = await openTraffic(start, { wire, clock: realClock, onTrouble })
  try {
    return await open(start, { wire, traffic, onTrouble, lines })
  } catch (error) {
    await traffic.close()
    throw error
  }
}

interface Setting {
  readonly wire: Wire | undefined
  readonly traffic: OpenTraffic
  readonly onTrouble: (line: string) => void
  /** Left out: lines of this process. */
  readonly lines: LineMaker | undefined
}

async function open(start: ProxyStart, setting: Setting): Promise<RunningProxy> {
  const { traffic, onTrouble, lines } = setting
  const { world, first, close: closeWorld } = createWorld(start, setting)
  await first?.update({ enabled: true })
  const controlAt = start.control ?? (start.listen === undefined ? defaultControl : undefined)
  let control: Control | undefined
  try {
    if (controlAt !== undefined) control = await startControl({ ...controlAt, world, version, onInternalError })
  } catch (error) {
    await closeWorld()
    throw error
  }
  function onInternalError(error: Error) {
    onTrouble(`control API: internal error: ${error.message}`)
  }
  const stopWatching = watchOpenFiles(realClock, onTrouble)
  let closing: Promise<void> | undefined
  const close = () => {
    closing ??= (async () => {
      stopWatching()
      await control?.close()
      await closeWorld()
      await lines?.close()
      await traffic.close()
    })()
    return closing
  }
  return {
    address: first && parseAddress(first.listen),
    control: control && { host: control.host, port: control.port },
    ...directControl(first),
    refresh: async () => await lines?.refresh(),
    close,
    [Symbol.asyncDispose]: close,
  }
}

/** The control of the proxy without HTTP, for a test in the same process. */
function directControl(first: ControlledProxy | undefined) {
  const one = () => {
    if (first === undefined) throw new StartError('this proxy started empty: use its control API')
    return first
  }
  return {
    addToxic(toxic: ToxicInput): Toxic {
      try {
        const read = readStrictToxic(toxic)
        const planned = planToxic(read)
        if (planned !== undefined) one().faults.add(planned)
        return read
      } catch (cause) {
        throw cause instanceof ApiError ? new UsageError(cause.message, { cause }) : cause
      }
    },
    removeToxic: (name: string) => one().faults.remove(name),
    setEnabled: (enabled: boolean) => one().update({ enabled }),
    figures: () => first?.figures(),
    faults: () => first?.faults.applied() ?? [],
  }
}

function createWorld(start: ProxyStart, setting: Setting) {
  const { listen, upstream } = start
  const { lines, onTrouble } = setting
  const listeners = new Set<(proxy: string, event: FaultEvent) => void>()
  const makeLine = lines === undefined ? ownLines(start, setting) : lines.make.bind(lines)
  const make = (name: string, at: LineAddresses) =>
    makeLine(name, at, {
      onFault(event) {
        start.onFault?.(event)
        start.onTrace?.(traceLine(event))
        for (const listener of listeners) listener(name, event)
      },
      onTrouble,
    })
  const first = listen && upstream && make(firstName, { listen, upstream })
  for (const fault of start.faults ?? []) first?.faults.add(fault)
  const { allowListen = [], allowUpstream = [] } = start.control ?? {}
  const own = upstream === undefined ? [] : [formatAddress(upstream)]
  const world: ControlledWorld = {
    ...createAddressPolicy({ allowListen, allowUpstream: [...allowUpstream, ...own] }),
    initial: first === undefined ? {} : { [firstName]: first },
    initialPlan: start.faults,
    create: (name, addresses) =>
      make(name, { listen: readAddress(addresses.listen), upstream: readAddress(addresses.upstream) }),
    sameAddress,
    onFault(listener) {
      listeners.add(listener)
      lines?.watch(true)
      return () => {
        listeners.delete(listener)
        if (listeners.size === 0) lines?.watch(false)
      }
    },
  }
  return { world, first, close: async () => await first?.close() }
}

/** Lines of this process. */
function ownLines(start: ProxyStart, { wire, traffic }: Setting): LineMaker['make'] {
  const tapOfProxy = traffic.tap && tapOfSeveral(traffic.tap)
  const random = createRandom(start.seed ?? freshSeed())
  return (name, at, hooks) =>
    createControlledProxy({
      ...{ ...at, ...hooks },
      clients: createTcpNetwork(start.clientTls === undefined ? {} : { tls: start.clientTls }),
      upstreams: createTcpNetwork(start.upstreamTls === undefined ? {} : { tls: start.upstreamTls }),
      clock: realClock,
      random: random.fork(name),
      wire,
      keys: start.keys,
      peers: start.peers,
      tap: tapOfProxy?.(),
    })
}

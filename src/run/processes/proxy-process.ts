// One process of a proxy that has several: its clients are handed to it, and it dials the upstream for each of them.

import { realClock } from '../../base/clock.js'
import { createRandom } from '../../base/random.js'
import { shareText } from '../../base/share.js'
import type { ControlledProxy } from '../../control/controlled.js'
import { Meter } from '../../measure/meter.js'
import { parseAddress } from '../../transport/network/address.js'
import { createHandedNetwork, type HandedSocket } from '../../transport/network/handed-network.js'
import { createTcpNetwork } from '../../transport/network/tcp-network.js'
import { keysFromData } from '../keys/run-keys.js'
import { createControlledProxy } from '../proxy/controlled-proxy.js'
import { createSpeaker } from '../speaker.js'
import { openTraffic } from '../traffic/open-traffic.js'
import type { FromMember } from './crew.js'
import { keepTelling, listenToParent, takeUp } from './parent.js'
import type { FromProxy, ToProxy } from './proxy-protocol.js'

type Start = ToProxy & { readonly kind: 'start' }

interface Line {
  readonly proxy: ControlledProxy
  /** Takes its clients; undefined while it is down. */
  take: ((socket: HandedSocket) => void) | undefined
  /** Somebody wants to know how long answers take. */
  isTimed: boolean
}

const parent = listenToParent<ToProxy, FromProxy | FromMember>(hear)
const tell = (message: FromProxy | FromMember) => parent.tell(message)
const lines = new Map<string, Line>()
let make: ((name: string, at: { readonly listen: string; readonly upstream: string }) => void) | undefined
let meter: Meter | undefined
let isWatched = false

function hear(message: ToProxy, socket: HandedSocket | undefined): void {
  if (message.kind === 'start') void start(message)
  else if (message.kind === 'make') make?.(message.proxy, message)
  else if (message.kind === 'connection') connect(message.proxy, message.id, socket)
  else if (message.kind === 'watch') isWatched = message.isWatched
  else if (message.kind === 'tellFigures') tellFigures()
  else if (message.kind === 'close') void close()
  else {
    const line = lines.get(message.proxy)
    if (line !== undefined) change(line, message)
  }
}

type Change = Exclude<ToProxy, { kind: 'start' | 'make' | 'connection' | 'watch' | 'tellFigures' | 'close' }>

function change(line: Line, message: Change): void {
  const { proxy } = line
  if (message.kind === 'addFault') proxy.faults.add(message.fault)
  else if (message.kind === 'updateFault') proxy.faults.update(message.fault)
  else if (message.kind === 'removeFault') proxy.faults.remove(message.name)
  else if (message.kind === 'time') line.isTimed = true
  else {
    const work =
      message.kind === 'update' ? proxy.update(message.change) : proxy.close().then(() => lines.delete(message.proxy))
    void work.then(() => tell({ kind: 'changed', id: message.id }))
  }
}

async function start({ start: given, share, metered }: Start): Promise<void> {
  const { wire } = createSpeaker(given)
  if (metered) meter = new Meter()
  const traffic = await openTraffic(
    { onAnswered: metered ? (answered) => meter?.recordAnswer(answered) : undefined },
    {
      wire,
      clock: realClock,
      onTrouble,
    },
  )
  const random = createRandom(given.seed)
  const { clientTls, upstreamTls } = given
  make = (name, at) => {
    const handed = createHandedNetwork(
      {
        listen(_, take) {
          const line = lines.get(name) as Line
          line.take = take
          return () => {
            line.take = undefined
          }
        },
      },
      clientTls === undefined ? {} : { tls: clientTls },
    )
    const proxy = createControlledProxy({
      ...{ listen: parseAddress(at.listen), upstream: parseAddress(at.upstream), clients: handed },
      upstreams: createTcpNetwork(upstreamTls === undefined ? {} : { tls: upstreamTls }),
      ...{ clock: realClock, random: random.fork(name).fork(`process ${shareText(share)}`), wire },
      keys: given.keys && keysFromData(given.keys),
      peers: given.peers,
      tap: traffic.tap,
      onFault(event) {
        if (!isWatched) return
        const { masked, ...told } = event
        tell({ kind: 'fault', proxy: name, event: told, message: masked() })
      },
      onTrouble,
    })
    lines.set(name, { proxy, take: undefined, isTimed: false })
  }
  tell({ kind: 'ready' })
  keepTelling(tellFigures)
}

const onTrouble = (line: string) => tell({ kind: 'trouble', line })

function connect(name: string, id: number, socket: HandedSocket | undefined): void {
  takeUp(socket, lines.get(name)?.take, () => tell({ kind: 'gone', proxy: name, id }))
}

function tellFigures(): void {
  const proxies = [...lines].map(([name, { proxy, isTimed }]) => ({
    ...{ name, figures: proxy.figures(), applied: proxy.faults.applied() },
    ...(isTimed && { latency: proxy.latency() }),
  }))
  tell({ kind: 'figures', proxies, ...(meter && { metered: meter.read() }) })
}

async function close(): Promise<void> {
  await Promise.all([...lines.values()].map(({ proxy }) => proxy.close()))
  process.disconnect()
}

// Asks a live host which wire it speaks: one echo message on a new connection for each guess, until something answers.
//
// Rule: nothing but echo messages without card data leaves, never more than `mostProbes` of them, one after another.

import { type Clock, realClock } from '../../base/clock.js'
import { StartError, UsageError } from '../../base/errors.js'
import { systemWords } from '../../base/text/system-words.js'
import { createZone } from '../../base/zone.js'
import { compile } from '../../codec/compile.js'
import type { Dialect, MessageDefinition } from '../../codec/dialect.js'
import { classOf, isAnswer } from '../../codec/head/mti.js'
import { maxFrameBytes } from '../../framing/framing.js'
import { framingNamed } from '../../framing/framings.js'
import { planMessage } from '../../terminal/requests/message-plan.js'
import { formatAddress } from '../../transport/network/address.js'
import type { Address, Network } from '../../transport/network/link.js'
import { createTcpNetwork } from '../../transport/network/tcp-network.js'
import { createWire, type Wire } from '../../transport/wire/wire.js'

/** Connections that a probe makes at most: a host's operator sees them as a handful of wrong messages. */
export const mostProbes = 8

export interface ProbeOptions {
  readonly target: Address
  /** In the order in which they are tried. */
  readonly dialects: readonly Dialect[]
  /** Milliseconds to wait for a connection, and then for an answer. */
  readonly timeoutMs: number
  readonly network?: Network
  /** Puts in whoever looks at what passes on a connection that speaks this wire; left out: nobody does. */
  readonly around?: (network: Network, wire: Wire) => Network
  readonly clock?: Clock
  readonly signal?: AbortSignal
  /** Hears of each probe as it ends. */
  readonly onProbe?: (probe: Probe) => void
}

export interface Probe {
  readonly dialect: Dialect
  readonly framing: string
  /** `understood`: an answer of this dialect. `answered`: other bytes. `silent`: nothing in time. `closed`: by the host. */
  readonly outcome: 'understood' | 'answered' | 'silent' | 'closed'
  /** The bytes that came, at most one frame's worth. */
  readonly received: Uint8Array
  /** Milliseconds from the echo to the first of these bytes. */
  readonly ms?: number
}

/** Every probe that was made; only the last may have an answer. Throws StartError when the host cannot be reached. */
export async function probeHost(options: ProbeOptions): Promise<readonly Probe[]> {
  const probes: Probe[] = []
  while (probes.length < mostProbes && options.signal?.aborted !== true) {
    const next = nextProbe(options.dialects, probes)
    const probe = next && (await probeOnce(options, next.dialect, next.framing))
    if (probe === undefined) break
    probes.push(probe)
    options.onProbe?.(probe)
    if (probe.received.length > 0) break
  }
  return probes
}

/**
 * Whether the host completes a TLS handshake, on one connection more and without a message. Its certificate is looked at by
 * nobody: nothing is sent over it.
 */
export function speaksTls({
  target,
  timeoutMs,
  clock = realClock,
  signal,
}: Omit<ProbeOptions, 'dialects'>): Promise<boolean> {
  const network = createTcpNetwork({ tls: { insecure: true } })
  return new Promise((resolve) => {
    const done = (isTls: boolean) => {
      resolve(isTls)
      timer.cancel()
      signal?.removeEventListener('abort', stop)
      // Not amid the handshake that has called: Node ends with a fault of memory there.
      clock.after(0, () => link.reset())
    }
    const stop = () => done(false)
    const timer = clock.after(timeoutMs, stop)
    const handlers = { onOpen: () => done(true), onData: () => {}, onEnd: stop, onClose: stop }
    const link = network.connect(target, handlers, { connectTimeoutMs: timeoutMs })
    signal?.addEventListener('abort', stop)
  })
}

/** Framings, the usual ones first: hosts of one dialect differ in nothing as often. */
const usualFramings = ['binary2', 'ascii4', 'binary2-inclusive', 'binary4', 'bcd2', 'vap', 'ascii4-inclusive']
/** Another framing is as likely as so many other dialects on the same one. */
const framingSteps = 2
/** A host that closes at once could not cut the bytes: the framing is wrong more often than the dialect. */
const closedSteps = { framing: 3, dialect: 1 }

/** Few probes are made: dialects that many hosts speak come before those of one network. */
const muchUsed = ['cup-pos', 'iso87-ascii', 'iso87-binary', 'iso_8583', 'iso93-ascii', 'iso93-binary']
const rankOf = ({ name }: Dialect) => (muchUsed.includes(name) ? muchUsed.indexOf(name) : muchUsed.length)
const byUse = (one: Dialect, other: Dialect) => rankOf(one) - rankOf(other)

type Pairing = Pick<Probe, 'dialect' | 'framing'>

/**
 * The pair to try after these: the likeliest that was not tried. A dialect's own framing is tried first. Undefined when
 * all were. Dialects without an echo message are left out.
 */
export function nextProbe(
  dialects: readonly Dialect[],
  tried: readonly (Pairing & Pick<Probe, 'outcome'>)[],
): Pairing | undefined {
  const speaking = dialects.filter((dialect) => dialect.rules.echo !== undefined).sort(byUse)
  const closed = (same: (pairing: Pairing) => boolean) =>
    tried.filter((pairing) => pairing.outcome === 'closed' && same(pairing)).length
  const pairings = speaking.flatMap((dialect, rank) =>
    [...new Set([dialect.framing, ...usualFramings])].map((framing, step) => ({
      ...{ dialect, framing },
      unlikely:
        rank +
        framingSteps * step +
        closedSteps.framing * closed((pairing) => pairing.framing === framing) +
        closedSteps.dialect * closed((pairing) => pairing.dialect === dialect),
    })),
  )
  const left = pairings.filter(
    ({ dialect, framing }) => !tried.some((pairing) => pairing.dialect === dialect && pairing.framing === framing),
  )
  return left.sort((one, other) => one.unlikely - other.unlikely)[0]
}

/** Undefined when the user ended it. */
function probeOnce(options: ProbeOptions, dialect: Dialect, framing: string): Promise<Probe | undefined> {
  const { target, timeoutMs, network: plain = createTcpNetwork(), clock = realClock, signal } = options
  const wire = createWire({ codec: compile(dialect), framing: framingNamed(framing) })
  const network = options.around?.(plain, wire) ?? plain
  const echo = echoFrame(dialect, wire, clock.wall())
  const reader = wire.createReader()
  const received: Uint8Array[] = []
  let bytes = 0
  let sentAt = 0
  let isClosed = false
  let settle: (() => void) | undefined

  return new Promise((resolve, reject) => {
    const done = (outcome: Probe['outcome']) => {
      const ms = bytes === 0 ? {} : { ms: clock.now() - sentAt }
      finish(() => resolve({ dialect, framing, outcome, received: Buffer.concat(received), ...ms }))
    }
    // The next connection begins when this one is over: what is written down of both stands in order.
    const finish = (end: () => void) => {
      settle ??= end
      timer.cancel()
      signal?.removeEventListener('abort', stop)
      if (isClosed) settle()
      else link.reset()
    }
    const stop = () => finish(() => resolve(undefined))
    const timer = clock.after(2 * timeoutMs, () => done(bytes === 0 ? 'silent' : 'answered'))
    const link = network.connect(
      target,
      {
        onOpen() {
          sentAt = clock.now()
          link.write(echo)
        },
        onData(chunk) {
          const room = maxFrameBytes - bytes
          received.push(chunk.slice(0, room))
          bytes += Math.min(room, chunk.length)
          const verdict = judge(reader, chunk)
          if (verdict !== undefined) done(verdict)
          else if (bytes >= maxFrameBytes) done('answered')
        },
        onEnd: () => done(bytes === 0 ? 'closed' : 'answered'),
        onClose(reason, detail) {
          isClosed = true
          if (settle !== undefined) settle()
          else if (sentAt === 0 && reason !== 'local') {
            finish(() => reject(new StartError(`${formatAddress(target)}: ${systemWords(detail ?? reason)}`)))
          } else done(bytes === 0 ? 'closed' : 'answered')
        },
      },
      { connectTimeoutMs: timeoutMs },
    )
    signal?.addEventListener('abort', stop)
  })
}

/** Undefined while more bytes are needed. */
function judge(reader: ReturnType<Wire['createReader']>, chunk: Uint8Array): 'understood' | 'answered' | undefined {
  try {
    reader.push(chunk)
    const message = reader.next()
    if (message === undefined) return undefined
    const mti = message.peek?.mti ?? ''
    return classOf(mti) === networkManagement && isAnswer(mti) ? 'understood' : 'answered'
  } catch {
    // Bytes that this framing cannot cut: the caller has them, and looks at them with every other.
    return 'answered'
  }
}

/** Class of message types such as 0800, 0820 and 1804. */
const networkManagement = '8'
/** Fields with card data, PIN or keys: an echo that has one is none. */
const forbidden = ['2', '14', '34', '35', '36', '45', '48', '52', '55', '62']

/** Who we say we are: no real terminal, so that nothing of anyone's is touched. */
const identity: Readonly<Record<string, string>> = {
  stan: '000001',
  terminal: '00000001',
  merchant: '000000000000001',
  batch: '000001',
  operator: '01',
}

/** Its echo message, which may go to a live host. Throws UsageError for one that carries card data or is something else. */
export function echoFor(dialect: Dialect): { name: string; where: string; definition: MessageDefinition } {
  const { echo: name } = dialect.rules
  if (name === undefined) throw new UsageError(`dialect ${dialect.name} has no echo message to ask a live host with`)
  const definition = dialect.messages[name]
  const where = `dialect ${dialect.name}, message ${name}:`
  if (definition === undefined) throw new UsageError('there is no such message', { where })
  const field = Object.keys(definition.fields).find((key) => forbidden.includes(key))
  if (classOf(definition.mti) !== networkManagement || field !== undefined) {
    const problem = field === undefined ? `has type ${definition.mti}` : `carries field ${field}`
    throw new UsageError(`${problem}: only a network management message without card data is sent to a live host`, {
      where,
    })
  }
  return { name, where, definition }
}

function echoFrame(dialect: Dialect, wire: Wire, wallMs: number): Uint8Array {
  const { name, where, definition } = echoFor(dialect)
  const plan = planMessage(name, definition, wire.codec, createZone('UTC'))
  const values = plan.fill((gap) => identityOf(gap, where), wallMs)
  const { template } = plan
  const frame = new Uint8Array(wire.overheadBytes + template.maxBytes)
  const writer = { write: (target: Uint8Array, at: number) => template.write(target, at, values) }
  return frame.subarray(0, wire.frame(frame, 0, template.maxBytes, writer))
}

function identityOf(gap: string, where: string): string {
  const value = identity[gap]
  if (value === undefined)
    throw new UsageError(`asks for {${gap}}, which an echo to a live host does not carry`, { where })
  return value
}

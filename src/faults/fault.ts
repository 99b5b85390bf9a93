// The contract of a fault. Rule: a fault decides and never acts. Given a chunk, a message or a time it returns verdicts; the
// engine owns sockets and timers. Times are milliseconds of the clock that the engine was given.

import type { z } from 'zod'
import type { Random } from '../base/random.js'
import type { Peek } from '../codec/codec.js'
import type { Message } from '../codec/message.js'
import type { FieldPart } from '../codec/rules/match-definition.js'

/** Where bytes go: `request` from the side that connected, `answer` towards it. */
export type Direction = 'request' | 'answer'

export interface FaultContext {
  /** Dice of this fault, this connection and this direction alone: what others draw changes nothing here. */
  readonly random: Random
  readonly direction: Direction
  /** How long the terminals wait for an answer, in ms; undefined where nobody knows. */
  readonly peerTimeoutMs: number | undefined
  /** Frames that a message fault keeps back, by names of its own, over all connections of its chain. */
  readonly kept: Map<string, Uint8Array>
  /** When the fault was put in place, or the load began, in ms of the clock: cycles count from here. */
  readonly since: number
}

/** Unit of an attribute that the control API gives and shows as a plain number; scenarios write it with its unit. */
export type AttributeUnit = 'ms' | 'us' | 'KB/s' | 'share' | 'bytes'

interface FaultBase<Schema extends z.ZodObject> {
  /** Name in scenarios and in the control API: Toxiproxy's where it has one. */
  readonly type: string
  /** One sentence for the list of faults. */
  readonly about: string
  /** The attributes as a scenario writes them; the schema's output has ms, bytes, KB/s and shares of 1 as numbers. */
  readonly attributes: Schema
  readonly units?: Readonly<Record<string, AttributeUnit>>
}

// ---- line faults: bytes

/** Bytes as they came off a socket. They are not to be changed: a fault that changes them copies them. */
export interface Chunk {
  readonly bytes: Uint8Array
  readonly arrivedAt: number
}

/**
 * The fate of bytes. Order is kept: nothing of a line fault is handed on before what it had handed on earlier, however
 * early its own time. `at` may be Infinity: held until the fault is taken away.
 */
export type LineVerdict =
  /** `joined`: leaves in one write with what leaves before it at the same time. */
  | { readonly do: 'deliver'; readonly bytes: Uint8Array; readonly at: number; readonly joined?: true }
  /** The sender's end (FIN) is passed on. */
  | { readonly do: 'end'; readonly at: number }
  /** The whole connection ends, on both sides. */
  | { readonly do: 'close'; readonly at: number; readonly how: 'fin' | 'rst' }

/**
 * How an attempt to connect fares: later by so many ms, refused, or never answered. `untimed`: the time passes before the
 * attempt, so that no connect timeout runs meanwhile.
 */
export type ConnectVerdict =
  | { readonly do: 'open'; readonly afterMs: number; readonly untimed?: true }
  | { readonly do: 'refuse'; readonly afterMs: number }
  | { readonly do: 'stall' }

/** A line fault at work on one direction of one connection. Undefined where it leaves things as they are. */
export interface FaultLine {
  connect?(at: number): ConnectVerdict | undefined
  /** The fault takes hold of an open connection: at its start, or when the fault is switched on. */
  begin?(at: number): readonly LineVerdict[] | undefined
  chunk?(chunk: Chunk): readonly LineVerdict[] | undefined
  /** The sender has ended its side. */
  end?(at: number): readonly LineVerdict[] | undefined
}

export interface LineFault<Schema extends z.ZodObject = z.ZodObject> extends FaultBase<Schema> {
  readonly level: 'line'
  /** The fate of a connection when the fault is taken away: held bytes go on at once (default), or it ends. */
  readonly onRemove?: 'release' | 'fin' | 'rst'
  /** It counts from `since`, so it starts anew when the load begins. */
  readonly followsStart?: true
  /** Called once for each direction of each connection that is hit, so state lives in the closure. */
  start(attributes: z.output<Schema>, context: FaultContext): FaultLine
}

// ---- message faults: whole messages

/** A message on its way. All views are valid during the call only, except `raw`. */
export interface PassingMessage {
  readonly direction: Direction
  readonly arrivedAt: number
  /** The frame as it stands on the wire: [0, frontAt) length prefix, [frontAt, bodyAt) envelope, [bodyAt, bodyEnd) message. */
  readonly raw: Uint8Array
  readonly frontAt: number
  readonly bodyAt: number
  readonly bodyEnd: number
  readonly peek: Peek
  /** Field of the response code (39), bytes of MTI and bitmap form: what a table of the dialect says. */
  readonly dialect: PassingDialect
  /** Other open connections of the same network, for an answer that goes astray. */
  readonly otherConnections: number
  /** The frame with its message changed, packed, signed anew where keys are at hand. Undefined when it cannot be. */
  rewrite(change: (message: Message) => Message): Uint8Array | undefined
  /** The frame with another body. `announcedBytes`: what the length prefix says instead of the body's own length. */
  reframe(body: Uint8Array, options?: { readonly announcedBytes?: number }): Uint8Array
  /** Puts a right MAC into a body whose other bytes were changed; the same body where no keys are at hand. */
  sign(body: Uint8Array): Uint8Array
}

export interface PassingDialect {
  readonly responseCode: number
  readonly mtiBytes: number
  readonly bitmapEncoding: 'binary' | 'hex' | 'ebcdic-hex'
  readonly approved: readonly string[]
  /** The place of the original's STAN in the answer to a reversal, where a host copies it; undefined where nobody knows. */
  readonly reversedStan: FieldPart | undefined
  /** Undefined for a dialect without settlements. */
  readonly settlement: SettlementPlaces | undefined
}

/** The verdict of the answer to a settlement: in places of its own, or in the response code. */
export interface SettlementPlaces {
  readonly places: readonly FieldPart[]
  readonly balanced: string
  readonly outOfBalance: string
  readonly codes: { readonly balanced: string; readonly outOfBalance: string } | undefined
}

/** The fate of a message. Each has its own time: others may overtake it, as answers of a host do. */
export type MessageVerdict =
  | {
      readonly do: 'deliver'
      /** Whole frames or any other bytes, as they leave. */
      readonly bytes: Uint8Array
      readonly at: number
      /** Leaves on another connection of the same network. */
      readonly astray?: true
      /** Leaves right behind the next message of this direction, at `at` at the latest. */
      readonly afterNext?: true
    }
  | { readonly do: 'close'; readonly at: number; readonly how: 'fin' | 'rst' }

export interface MessageFault<Schema extends z.ZodObject = z.ZodObject> extends FaultBase<Schema> {
  readonly level: 'message'
  /** Where it acts when nobody says. */
  readonly direction: Direction
  /** Messages that a fault goes on with, whatever its selector says: it is asked about them, and they are not counted. */
  isFollowedBy?(message: Peek): boolean
  /** Called once for each direction of each connection. Undefined: does not apply to this message, which goes on as it is. */
  start(
    attributes: z.output<Schema>,
    context: FaultContext,
  ): (message: PassingMessage) => readonly MessageVerdict[] | undefined
}

// ---- host faults: the acquirer's own behaviour

/** The state of our acquirer while a host fault lasts. The acquirer acts on it; a part that is left out is as usual. */
export interface HostFaultState {
  /** No worker begins or ends anything. */
  readonly stalled?: boolean
  /** Service times are multiplied by this. */
  readonly slowdown?: number
  /** So many workers are missing. */
  readonly workersLost?: number
  /** Nobody is at work: connections are refused, requests are not answered, or all get `code`. */
  readonly outage?: 'refuse' | 'silent' | 'answer'
  /** Response code of every answer, or the name of one in the dialect's `codes`. */
  readonly code?: string
  /** Connections are cut when this state begins. */
  readonly cutsConnections?: boolean
  /** Requests that wait or are worked on are lost when this state begins. */
  readonly losesLine?: boolean
  /** Requests that may wait in line, and what becomes of one more. */
  readonly queueLimit?: number
  readonly whenFull?: 'answer' | 'close'
  /** Reversals are acknowledged and not carried out. */
  readonly ignoresReversals?: boolean
}

export interface HostFault<Schema extends z.ZodObject = z.ZodObject> extends FaultBase<Schema> {
  readonly level: 'host'
  /** How long one occurrence lasts by its own attributes, in ms; left out: as long as its selector says. */
  lastsMs?(attributes: z.output<Schema>): number
  /** The state `elapsedMs` after the occurrence began. */
  state(attributes: z.output<Schema>, elapsedMs: number, context: FaultContext): HostFaultState
}

export type Fault = LineFault | MessageFault | HostFault

export function defineLineFault<Schema extends z.ZodObject, const Type extends string>(
  fault: LineFault<Schema> & { readonly type: Type },
): LineFault<Schema> & { readonly type: Type } {
  return fault
}

export function defineMessageFault<Schema extends z.ZodObject, const Type extends string>(
  fault: MessageFault<Schema> & { readonly type: Type },
): MessageFault<Schema> & { readonly type: Type } {
  return fault
}

export function defineHostFault<Schema extends z.ZodObject, const Type extends string>(
  fault: HostFault<Schema> & { readonly type: Type },
): HostFault<Schema> & { readonly type: Type } {
  return fault
}

// ---- faults at work

/** Where a fault stands in a run. */
export type FaultPlace = 'terminal' | 'network' | 'acquirer'

/** Which fault hit what, as it happened. */
export interface FaultEvent {
  readonly fault: string
  readonly type: string
  /** Milliseconds of the engine's clock. */
  readonly at: number
  /** 1, 2, 3 … in the order in which connections were made. */
  readonly connection: number
  readonly peer: string
  readonly direction: Direction
  /** The message before it was changed, masked; undefined for line faults. Call it during the event only. */
  masked(): Message | undefined
}

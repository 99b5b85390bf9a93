// Approved transactions that a later one of the same terminal may name: to void it, refund it, complete it.

import { amountField, bareAmount } from '../../codec/amount.js'
import type { Peek } from '../../codec/codec.js'
import type { FundsKey } from '../../measure/money/funds.js'
import type { Terminal } from '../terminal.js'
import { tagIn } from './chip.js'
import type { MessagePlan } from './message-plan.js'

/** Texts by name, `original.stan` and the like. */
export type Original = Readonly<Record<string, string>>

/** Kept for one terminal, the newest: a shop voids what it has just sold. */
const mostPerTerminal = 32
/** Kept in all, some 100 MB: with many terminals each keeps fewer. */
const mostInAll = 200_000

export interface Remembered {
  readonly plan: Pick<MessagePlan, 'name' | 'posting'>
  readonly texts: Original
  readonly key: FundsKey
}

export interface Originals {
  remember(terminal: Terminal, remembered: Remembered): void
  /** The oldest of one of these messages or kinds, which is then forgotten. */
  take(terminal: Terminal, names: readonly string[]): Remembered | undefined
}

export function createOriginals(terminalCount: number): Originals {
  const most = Math.max(1, Math.min(mostPerTerminal, Math.floor(mostInAll / terminalCount)))
  const known = new Map<Terminal, Remembered[]>()
  return {
    remember(terminal, remembered) {
      const list = known.get(terminal) ?? []
      known.set(terminal, list)
      list.push(remembered)
      if (list.length > most) list.shift()
    },
    take(terminal, names) {
      const list = known.get(terminal) ?? []
      const at = list.findIndex(({ plan }) => isNamed(names, plan))
      return at < 0 ? undefined : list.splice(at, 1)[0]
    },
  }
}

/** Whether a rule that names these means this message: by its own name, or by what it is in the books. */
export const isNamed = (names: readonly string[], { name, posting }: Pick<MessagePlan, 'name' | 'posting'>): boolean =>
  names.includes(name) || (posting !== undefined && names.includes(posting.kind))

/** The fields of the standard for retrieval reference number, authorisation code, local date and amount. */
const rrnField = 37
const authCodeField = 38
const dateField = 13

/** The facts that are asked of a request; a request has them all. */
export interface Nameable {
  readonly plan: Pick<MessagePlan, 'mti' | 'valueOf'>
  readonly values: readonly string[]
  readonly stan: string | undefined
}

interface Context {
  readonly batch: string
  readonly answer: Peek | undefined
  /** The amount that was charged, where that is less than was asked for. */
  readonly part?: string | undefined
}

/** Reads one name from a request, or from the time when its answer came. */
export type OriginalRead = (request: Nameable, context: Context) => string | undefined

/** Takes what `names` ask of a request and, when it came, its answer; left out is what neither has. */
export function createOriginalReader(names: readonly string[]): (request: Nameable, context: Context) => Original {
  const reads = names.map((name) => ({ name, read: readOfOriginal(name) }))
  return (request, context) => {
    const original: Record<string, string> = {}
    for (const { name, read } of reads) {
      const text = read(request, context)
      if (text !== undefined && text !== '') original[name] = text
    }
    return original
  }
}

/** The reader of `original.stan` and the like. */
export const readOfOriginal = (name: string): OriginalRead => readOf(name.slice('original.'.length))

function readOf(name: string): OriginalRead {
  switch (name) {
    case 'mti':
      return ({ plan }) => plan.mti
    case 'stan':
      return ({ stan }) => stan
    case 'batch':
      return (_, { batch }) => batch
    case 'amount':
      return (request, { part }) => bareAmount(part ?? requested(request, amountField) ?? '')
    case 'rrn':
      return (request, { answer }) => answered(answer, rrnField) ?? requested(request, rrnField)
    case 'authCode':
      return (_, { answer }) => answered(answer, authCodeField)
    case 'date':
      return (request, { answer }) => answered(answer, dateField) ?? requested(request, dateField) ?? '0000'
    default:
      return readOfField(name)
  }
}

/** A field of the request, `2`, or one tag of it, `55.9F26`. */
function readOfField(name: string): OriginalRead {
  const [field = '', tag] = splitOnce(name, '.')
  if (tag === undefined) return (request) => requested(request, Number(field))
  return (request) => {
    const tags = requested(request, Number(field))
    return tags === undefined ? undefined : tagIn(tags, tag)
  }
}

const splitOnce = (text: string, mark: string) => {
  const at = text.indexOf(mark)
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + mark.length)]
}

const requested = ({ plan, values }: Nameable, field: number) => plan.valueOf(field, values)
const answered = (answer: Peek | undefined, field: number) => answer?.text(field)?.trim()

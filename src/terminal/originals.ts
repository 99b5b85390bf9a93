// Approved transactions that a later one of the same terminal may name: to void it, refund it, complete it.

import type { Peek } from '../codec/codec.js'
import type { FundsKey } from '../measure/funds.js'
import { tagIn } from './chip.js'
import type { MessagePlan } from './message-plan.js'
import type { Terminal } from './terminal.js'

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

/** Where the standard keeps what an answer adds: retrieval reference number, authorisation code, local date. */
const rrnField = 37
const authCodeField = 38
const dateField = 13

/** What is asked of a request; a request has it all. */
export interface Nameable {
  readonly plan: Pick<MessagePlan, 'mti' | 'valueOf'>
  readonly values: readonly string[]
  readonly stan: string | undefined
}

/** What `names` ask of this request and, when it came, its answer. Missing is ''. */
export function originalOf(
  { plan, values, stan }: Nameable,
  context: {
    readonly batch: string
    readonly answer: Peek | undefined
    readonly names: readonly string[]
    /** What was charged, where that is less than was asked for. */
    readonly part?: string | undefined
  },
): Original {
  const { batch, answer, names, part } = context
  const requested = (field: number) => plan.valueOf(field, values)
  const answered = (field: number) => answer?.text(field)?.trim()
  const textOf = (name: string): string | undefined => {
    switch (name) {
      case 'mti':
        return plan.mti
      case 'stan':
        return stan
      case 'batch':
        return batch
      case 'amount':
        return part ?? requested(4)
      case 'rrn':
        return answered(rrnField) ?? requested(rrnField)
      case 'authCode':
        return answered(authCodeField)
      case 'date':
        return answered(dateField) ?? requested(dateField) ?? '0000'
      default: {
        const dot = name.indexOf('.')
        if (dot < 0) return requested(Number(name))
        const tags = requested(Number(name.slice(0, dot)))
        return tags === undefined ? undefined : tagIn(tags, name.slice(dot + 1))
      }
    }
  }
  return Object.fromEntries(names.map((name) => [name, textOf(name.slice('original.'.length)) ?? '']))
}

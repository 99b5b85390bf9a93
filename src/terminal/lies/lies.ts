// The lies, each with what has to come before it. Rule: a lie begins with an honest transaction of its own, so that a refusal of
// the lie says something of the host, and nothing of chance.

import type { LieKind } from '../options/lies-options.js'
import type { MessagePlan } from '../requests/message-plan.js'
import type { Terminal } from '../terminal.js'

/** An exchange that has ended. */
export interface ToldLie {
  readonly outcome: 'approved' | 'declined' | 'failed' | 'unanswered'
  /** Minor units that were asked for. */
  readonly amount: number
  readonly sent: unknown
}

export interface Teller {
  /** Two terminals of one merchant, that nobody else uses. */
  readonly own: Terminal
  readonly other: Terminal
  has(message: string): boolean
  /** The message that undoes a sale in doubt; undefined where the dialect has none. */
  readonly reversal: string | undefined
  /** Sends a message with a card and an amount of its own. */
  ask(message: string, terminal?: Terminal): Promise<ToldLie>
  /** Sends one that names what was told, for this amount; left out: the amount of the original. */
  follow(message: string, told: ToldLie, given?: { readonly amount?: number; readonly by?: Terminal }): Promise<ToldLie>
  /** Tells the host totals that nobody could have; `approved`: it calls them balanced. */
  settle(): Promise<ToldLie>
  /** Sends the same again, number and all. */
  repeat(told: ToldLie): Promise<ToldLie>
}

/** True: the host took it for the truth. False: it refused. Undefined: it could not be told, or was not answered. */
export type LieVerdict = boolean | undefined

export interface Lie {
  readonly needs: readonly string[]
  tell(teller: Teller): Promise<LieVerdict>
}

const verdictOf = ({ outcome }: ToldLie): LieVerdict =>
  outcome === 'approved' ? true : outcome === 'unanswered' ? undefined : false

/** Goes on with an approved one alone. */
const after = (told: ToldLie, then: () => Promise<LieVerdict>): Promise<LieVerdict> =>
  told.outcome === 'approved' ? then() : Promise.resolve(undefined)

/** An honest sale, one that takes something of it back, and the lie. */
const second = (message: string, lie: string): Lie => ({
  needs: ['sale', message, lie],
  async tell(teller) {
    const sale = await teller.ask('sale')
    return await after(sale, async () =>
      after(await teller.follow(message, sale), async () => verdictOf(await teller.follow(lie, sale))),
    )
  },
})

/**
 * Whether a sale does not stand any more. A host acknowledges a reversal of what it has nothing of, so its answer says nothing. A
 * void is refused for other reasons too, so it is tried twice; a sale that stands is answered as the first time when it is repeated.
 */
async function isGone(teller: Teller, sale: ToldLie): Promise<LieVerdict> {
  for (const ask of [() => teller.follow('void', sale), () => teller.follow('void', sale), () => teller.repeat(sale)]) {
    const { outcome } = await ask()
    if (outcome === 'unanswered') return undefined
    if (outcome === 'approved') return false
  }
  return true
}

export const lies: Readonly<Record<LieKind, Lie>> = {
  overRefund: {
    needs: ['sale', 'refund'],
    async tell(teller) {
      const sale = await teller.ask('sale')
      const amount = Math.floor(sale.amount / 2) + 1
      return await after(sale, async () =>
        after(await teller.follow('refund', sale, { amount }), async () =>
          verdictOf(await teller.follow('refund', sale, { amount })),
        ),
      )
    },
  },
  refundAfterVoid: second('void', 'refund'),
  voidAfterRefund: second('refund', 'void'),
  voidTwice: second('void', 'void'),
  repeatAfterReversal: {
    needs: ['sale'],
    async tell(teller) {
      const { reversal } = teller
      if (reversal === undefined) return undefined
      const sale = await teller.ask('sale')
      return await after(sale, async () =>
        after(await teller.follow(reversal, sale), async () => verdictOf(await teller.repeat(sale))),
      )
    },
  },
  foreignOriginal: {
    needs: ['sale', 'void'],
    async tell(teller) {
      const sale = await teller.ask('sale')
      return await after(sale, async () => verdictOf(await teller.follow('void', sale, { by: teller.other })))
    },
  },
  foreignReversal: {
    needs: ['sale', 'void'],
    async tell(teller) {
      const { reversal } = teller
      if (reversal === undefined) return undefined
      const sale = await teller.ask('sale')
      return await after(sale, async () => {
        const lie = await teller.follow(reversal, sale, { by: teller.other })
        if (lie.outcome === 'unanswered') return undefined
        return await isGone(teller, sale)
      })
    },
  },
  overCapture: {
    needs: ['preauth', 'completion'],
    async tell(teller) {
      const held = await teller.ask('preauth')
      return await after(held, async () =>
        verdictOf(await teller.follow('completion', held, { amount: 10 * held.amount })),
      )
    },
  },
  falseTotals: {
    needs: ['sale', 'settlement'],
    async tell(teller) {
      const sale = await teller.ask('sale')
      return await after(sale, async () => verdictOf(await teller.settle()))
    },
  },
}

/** Those of `kinds` for which the dialect has the messages. */
export const possibleLies = (kinds: readonly LieKind[], has: (message: string) => boolean): readonly LieKind[] =>
  kinds.filter((kind) => lies[kind].needs.every(has))

/** The message that undoes this one when it is in doubt. */
export const reversalOf = ({ money }: Pick<MessagePlan, 'money'>): string | undefined =>
  money.inDoubt.do === 'reverse' ? money.inDoubt.reversal : undefined

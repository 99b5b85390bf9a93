// A till for the tests of this folder: terminals of one dialect, their planned messages, and requests made of them.

import { createRandom } from '../../src/base/random.js'
import { createVirtualClock } from '../../src/base/virtual-clock.js'
import { createZone } from '../../src/base/zone.js'
import { compile } from '../../src/codec/compile.js'
import { builtInDialect } from '../../src/codec/dialects/index.js'
import { deckOf } from '../../src/terminal/requests/card-deck.js'
import { completeCard } from '../../src/terminal/requests/cards.js'
import { type MessagePlan, planMessage } from '../../src/terminal/requests/message-plan.js'
import { createRequestMaker } from '../../src/terminal/requests/request-maker.js'
import { createTerminals, type Terminal } from '../../src/terminal/terminal.js'
import { createMatchKey } from '../../src/transport/wire/match-key.js'

export const dialect = builtInDialect('cup-pos')
export const { rules } = dialect
const codec = compile(dialect)

/** A message of the dialect as it is planned for a run without keys. */
export function planOf(name: string, mti?: string): MessagePlan {
  const message = dialect.messages[name]
  if (message === undefined) throw new Error(`no message ${name}`)
  return planMessage(name, mti === undefined ? message : { ...message, mti }, codec, createZone('UTC'))
}

/** An answer that a host would give, located. */
export const answerOf = (mti: string, fields: Record<string, string>) => codec.peek(codec.pack({ mti, fields }))

export const card = completeCard({ pan: '6200000000000005', expiry: '3012' })

export function createTill(count = 1) {
  const clock = createVirtualClock()
  const terminals = createTerminals({ count, idPattern: '{n:8}', merchants: 1 })
  const matchKey = createMatchKey(rules.matchBy)
  const amounts = { currency: '156', next: () => 1234 }
  const makeRequest = createRequestMaker({
    ...{ rules, matchKey, amounts, clock },
    cards: deckOf([card]),
    random: createRandom(1),
  })
  return { clock, terminals, terminal: terminals[0] as Terminal, makeRequest }
}

// The messages that stand behind a transaction in doubt: what is written down of it, and what is sent of it again.

import { StartError } from '../../base/errors.js'
import { createSameTexts } from '../../codec/checks/same-texts.js'
import type { DialectRules } from '../../codec/dialect.js'
import type { FundsKey } from '../../measure/money/funds.js'
import type { CaseRecord } from '../journal/journal-records.js'
import type { MessagePlan } from '../requests/message-plan.js'
import { createOriginalReader, isNamed, readOfOriginal } from '../requests/originals.js'
import { type Request, valueIn } from '../requests/request.js'
import type { RequestMaker } from '../requests/request-maker.js'
import type { Terminal } from '../terminal.js'
import { RequestCase, type RequestForm } from './request-case.js'

export interface MoneyMessages {
  /** The record of this request that must be remembered before it leaves. */
  recordOf(request: Request, terminal: Terminal): RequestCase
  /** The reversal, or the advice once more; `again`: it was sent before, so it is marked as a repeat. */
  requestOf(record: CaseRecord, terminal: Terminal, options: { reason: string; again: boolean }): Request
  /** Throws StartError where a record needs a message that there is not. */
  check(record: CaseRecord): void
  keyOf(request: Request, terminal: Terminal): FundsKey
}

export function createMoneyMessages(options: {
  rules: DialectRules
  makeRequest: RequestMaker
  /** A message by its name, prepared; with another MTI where one is given. */
  plan: (name: string, mti?: string) => MessagePlan | undefined
}): MoneyMessages {
  const { rules, makeRequest } = options
  /** At most two for each message of the dialect and the scenario. */
  const plans = new Map<string, MessagePlan>()

  const planNamed = (name: string, mti?: string): MessagePlan => {
    const key = `${name} ${mti ?? ''}`
    const plan = plans.get(key) ?? options.plan(name, mti)
    if (plan === undefined) throw new StartError(`there is no message '${name}', which the journal owes the host`)
    plans.set(key, plan)
    return plan
  }
  const planFor = (name: string, again: boolean): MessagePlan => {
    const { inDoubt } = planNamed(name).money
    return planNamed(name, again && inDoubt.do === 'repeat' ? inDoubt.repeatMti : undefined)
  }
  const batchOf = rememberedBatch(rules)
  const keyOf = (request: Request, terminal: Terminal): FundsKey => ({
    terminal: terminal.id,
    batch: batchOf(request),
    stan: request.stan ?? '',
  })
  /** The form of each message; each is reversed by one other, or repeated. */
  const forms = new Map<MessagePlan, RequestForm>()
  const formOf = (plan: MessagePlan): RequestForm => {
    const known = forms.get(plan)
    if (known !== undefined) return known
    const { inDoubt } = plan.money
    const reversal = inDoubt.do === 'reverse' ? inDoubt.reversal : undefined
    const names = reversal === undefined ? [] : originalNames(planNamed(reversal))
    const form = { type: plan.name, reversal, names, reads: names.map(readOfOriginal) }
    forms.set(plan, form)
    return form
  }

  return {
    recordOf: (request, terminal) => new RequestCase(formOf(request.plan), request, terminal, batchOf(request)),
    requestOf({ type, owed }, terminal, { reason, again }) {
      if (owed.do === 'reverse')
        return makeRequest(planFor(owed.message, again), terminal, { names: { ...owed.original, reason } })
      // The first time an advice is sent from here, it was sent before.
      return makeRequest(planFor(type, true), terminal, { values: owed.values })
    },
    check({ type, owed }) {
      planNamed(owed.do === 'reverse' ? owed.message : type)
    },
    keyOf,
  }
}

/** The key of a request among all that move money. */
export function moneyKey(rules: DialectRules, request: Request, terminal: Pick<Terminal, 'id'>): FundsKey {
  return { terminal: terminal.id, batch: batchIn(rules, valueIn, request), stan: request.stan ?? '' }
}

/** As batchIn, of requests whose fields are the same as a rule: a time is, for a second. Then no text is made. */
function rememberedBatch(rules: DialectRules): (request: Request) => string {
  const fields = (rules.batchOf ?? []).map(({ field }) => field)
  const saysTheSame = createSameTexts<Request>(fields, valueIn)
  let batch = ''
  return (request) => {
    if (!saysTheSame(request)) batch = batchIn(rules, valueIn, request)
    return batch
  }
}

/** Within what the STAN names the request, by the dialect's rule. */
export function batchIn<Asked>(
  { batchOf: parts }: DialectRules,
  text: (field: number, request: Asked) => string | undefined,
  request: Asked,
): string {
  let batch = ''
  for (const { field, from = 0, to } of parts ?? []) {
    const value = text(field, request) ?? ''
    batch += from === 0 && to === undefined ? value : value.slice(from, to)
  }
  return batch
}

const originalNames = ({ givenNames }: MessagePlan) => givenNames.filter((name) => name.startsWith('original.'))

type OriginalReader = ReturnType<typeof createOriginalReader>

/** Reads what the messages of the mix that may name this one ask of it, all together; undefined where none does. */
export function createAsked(mix: readonly MessagePlan[]): (plan: MessagePlan) => OriginalReader | undefined {
  const asked = new Map<MessagePlan, OriginalReader | undefined>()
  const readerOf = (plan: MessagePlan): OriginalReader | undefined => {
    const naming = mix.filter(({ money }) => money.names !== undefined && isNamed(money.names, plan))
    const names = [...new Set(naming.flatMap(originalNames))]
    return naming.length === 0 ? undefined : createOriginalReader(names)
  }
  return (plan) => {
    if (!asked.has(plan)) asked.set(plan, readerOf(plan))
    return asked.get(plan)
  }
}

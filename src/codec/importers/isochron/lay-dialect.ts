// Layers over a dialect: what a host has of its own, in a few lines beside a built-in dialect or a spec file.

import type { z } from 'zod'
import { mergeOverlay } from '../../../base/merge-overlay.js'
import type { Dialect, MessageEnvelope } from '../../dialect.js'
import { layEnvelope } from '../../lay-envelope.js'
import { applyDeclared, type Declared, type RefuseDeclared } from './declared-rules.js'
import { tableSchema } from './dialect-schema.js'

/** The layers over a dialect; a part that is left out stays as the dialect has it. */
export interface DialectLayers extends Declared {
  readonly name?: string | undefined
  readonly about?: string | undefined
  readonly framing?: string | undefined
  /** An empty text takes a part away. */
  readonly envelope?: MessageEnvelope | undefined
  readonly form?: Dialect['form'] | undefined
  /** Merged key by key. */
  readonly encodings?: object | undefined
  readonly fields?: Readonly<Record<string, object | null>> | undefined
}

/** The dialect with the layers over it. Calls `refuse` for a field or a rule that does not fit it. */
export function layDialect(base: Dialect, layers: DialectLayers, refuse: RefuseDeclared): Dialect {
  const { dialectRules, messages, name, about, framing, envelope, form } = layers
  const laid = applyDeclared(withTable(base, layers, refuse), { dialectRules, messages }, refuse)
  return {
    ...laid,
    name: name ?? base.name,
    about: about ?? base.about,
    framing: framing ?? base.framing,
    envelope: layEnvelope(base.envelope, envelope),
    ...(form !== undefined && { form }),
  }
}

function withTable(base: Dialect, { encodings, fields }: DialectLayers, refuse: RefuseDeclared): Dialect {
  if (encodings === undefined && fields === undefined) return base
  for (const number of Object.keys(fields ?? {}))
    if (Number(number) > 192) refuse(['fields', number], `'${number}' is not a field number from 1 to 192`)
  const merged = mergeOverlay(
    { encodings: base.encodings, fields: base.fields },
    { encodings: encodings ?? {}, fields: fields ?? {} },
  )
  const read = tableSchema.safeParse(merged)
  if (!read.success) return refuseIssue(base, read.error.issues[0], refuse)
  return withoutFields({ ...base, ...read.data }, base, refuse)
}

function refuseIssue(base: Dialect, issue: z.core.$ZodIssue | undefined, refuse: RefuseDeclared): never {
  const path = (issue?.path ?? []).map(String)
  const [, number = ''] = path
  const isNew = path.length === 3 && base.fields[number] === undefined
  refuse(
    path,
    isNew
      ? `${path[2]}: dialect ${base.name} has no field ${number}, so that a new one needs name and format`
      : `${path.at(-1)}: ${issue?.message ?? 'does not fit'}`,
  )
}

/** Answers go without a field that was taken away; a message or a rule that needs it does not. */
function withoutFields(laid: Dialect, base: Dialect, refuse: RefuseDeclared): Dialect {
  const gone = Object.keys(base.fields).filter((number) => laid.fields[number] === undefined)
  for (const number of gone) {
    const user = Object.entries(base.messages).find(([, { fields }]) => fields[number] !== undefined)
    const isRule = base.rules.matchBy.includes(Number(number)) || base.rules.responseCode === Number(number)
    if (user !== undefined || isRule)
      refuse(
        ['fields', number],
        `cannot be taken away: ${isRule ? 'answers are told' : `message ${user?.[0]} is sent`} with it`,
      )
  }
  const answers = base.rules.answers.map((rule) => ({
    ...rule,
    echoed: rule.echoed.filter((field) => !gone.includes(String(field))),
    set: Object.fromEntries(Object.entries(rule.set).filter(([field]) => !gone.includes(field))),
  }))
  return gone.length === 0 ? laid : { ...laid, rules: { ...laid.rules, answers } }
}

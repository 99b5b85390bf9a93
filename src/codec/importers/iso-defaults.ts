// The rules that a spec file cannot hold: how messages belong together, what codes mean, and which messages to send.
//
// Taken from the built-in dialect of the same version of ISO 8583, which the width of field 39 tells, and cut down to the
// fields that the file has. A host that differs is declared under `dialectRules` and `messages`.

import type {
  AnswerRule,
  CodeClasses,
  DataCheckRules,
  Dialect,
  DialectRules,
  Encodings,
  FieldDefinition,
  MessageEnvelope,
} from '../dialect.js'
import { iso87Ascii } from '../dialects/iso87-ascii.js'
import { iso93Ascii } from '../dialects/iso93-ascii.js'
import { iso2003Binary } from '../dialects/iso2003-binary.js'
import { to2003 } from '../dialects/iso2003-codes.js'
import type { SecurityRules } from '../rules/security-rules.js'
import { type Convert, messagesFor } from './fit-flows.js'
import { isWiderTrace, ledgerFor } from './fit-ledger.js'
import { fitMessage } from './fit-message.js'

type Fields = Readonly<Record<string, FieldDefinition>>

/** The spec that an importer read. */
export interface ImportedSpec {
  readonly file: string
  /** 'jPOS packager': for the dialect's `about`. */
  readonly format: string
  /** The spec's own name, when it has one. */
  readonly title?: string
  readonly encodings: Encodings
  readonly fields: Fields
  readonly envelope: MessageEnvelope
  /** Notes on the parts that the dialect cannot express: for the dialect's `about`. */
  readonly notes: readonly string[]
}

/** A dialect that sends sales with no further word. */
export function completeDialect(spec: ImportedSpec): Dialect {
  const { base, convert } = versionOf(spec.fields)
  const rules = rulesFor(spec.fields, base.rules, convert)
  const about = [`${spec.title ?? baseName(spec.file)} (${spec.format})`, ...spec.notes].join('; ')
  return {
    name: dialectNameOfFile(spec.file),
    about,
    framing: base.framing,
    envelope: spec.envelope,
    encodings: spec.encodings,
    fields: spec.fields,
    rules,
    ...messagesFor(spec.fields, base, rules, convert),
  }
}

const baseName = (file: string) => file.slice(Math.max(file.lastIndexOf('/'), file.lastIndexOf('\\')) + 1)

/** `specs/Host One.xml` is `host-one`. */
export function dialectNameOfFile(file: string): string {
  const stem = baseName(file).replace(/\.[^.]*$/, '')
  return (
    stem
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-+|-+$/g, '') || 'imported'
  )
}

const unchanged: Convert = { mti: (mti) => mti, code: (code) => code }

/** 2003 keeps the classes of 1993 under version 2. A network's own codes are said by `dialectRules`. */
const version2003: Convert = { mti: (mti) => mti.replace(/^1/, '2'), code: to2003 }

function versionOf(fields: Fields): { readonly base: Dialect; readonly convert: Convert } {
  const format = fields['39']?.format ?? ''
  if (/ 3$/.test(format)) return { base: iso93Ascii, convert: unchanged }
  if (/ 4$/.test(format)) {
    return hasFieldsOf2003(fields)
      ? { base: iso2003Binary, convert: unchanged }
      : { base: iso93Ascii, convert: version2003 }
  }
  return { base: iso87Ascii, convert: unchanged }
}

/** Amounts behind their currency, trace numbers of twelve digits, and all totals in data element 74. */
const hasFieldsOf2003 = (fields: Fields): boolean =>
  hasCurrencyInFront(fields) && isWiderTrace(fields) && fields['74']?.format === iso2003Binary.fields['74']?.format

/**
 * Without sign-on: a host that asks for none would be met with one. `dialectRules: { signOn: signOn }` brings it.
 * Without advices of payouts, which no host of another's making sends.
 */
function rulesFor(fields: Fields, base: DialectRules, convert: Convert): DialectRules {
  const { signOn: _signOn, payoutAdvice: _payoutAdvice, batchOf = [], ...rules } = base
  const has = (number: number) => Object.hasOwn(fields, String(number))
  const codes = Object.entries(base.codes).map(([situation, code]) => [situation, convert.code(code)])
  const outcomes = Object.entries(base.cardOutcomes ?? {}).map(([name, code]) => [name, convert.code(code)])
  const meanings = Object.entries(base.meanings ?? {}).map(([code, meaning]) => [convert.code(code), meaning])
  return {
    ...rules,
    batchOf: batchOf.filter(({ field }) => has(field)),
    matchBy: base.matchBy.filter(has),
    mustEqual: base.mustEqual.filter(({ field }) => has(field)),
    approved: base.approved.map(convert.code),
    retry: base.retry.map(convert.code),
    // An amount of its own would need its currency in front.
    ...(hasCurrencyInFront(fields) ? { partial: [] } : {}),
    ...(base.codeClasses === undefined ? {} : { codeClasses: classesFor(base.codeClasses, convert) }),
    ...(base.dataChecks === undefined ? {} : { dataChecks: dataChecksFor(base.dataChecks, fields, convert) }),
    codes: Object.fromEntries(codes) as DialectRules['codes'],
    cardOutcomes: Object.fromEntries(outcomes),
    ...(base.ledger === undefined ? {} : { ledger: ledgerFor(base.ledger, fields, convert.mti) }),
    ...(base.security === undefined ? {} : { security: securityFor(base.security, convert) }),
    meanings: Object.fromEntries(meanings) as Record<string, string>,
    answers: base.answers.flatMap((rule) => answerFor(rule, fields, convert)),
  }
}

const hasCurrencyInFront = (fields: Fields) => fields['4']?.format === 'n 16'

const classesFor = ({ dataError, setup, down }: CodeClasses, { code }: Convert): CodeClasses => ({
  dataError: dataError.map(code),
  setup: setup.map(code),
  down: down.map(code),
})

function dataChecksFor(checks: DataCheckRules, fields: Fields, { mti, code }: Convert): DataCheckRules {
  const converted = (value: string | readonly string[] = []) => (typeof value === 'string' ? [value] : value).map(mti)
  const codes = Object.entries(checks.codes).map(([what, said]) => [what, code(said)])
  const required = checks.required.fields.filter((field) => Object.hasOwn(fields, String(field)))
  const { hint } = checks
  return {
    ...(hint !== undefined && Object.hasOwn(fields, String(hint.field)) && { hint }),
    ...(hasCurrencyInFront(fields) && { currency: { field: 4, from: 0, to: 3 } }),
    requests: { ...checks.requests, mti: converted(checks.requests.mti) },
    required: { ...checks.required, fields: required },
    codes: Object.fromEntries(codes) as DataCheckRules['codes'],
  }
}

function securityFor({ pin, cardCheck, ...rules }: SecurityRules, convert: Convert): SecurityRules {
  return {
    ...rules,
    ...(pin !== undefined && { pin: { ...pin, formatError: convert.code(pin.formatError) } }),
    ...(cardCheck !== undefined && { cardCheck: { ...cardCheck, wrong: convert.code(cardCheck.wrong) } }),
  }
}

/** No rule where its condition asks for a field that the spec does not have. */
function answerFor(rule: AnswerRule, fields: Fields, convert: Convert): readonly AnswerRule[] {
  const asked = Object.keys(rule.request).filter((key) => key !== 'mti')
  if (asked.some((number) => !Object.hasOwn(fields, number))) return []
  const { mti, ...others } = rule.request
  const patterns = (Array.isArray(mti) ? mti : [mti ?? '*']) as readonly string[]
  return [
    {
      request: { mti: patterns.map(convert.mti), ...others },
      echoed: rule.echoed.filter((number) => Object.hasOwn(fields, String(number))),
      set: valuesFor(rule.set, fields, convert),
      ...(rule.setWhenApproved === undefined
        ? {}
        : { setWhenApproved: valuesFor(rule.setWhenApproved, fields, convert) }),
    },
  ]
}

function valuesFor(values: Readonly<Record<string, string>>, fields: Fields, convert: Convert): Record<string, string> {
  const converted = Object.entries(values).map(([number, text]) => [
    number,
    number === '39' ? convert.code(text) : text,
  ])
  return fitMessage(Object.fromEntries(converted) as Record<string, string>, fields).fields
}

// The messages of a dialect packed with sample values: which cannot be, and one of them with its fields marked.

import { UsageError } from '../base/errors.js'
import { compilePlaceholders } from '../base/placeholders.js'
import { createZone } from '../base/zone.js'
import { compile } from '../codec/compile.js'
import type { Dialect } from '../codec/dialect.js'
import { PackError } from '../codec/pack-error.js'
import { planMessage } from '../terminal/requests/message-plan.js'
import { namesFor, sampleText } from '../terminal/requests/placeholder-names.js'

/** A part of a packed message: its bytes are [start, end). */
export interface MessageSpan {
  /** `mti`, `bitmap` or a field number. */
  readonly field: string
  readonly name: string
  readonly start: number
  readonly end: number
}

export interface SampleMessage {
  readonly name: string
  readonly bytes: Uint8Array
  readonly spans: readonly MessageSpan[]
}

export interface MessagesCheck {
  readonly messages: number
  /** The reason why a message cannot be packed, by the name of the message. */
  readonly problems: Readonly<Record<string, string>>
  /** A sale, or the first message that can be packed; undefined where none can. */
  readonly sample: SampleMessage | undefined
}

export function checkMessages(dialect: Dialect): MessagesCheck {
  const names = Object.keys(dialect.messages)
  const problems: Record<string, string> = {}
  const packed = new Map<string, Uint8Array>()
  for (const name of names) {
    const made = packSample(dialect, name)
    if (typeof made === 'string') problems[name] = made
    else packed.set(name, made)
  }
  const shown = packed.has('sale') ? 'sale' : [...packed.keys()][0]
  const bytes = shown === undefined ? undefined : packed.get(shown)
  return {
    messages: names.length,
    problems,
    sample:
      shown === undefined || bytes === undefined ? undefined : { name: shown, bytes, spans: spansOf(dialect, bytes) },
  }
}

/** The bytes, or why there are none. */
function packSample(dialect: Dialect, name: string): Uint8Array | string {
  const definition = dialect.messages[name]
  if (definition === undefined) return 'there is no such message'
  try {
    const plan = planMessage(name, definition, compile(dialect), createZone('UTC'))
    const target = Buffer.alloc(plan.template.maxBytes)
    return target.subarray(0, plan.template.write(target, 0, plan.fill(samplesFor(dialect), 0)))
  } catch (error) {
    if (error instanceof PackError || error instanceof UsageError) return error.message
    throw error
  }
}

/** As sampleText, and for what an earlier transaction, totals and payouts would say, a text as wide as the dialect has it. */
function samplesFor(dialect: Dialect): (name: string) => string {
  const { sale, saleChip } = dialect.messages
  const { batchDigits = 6, stanDigits = 6 } = dialect.rules.payoutAdvice?.transactions ?? {}
  const fixed: Readonly<Record<string, string>> = {
    reason: dialect.rules.reversalReasons?.timeout ?? '',
    'payout.amount': '000000001000',
    'payout.date': '0101',
    'payout.transactions': '1'.repeat(batchDigits + stanDigits),
    'original.mti': sale?.mti ?? '0200',
    'original.stan': sampleText('stan'),
    'original.batch': sampleText('batch'),
    'original.amount': sampleText('amount'),
    'original.rrn': sampleText('rrn'),
    'original.authCode': '000001',
    'original.38': '000001',
    'original.date': '0101',
  }
  return (name) => {
    const known = fixed[name] ?? sampleText(name)
    if (known !== '') return known
    const [family, what = '', digits = ''] = name.split('.')
    if (family === 'totals') return (what === 'net' ? 'C' : '') + '0'.repeat(Number(digits))
    if (family !== 'original' || digits !== '') return ''
    const text = sale?.fields[what] ?? saleChip?.fields[what]
    if (typeof text !== 'string') return ''
    return compilePlaceholders(text, namesFor(text))?.((each) => sampleText(each), 0) ?? text
  }
}

function spansOf(dialect: Dialect, bytes: Uint8Array): readonly MessageSpan[] {
  const peek = compile(dialect).peek(bytes)
  const fields = Object.entries(dialect.fields).flatMap(([field, { name }]): MessageSpan[] => {
    const raw = peek.raw(Number(field))
    if (raw === undefined) return []
    const start = raw.byteOffset - bytes.byteOffset
    return [{ field, name, start, end: start + raw.length }]
  })
  const mtiEnd = dialect.encodings.mti === 'bcd' ? 2 : dialect.encodings.mti === 'hex' ? 8 : 4
  const bitmapEnd = fields[0]?.start ?? bytes.length
  return [
    { field: 'mti', name: 'message type', start: 0, end: mtiEnd },
    { field: 'bitmap', name: 'bitmap', start: mtiEnd, end: bitmapEnd },
    ...fields,
  ]
}

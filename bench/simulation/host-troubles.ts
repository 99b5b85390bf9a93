// The wrongs that a host may do without dying: say no, say that it cannot say, or not be there for a while. Drawn for schedules.

import type { Random } from '../../src/base/random.js'

/** Ends before nothing goes wrong any more, so it may be anything that a host recovers from. */
export type TroubleFault = Readonly<Record<string, unknown>>

const pick = <Value>(random: Random, values: readonly Value[]): Value => values[random.below(values.length)] as Value
const ms = (value: number) => `${Math.round(value)}ms`

/** In ISO 8583:1993 action codes of three digits. */
const codesOf = (dialect: string) =>
  dialect.startsWith('iso93')
    ? { declines: ['116', '100', '121'], retries: ['907', '909'] }
    : { declines: ['51', '05', '61'], retries: ['91', '96'] }

/**
 * Rules by which a host declines a share of requests, or answers some of them that it cannot say. None is of reversals, or
 * of what is told until it is taken: a host that never takes it keeps the money, and no terminal can make it agree.
 */
export function drawRules(dialect: string, random: Random): readonly TroubleFault[] {
  const { declines, retries } = codesOf(dialect)
  const rules: TroubleFault[] = []
  if (random.chance(0.6)) {
    const mti = ['01*', '02*', '11*', '12*']
    rules.push({ match: { mti, 11: someStans(random) }, answer: pick(random, declines) })
  }
  if (random.chance(0.4)) {
    const mti = ['0100', '0200', '1100', '1200']
    rules.push({ match: { mti, 3: ['00*', '01*', '03*'], 11: someStans(random) }, answer: pick(random, retries) })
  }
  return rules
}

/** STANs that a schedule comes to: terminals begin at 1 or shortly before the last, and skip some hundred when they restart. */
const stanRanges = [
  { from: 1, to: 1600 },
  { from: 999_400, to: 999_999 },
]

/** Every so-manieth, so that a repeat is answered as the first was. */
function someStans(random: Random): readonly string[] {
  const every = pick(random, [4, 7, 12])
  const first = random.below(every)
  return stanRanges.flatMap(({ from, to }) => {
    const stans: string[] = []
    for (let stan = from + first; stan <= to; stan += every) stans.push(String(stan).padStart(6, '0'))
    return stans
  })
}

type Kind = (dialect: string, random: Random) => TroubleFault

const kinds: readonly Kind[] = [
  (dialect, random) => ({ outage: { how: pick(random, ['refuse', 'silent', ...codesOf(dialect).retries]) } }),
  (_, random) => ({ stall: { for: ms(200 + random.below(3000)) } }),
  (_, random) => ({ slow: { times: 2 + random.below(20) } }),
  (_, random) => ({ capacity: { minus: 1 + random.below(4) } }),
  () => ({ maintenance: {} }),
  (_, random) => ({ crash: { restart: ms(100 + random.below(2000)) } }),
  (_, random) => ({ leak: { perMinute: 10 + random.below(200) } }),
  (_, random) => ({ queue_limit: { limit: random.below(3), whenFull: pick(random, ['answer', 'close']) } }),
  (dialect) => ({ cut_over: dialect.startsWith('iso93') ? { code: '906' } : {} }),
]

export interface HostFaultSpan {
  readonly name: string
  readonly from: number
  readonly for: number
  /** Left out: there is one host. */
  readonly target?: string
}

export function drawHostFault(dialect: string, random: Random, span: HostFaultSpan): TroubleFault {
  const kind = pick(random, kinds)(dialect, random)
  const isMoment = 'crash' in kind
  return {
    name: span.name,
    on: 'acquirer',
    ...(span.target !== undefined && { target: span.target }),
    ...(isMoment ? { at: ms(span.from) } : { from: ms(span.from), for: ms(span.for) }),
    ...kind,
  }
}

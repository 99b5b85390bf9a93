// Quantities as people write them: every duration, rate, share and amount carries its unit.

const msOf: Record<string, number> = { us: 0.001, ms: 1, s: 1000, m: 60_000, min: 60_000, h: 3_600_000, d: 86_400_000 }
const perSecondOf: Record<string, number> = { s: 1, m: 1 / 60, min: 1 / 60, h: 1 / 3600 }

/** One duration, as the schema for editors has it: numbers with units, the larger ones first, each once. */
export const durationForm = `(?=\\d)${['d', 'h', 'm(?:in)?', 's', 'ms', 'us'].map((unit) => `(?:\\d+(?:\\.\\d+)?${unit})?`).join('')}`
const wholeDuration = new RegExp(`^${durationForm}$`)

/** '250ms', '30s', '1.5h', '1m30s' to milliseconds; undefined when it is none. Larger units stand first, each once. */
export function parseDuration(text: string): number | undefined {
  const trimmed = text.trim()
  if (!wholeDuration.test(trimmed)) return undefined
  const parts = [...trimmed.matchAll(/(\d+(?:\.\d+)?)(us|ms|s|min|m|h|d)/g)]
  return parts.reduce((sum, [, number, unit]) => sum + Number(number) * (msOf[unit as string] as number), 0)
}

const thousands: Record<string, number> = { '': 1, k: 1e3, M: 1e6 }

/** '500/s', '30/min', '10k/s' to a number per second; undefined when it is none. */
export function parseRate(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)([kM]?)\/(s|min|m|h)$/.exec(text.trim())
  if (match === null) return undefined
  const [, number, factor, unit] = match as unknown as [string, string, string, string]
  return Number(number) * (thousands[factor] as number) * (perSecondOf[unit] as number)
}

/** '99%', '0.5%' to a share of 1; undefined when it is none. */
export function parsePercent(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)%$/.exec(text.trim())
  return match === null ? undefined : Number(match[1]) / 100
}

const sizeOf: Record<string, number> = { B: 1, KiB: 1024, MiB: 1024 ** 2, GiB: 1024 ** 3, TiB: 1024 ** 4 }

/** '200MiB', '1GiB' to bytes; undefined when it is none, or too large to be exact. */
export function parseSize(text: string): number | undefined {
  const match = /^(\d+)(B|KiB|MiB|GiB|TiB)$/.exec(text.trim())
  if (match === null) return undefined
  const bytes = Number(match[1]) * (sizeOf[match[2] as string] as number)
  return Number.isSafeInteger(bytes) ? bytes : undefined
}

/** Milliseconds as a person would write them: '2.5s', '40ms'. */
export function formatDuration(ms: number): string {
  if (ms >= 60_000 && ms % 60_000 === 0) return `${ms / 60_000}m`
  if (ms >= 1000) return `${trim(ms / 1000)}s`
  return ms >= 1 || ms === 0 ? `${trim(ms)}ms` : `${trim(ms * 1000)}us`
}

const trim = (value: number) => String(Number(value.toFixed(3)))

/** Decimals of the currencies that have not two (ISO 4217). */
const decimalsOf: Record<string, number> = {
  JPY: 0,
  KRW: 0,
  VND: 0,
  CLP: 0,
  ISK: 0,
  KWD: 3,
  BHD: 3,
  OMR: 3,
  JOD: 3,
  TND: 3,
}

export interface Money {
  /** Whole minor units: fen, cents. */
  readonly minor: number
  /** ISO 4217 letters. */
  readonly currency: string
}

/** '10.00 CNY' to minor units; undefined when it is none, has too many decimals or is too large to be exact. */
export function parseMoney(text: string): Money | undefined {
  const match = /^(\d+)(?:\.(\d+))? ([A-Z]{3})$/.exec(text.trim())
  if (match === null) return undefined
  const [, whole = '', fraction = '', currency = ''] = match
  const decimals = decimalsOf[currency] ?? 2
  if (fraction.length > decimals) return undefined
  const minor = Number(whole + fraction.padEnd(decimals, '0'))
  return Number.isSafeInteger(minor) ? { minor, currency } : undefined
}

/** As parseMoney reads it: '10.00 CNY'. */
export function formatMoney({ minor, currency }: Money): string {
  const decimals = decimalsOf[currency] ?? 2
  const digits = String(minor).padStart(decimals + 1, '0')
  const fraction = decimals === 0 ? '' : `.${digits.slice(-decimals)}`
  return `${digits.slice(0, digits.length - decimals)}${fraction} ${currency}`
}

export const hourMs = 3_600_000
const dayMs = 24 * hourMs

/** An hour or longer, as money is waited for: `3 h 20 min`, `7 days 11 h`. */
export function longWords(ms: number): string {
  if (ms < dayMs) {
    const minutes = Math.round(ms / 60_000)
    return `${Math.floor(minutes / 60)} h ${minutes % 60} min`
  }
  const hours = Math.round(ms / hourMs)
  const days = Math.floor(hours / 24)
  return `${days} ${days === 1 ? 'day' : 'days'} ${hours % 24} h`
}

// Local times of a time zone, for DE12, DE13 and cut-offs. Asks the system once per quarter of an hour, not per message.

import { UsageError } from './errors.js'

export interface Zone {
  readonly name: string
  /** Minutes that local time is ahead of UTC at that instant. */
  offsetMinutes(wallMs: number): number
  /** Replaces YYYY YY MM DD hh mm ss JJJ in `pattern`; other characters stay. */
  format(pattern: string, wallMs: number): string
  /** `format` for one pattern that is asked for again and again: its text is made once a second. */
  formatter(pattern: string): (wallMs: number) => string
}

/** Zones change their offset at whole quarters of an hour only. */
const quarterMs = 900_000

/** Throws UsageError for a name that the system does not know (IANA time zone database). */
export function createZone(name: string): Zone {
  const offsetAt = name === 'UTC' ? () => 0 : systemOffset(name)
  let quarter = Number.NaN
  let offset = 0

  const offsetMinutes = (wallMs: number) => {
    const now = Math.floor(wallMs / quarterMs)
    if (now !== quarter) [quarter, offset] = [now, offsetAt(wallMs)]
    return offset
  }

  const format = (pattern: string, wallMs: number) =>
    formatUtc(pattern, new Date(wallMs + offsetMinutes(wallMs) * 60_000))

  return {
    name,
    offsetMinutes,
    format,
    formatter(pattern) {
      let second = Number.NaN
      let text = ''
      return (wallMs) => {
        const now = Math.floor(wallMs / 1000)
        if (now !== second) {
          text = format(pattern, wallMs)
          second = now
        }
        return text
      }
    },
  }
}

/** Whether this system knows a zone of that name. */
export function isTimeZone(name: string): boolean {
  try {
    createZone(name)
    return true
  } catch {
    return false
  }
}

/** The formatters by name, since each takes milliseconds to make. There are only so many names: some hundred. */
const formatters = new Map<string, Intl.DateTimeFormat>()

function formatterOf(name: string): Intl.DateTimeFormat {
  try {
    const formatter =
      formatters.get(name) ?? new Intl.DateTimeFormat('en-US', { timeZone: name, timeZoneName: 'longOffset' })
    formatters.set(name, formatter)
    return formatter
  } catch (cause) {
    throw new UsageError(`unknown time zone '${name}': expected a name such as Asia/Shanghai`, { cause })
  }
}

function systemOffset(name: string): (wallMs: number) => number {
  const formatter = formatterOf(name)
  return (wallMs) => {
    const part = formatter.formatToParts(wallMs).find(({ type }) => type === 'timeZoneName')?.value ?? 'GMT'
    const match = /GMT([+-])(\d{2}):(\d{2})/.exec(part)
    if (match === null) return 0
    const minutes = Number(match[2]) * 60 + Number(match[3])
    return match[1] === '-' ? -minutes : minutes
  }
}

const two = (value: number) => String(value).padStart(2, '0')

function formatUtc(pattern: string, date: Date): string {
  return pattern.replace(/YYYY|YY|MM|DD|hh|mm|ss|JJJ/g, (token) => {
    switch (token) {
      case 'YYYY':
        return String(date.getUTCFullYear())
      case 'YY':
        return two(date.getUTCFullYear() % 100)
      case 'MM':
        return two(date.getUTCMonth() + 1)
      case 'DD':
        return two(date.getUTCDate())
      case 'hh':
        return two(date.getUTCHours())
      case 'mm':
        return two(date.getUTCMinutes())
      case 'ss':
        return two(date.getUTCSeconds())
      default:
        return String(dayOfYear(date)).padStart(3, '0')
    }
  })
}

const dayOfYear = (date: Date) => Math.floor((date.getTime() - Date.UTC(date.getUTCFullYear(), 0, 1)) / 86_400_000) + 1

/** `2026-01-05T09:00:00.123+08:00`: the instant as clocks in the zone show it. */
export function localInstant(zone: Zone, wallMs: number): string {
  const minutes = zone.offsetMinutes(wallMs)
  const offset = `${minutes < 0 ? '-' : '+'}${two(Math.floor(Math.abs(minutes) / 60))}:${two(Math.abs(minutes) % 60)}`
  return `${new Date(wallMs + minutes * 60_000).toISOString().slice(0, -1)}${offset}`
}

// Changes to a scenario before it is checked: `--set PATH=VALUE`, and flags that stand for a key.

import { parse } from 'yaml'
import { UsageError } from '../base/errors.js'
import { maskText } from '../base/mask.js'
import { printable } from '../base/text/shown-text.js'
import { plainNumbers } from '../base/yaml-numbers.js'
import { defaultDialect } from './default-dialect.js'
import type { YamlPath } from './yaml-source.js'

export interface Assignment {
  /** The flag as the user wrote it: `--set load[0].hold.rate=200/s`, `--dialect cup-pos`. */
  readonly flag: string
  readonly path: YamlPath
  readonly value: unknown
  /** The values are added to the list that stands there. */
  readonly appends?: boolean
}

/** Longest value of one `--set`, in characters, and steps of its path: far above any use. */
const maxValueLength = 10_000
const maxDepth = 20
/** Names that reach an object's own machinery; no key of a scenario is called so. */
const forbidden = ['__proto__', 'constructor', 'prototype']

/** Reads `PATH=VALUE`; the value is YAML: `10`, `200/s`, `{ sale: 1 }`. Throws UsageError. */
export function parseAssignment(text: string): Assignment {
  const flag = `--set ${text.slice(0, 80)}`
  const where = `${flag}:`
  const match = /^([^=]+)=(.*)$/s.exec(text)
  if (match === null) throw new UsageError('expected PATH=VALUE such as load[0].hold.rate=200/s', { where })
  const path = parsePath(match[1] as string)
  if (path === undefined)
    throw new UsageError('expected a path such as terminals.count or load[0].hold.rate before the =', { where })
  return { flag, path, value: parseValue(match[2] as string, where) }
}

/** Keys and indexes of a path such as load[0].hold.rate; undefined for a text that is none. */
export function parsePath(text: string): YamlPath | undefined {
  if (!/^[^.[\]\s]+(\.[^.[\]\s]+|\[\d{1,6}\])*$/.test(text)) return undefined
  const steps = [...text.matchAll(/\[(\d+)\]|[^.[\]]+/g)].map(([step, index]) =>
    index === undefined ? step : Number(index),
  )
  const isSafe = steps.length <= maxDepth && !steps.some((step) => forbidden.includes(String(step)))
  return isSafe ? steps : undefined
}

function parseValue(text: string, where: string): unknown {
  if (text.length > maxValueLength) throw new UsageError(`value longer than ${maxValueLength} characters`, { where })
  try {
    return parse(text, { maxAliasCount: 0, logLevel: 'error', ...plainNumbers })
  } catch (cause) {
    throw new UsageError('the value is not YAML: put a text with special characters in quotes', { where, cause })
  }
}

/** A copy of `data` with the value at the path replaced; maps on the way are made. Throws UsageError for a wrong index. */
export function assign(data: unknown, { flag, path, value, appends = false }: Assignment): unknown {
  const set = (at: unknown, depth: number): unknown => {
    const step = path[depth]
    if (step === undefined) return appends && Array.isArray(at) ? [...at, ...(value as unknown[])] : value
    if (typeof step === 'string') {
      if (Array.isArray(at)) throw wrongStep(flag, `${shown(path, depth)} is a list: expected an index such as [0]`)
      const map = isMap(at) ? at : longFormOf(at, path.slice(0, depth))
      return { ...map, [step]: set(Object.hasOwn(map, step) ? map[step] : undefined, depth + 1) }
    }
    if (at !== undefined && !Array.isArray(at)) throw wrongStep(flag, `${shown(path, depth)} is not a list`)
    const list = at ?? []
    if (step > list.length)
      throw wrongStep(flag, `${shown(path, depth)} has ${list.length} entries: the next free index is ${list.length}`)
    return [...list.slice(0, step), set(list[step], depth + 1), ...list.slice(step + 1)]
  }
  return set(data, 0)
}

/** `dialect: NAME` is short for `dialect: { base: NAME }`: what stands there is kept when a key of it is set. */
function longFormOf(at: unknown, path: YamlPath): Record<string, unknown> {
  return path.length === 1 && path[0] === 'dialect' ? { base: at ?? defaultDialect } : {}
}

const wrongStep = (flag: string, problem: string) => new UsageError(problem, { where: `${flag}:` })
const shown = (path: YamlPath, depth: number) => formatPath(path.slice(0, depth)) || 'the scenario'

/** `['load', 0, 'hold']` as people write it: `load[0].hold`. */
export function formatPath(path: YamlPath): string {
  return path
    .map((step, at) => (typeof step === 'number' ? `[${step}]` : `${at === 0 ? '' : '.'}${shownKey(step)}`))
    .join('')
}

/** A key that nobody knows may be anything. */
const shownKey = (key: string) => printable(maskText(key))

const isMap = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

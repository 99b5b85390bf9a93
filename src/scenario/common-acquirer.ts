// `acquirer` beside `acquirers`: what all of them have in common, so that a second host is one line.

import { mergeOverlay } from '../base/merge-overlay.js'

/** `data` of a scenario with `acquirer` laid under each of `acquirers`; as it is where one of the two is missing. */
export function spreadAcquirer(data: unknown): unknown {
  if (!isMap(data) || !isMap(data.acquirer) || !isMap(data.acquirers)) return data
  const { acquirer, acquirers, ...rest } = data
  const each = Object.entries(acquirers).map(([name, own]) => [name, isMap(own) ? mergeOverlay(acquirer, own) : own])
  return { ...rest, acquirers: Object.fromEntries(each) }
}

const isMap = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

// Remedies laid over the data of a scenario, and where a problem that one of them brought stands in the file.

import { UsageError } from '../base/errors.js'
import { mergeOverlay } from '../base/merge-overlay.js'
import { suggestion } from '../base/suggest.js'
import type { Problem } from './problems.js'
import type { YamlPath } from './yaml-source.js'

/**
 * `data` of a scenario with its remedies of these names laid over it, in this order, and no `remedies:` any more.
 * `about` of a remedy is about the remedy. With no names: `data` itself.
 */
export function withRemedies(data: unknown, names: readonly string[]): unknown {
  if (names.length === 0 || !isMap(data)) return data
  const { remedies: _laid, alsoHelps: _told, ...bare } = data
  return overlays(data, names).reduce<unknown>((merged, { about: _about, ...keys }) => mergeOverlay(merged, keys), bare)
}

/** The problem at its place in the last of the remedies that says something there, or in the remedy as such. */
export function inRemedy(data: unknown, names: readonly string[], { path, text, atKey }: Problem): Problem {
  const all = overlays(data, names)
  const at = all.findLastIndex((overlay) => path[0] !== undefined && Object.hasOwn(overlay, String(path[0])))
  if (at >= 0) return { path: ['remedies', names[at] as string, ...path], text, ...(atKey && { atKey }) }
  const where: YamlPath = ['remedies', names.at(-1) as string]
  return { path: where, text: `with it, ${text}`, atKey: true }
}

/** Throws UsageError for a name that the scenario has no remedy of. */
export function refuseUnknownRemedies({ remedies }: { readonly remedies: object }, names: readonly string[]): void {
  const known = Object.keys(remedies)
  for (const name of names.filter((each) => !known.includes(each))) {
    const near = suggestion(name, known) || `; it has ${known.length === 0 ? 'none' : known.join(', ')}`
    throw new UsageError(`--with ${name}: the scenario has no such remedy${near}`)
  }
}

function overlays(data: unknown, names: readonly string[]): readonly Record<string, unknown>[] {
  const remedies = isMap(data) && isMap(data.remedies) ? data.remedies : {}
  return names.map((name) => {
    const overlay = Object.hasOwn(remedies, name) ? remedies[name] : undefined
    return isMap(overlay) ? overlay : {}
  })
}

const isMap = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

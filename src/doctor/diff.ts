// The differences between two messages, by field path. Values are shown masked: a difference in what is hidden shows as such.

import type { Dialect } from '../codec/dialect.js'
import { maskMessage } from '../codec/mask-message.js'
import { type FieldValue, isVerbatim, type Message } from '../codec/message.js'

export interface Difference {
  /** `mti`, `tpdu`, `39`, `55.9F26`. */
  readonly path: string
  /** The field's name in the dialect; empty where it has none. */
  readonly name: string
  readonly kind: 'changed' | 'onlyFirst' | 'onlySecond'
  /** Masked values. */
  readonly first?: string
  readonly second?: string
  /** The values differ, and their masked forms do not. */
  readonly isHidden: boolean
}

/** Every path at which the two differ, in the order of the fields; empty when they are equal. */
export function diffMessages(first: Message, second: Message, dialect: Dialect): readonly Difference[] {
  const [a, b] = [flatten(first), flatten(second)]
  const [shownA, shownB] = [flatten(maskMessage(dialect, first)), flatten(maskMessage(dialect, second))]
  const paths = [...new Set([...a.keys(), ...b.keys()])].sort(byPath)
  return paths
    .filter((path) => a.get(path) !== b.get(path))
    .map((path) => {
      const [one, other] = [shownA.get(path), shownB.get(path)]
      return {
        path,
        name: dialect.fields[path.split('.')[0] as string]?.name ?? '',
        kind: one === undefined ? 'onlySecond' : other === undefined ? 'onlyFirst' : 'changed',
        ...(one === undefined ? {} : { first: one }),
        ...(other === undefined ? {} : { second: other }),
        isHidden: one === other,
      }
    })
}

/** Values by path; a value in its verbatim form is marked as bytes. */
function flatten({ fields, ...rest }: Message): Map<string, string> {
  const flat = new Map<string, string>(Object.entries(rest).filter(([, value]) => value !== undefined))
  const add = (path: string, value: FieldValue): void => {
    if (typeof value === 'string') flat.set(path, value)
    else if (Array.isArray(value)) flat.set(path, value.join(' '))
    else if (isVerbatim(value))
      flat.set(path, `hex ${value.hex}${value.length === undefined ? '' : ` (${value.length})`}`)
    else for (const [key, inner] of Object.entries(value)) add(`${path}.${key}`, inner as FieldValue)
  }
  for (const [key, value] of Object.entries(fields)) add(key, value)
  return flat
}

/** Parts that are no field come first, then the fields by number, then what is inside them. */
function byPath(a: string, b: string): number {
  const [first = '', second = ''] = [a.split('.')[0], b.split('.')[0]]
  const number = (text: string) => (/^\d+$/.test(text) ? Number(text) : -1)
  return number(first) - number(second) || a.localeCompare(b, 'en', { numeric: true })
}

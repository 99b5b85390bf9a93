// The order in which the keys of an object were written. An object of JavaScript puts keys that are whole numbers first and
// in ascending order, whatever a file says: tags 01 05 42 10 would leave as 10 42 01 05.

/** Beside the objects, which stay as they would be without. */
const writtenOrders = new WeakMap<object, readonly string[]>()

/** The keys as they were written, where that is not the order that the object has them in. */
export function writtenOrderOf(value: object): readonly string[] | undefined {
  return writtenOrders.get(value)
}

/** The object with these entries, which remembers their order where it would lose it. */
export function objectInOrder(entries: readonly (readonly [string, unknown])[]): Record<string, unknown> {
  const value: Record<string, unknown> = Object.fromEntries(entries)
  const isSame = Object.keys(value).every((key, index) => key === entries[index]?.[0])
  if (!isSame)
    writtenOrders.set(
      value,
      entries.map(([key]) => key),
    )
  return value
}

/** Marks the keys of a JSON text, so that none of them is a whole number. */
const mark = '='

/** As JSON.parse, and every object remembers the order of its keys. Throws SyntaxError. */
export function parseJsonInOrder(text: string): unknown {
  // The error is about the text that was given.
  JSON.parse(text)
  const marked = text.replace(/("(?:[^"\\]|\\.)*")(\s*:)?/g, (_, word: string, colon: string | undefined) =>
    colon === undefined ? word : `"${mark}${word.slice(1)}${colon}`,
  )
  return unmarked(JSON.parse(marked))
}

function unmarked(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(unmarked)
  if (typeof value !== 'object' || value === null) return value
  return objectInOrder(Object.entries(value).map(([key, inner]) => [key.slice(mark.length), unmarked(inner)]))
}

/** The Maps in a value, which keep the order of their keys, as objects that remember it. Shared parts stay shared. */
export function objectsOfMaps(value: unknown, made = new Map<unknown, unknown>()): unknown {
  if (typeof value !== 'object' || value === null) return value
  const known = made.get(value)
  if (known !== undefined) return known
  const result = Array.isArray(value)
    ? value.map((item) => objectsOfMaps(item, made))
    : value instanceof Map
      ? objectInOrder([...value].map(([key, inner]) => [keyText(key), objectsOfMaps(inner, made)] as const))
      : value
  made.set(value, result)
  return result
}

const keyText = (key: unknown) => (key === null ? '' : String(key))

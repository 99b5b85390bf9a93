// One map laid over another.

/**
 * `base` with `overlay` laid over it: maps are merged key by key; everything else, lists too, is replaced whole; `null`
 * takes the key away, so that its default is in force.
 */
export function mergeOverlay(base: unknown, overlay: unknown): unknown {
  if (!isMap(overlay)) return overlay
  const merged = new Map(isMap(base) ? Object.entries(base) : [])
  for (const [key, value] of Object.entries(overlay)) {
    if (value === null) merged.delete(key)
    else merged.set(key, mergeOverlay(merged.get(key), value))
  }
  return Object.fromEntries(merged)
}

const isMap = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

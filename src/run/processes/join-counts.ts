// The counts of several processes of one role, as one.

/** The parts of figures that are the most that was ever seen: of several processes, the most of any. */
const mosts: ReadonlySet<string> = new Set(['queueHighWater'])

/** Numbers are added, at any depth. What one of them does not have is the other's. */
export function joinCounts<Counts extends object>(one: Counts, other: Counts): Counts {
  const joined = Object.fromEntries(Object.entries(one)) as Record<string, unknown>
  for (const [name, value] of Object.entries(other)) {
    const known = joined[name]
    if (typeof value === 'number')
      joined[name] = mosts.has(name) ? Math.max(Number(known ?? 0), value) : Number(known ?? 0) + value
    else if (typeof value === 'object' && value !== null) joined[name] = joinCounts((known ?? {}) as object, value)
    else joined[name] ??= value
  }
  return joined as Counts
}

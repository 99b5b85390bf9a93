// A table asked for a name that stands in a file.

/** The entry; undefined where the table has none of its own: every object has a `constructor`, and files have all names. */
export const ownEntry = <T>(table: Readonly<Record<string, T>>, name: string): T | undefined =>
  Object.hasOwn(table, name) ? table[name] : undefined

// The names of a recording's parts: FILE is the newest, FILE.1 the one before it, and so on.

/** Parts that are kept beside the one that is written. */
export const olderParts = 3

/** Part 0 is the file itself. */
export const partName = (file: string, part: number): string => (part === 0 ? file : `${file}.${part}`)

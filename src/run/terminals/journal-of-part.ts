// The journal of one part: two parts must not write one file, and each must find its own again.

import type { Share } from '../../base/share.js'

/** `pos.journal` → `pos.part-03-of-20.journal`. */
export function journalOfPart(file: string, { index, of }: Share): string {
  const part = `part-${String(index + 1).padStart(String(of).length, '0')}-of-${of}`
  const dot = /\.[^./\\]+$/.exec(file)?.index ?? file.length
  return `${file.slice(0, dot)}.${part}${file.slice(dot)}`
}

// Which transactions are meant: by retrieval reference number, or by terminal, trace number and batch.

import { editDistance } from '../../base/suggest.js'
import type { EvidenceLine } from '../../measure/evidence.js'

export interface EvidenceSelector {
  readonly rrn?: string | undefined
  readonly terminal?: string | undefined
  readonly stan?: string | undefined
  readonly batch?: string | undefined
}

/** Numbers may be given without their leading zeros. */
export function isSelected(line: EvidenceLine, { rrn, terminal, stan, batch }: EvidenceSelector): boolean {
  return (
    isSame(rrn, line.rrn) && isSame(terminal, line.terminal) && isSame(stan, line.stan) && isSame(batch, line.batch)
  )
}

function isSame(wanted: string | undefined, value: string | null): boolean {
  if (wanted === undefined) return true
  return value !== null && (value === wanted || plain(value) === plain(wanted))
}

const plain = (text: string) => (/^\d+$/.test(text) ? text.replace(/^0+(?=\d)/, '') : text)

/** In words, for errors. */
export function selectorText({ rrn, terminal, stan, batch }: EvidenceSelector): string {
  const parts = [
    ...(rrn === undefined ? [] : [`RRN ${rrn}`]),
    ...(terminal === undefined ? [] : [`terminal ${terminal}`]),
    ...(batch === undefined ? [] : [`batch ${batch}`]),
    ...(stan === undefined ? [] : [`STAN ${stan}`]),
  ]
  return parts.join(', ')
}

/** The values nearest to the one that is not there, while lines come one by one. */
export class Nearest {
  readonly #wanted: string
  readonly #most: number
  readonly #found: { readonly value: string; readonly distance: number }[] = []

  constructor(wanted: string, most = 3) {
    this.#wanted = wanted
    this.#most = most
  }

  add(value: string | null): void {
    const found = this.#found
    if (value === null || found.some((other) => other.value === value)) return
    const distance = editDistance(plain(this.#wanted), plain(value))
    if (distance > value.length / 2) return
    let place = found.length
    while (place > 0 && (found[place - 1]?.distance ?? 0) > distance) place--
    found.splice(place, 0, { value, distance })
    if (found.length > this.#most) found.pop()
  }

  get values(): readonly string[] {
    return this.#found.map(({ value }) => value)
  }
}

// The only source of chance: seeded, forkable by name, the same on every machine.

export interface Random {
  /** In [0, 1), 32 bits. */
  next(): number
  /** In [from, to). */
  between(from: number, to: number): number
  /** A whole number in [0, below). */
  below(below: number): number
  /** True with probability `share` (0 to 1). */
  chance(share: number): boolean
  /** Exponential with this mean: the gaps of a Poisson process. */
  exponential(mean: number): number
  /** Standard normal. */
  normal(): number
  /** A stream of its own, decided by this stream's seed and `name` alone, not by how much was drawn. */
  fork(name: string): Random
}

/** sfc32 (Chris Doty-Humphrey, PractRand), seeded from FNV-1a of the seed's text. */
export function createRandom(seed: number | string): Random {
  const text = String(seed)
  let a = hash(text, 0)
  let b = hash(text, 1)
  let c = hash(text, 2)
  let counter = 1

  const next = (): number => {
    const sum = (((a + b) | 0) + counter) | 0
    counter = (counter + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = ((c << 21) | (c >>> 11)) + sum
    c |= 0
    return (sum >>> 0) / 4_294_967_296
  }
  for (let warm = 0; warm < 12; warm++) next()

  return {
    next,
    between: (from, to) => from + (to - from) * next(),
    below: (below) => Math.floor(next() * below),
    chance: (share) => next() < share,
    exponential: (mean) => -mean * Math.log(1 - next()),
    // Box-Muller, one of the pair: keeping the other would make the stream depend on who asked before.
    normal: () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next()),
    fork: (name) => createRandom(`${text}/${name}`),
  }
}

/** A seed for a run whose user gave none; it is printed, so that the run can be repeated. */
export function freshSeed(): number {
  return Math.floor(Math.random() * 4_294_967_296)
}

function hash(text: string, salt: number): number {
  let value = (2_166_136_261 ^ (salt * 0x9e37_79b9)) | 0
  for (let index = 0; index < text.length; index++) {
    value ^= text.charCodeAt(index)
    value = Math.imul(value, 16_777_619)
  }
  return value | 0
}

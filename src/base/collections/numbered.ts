// Values by numbers that are given out in order, of which the newest come and go thousands of times a second.
//
// The newest stand in a ring of places, where coming and going allocates nothing. One that stays while as many new ones come as there
// are places moves over to a Map, so that a few that stay for hours cost no more than themselves.

export interface Numbered<Value> {
  readonly size: number
  get(number: number): Value | undefined
  /** A number that is there already gets the new value. */
  set(number: number, value: Value): void
  /** The value that was there; undefined: none was. */
  take(number: number): Value | undefined
  /** In the order of their numbers. */
  entries(): readonly (readonly [number: number, value: Value])[]
}

/** Numbers are whole, from 0 on. */
export function createNumbered<Value>(first: Iterable<readonly [number, Value]> = []): Numbered<Value> {
  const numbered = new Ring<Value>()
  for (const [number, value] of first) numbered.set(number, value)
  return numbered
}

const firstPlaces = 64
/** Some 16 MB. */
const mostPlaces = 1_048_576

class Ring<Value> implements Numbered<Value> {
  size = 0
  /** The number at each place; -1: none. As many as a power of two. */
  #numbers = emptyPlaces(firstPlaces)
  #values: (Value | undefined)[] = new Array(firstPlaces).fill(undefined)
  readonly #stayed = new Map<number, Value>()

  get(number: number): Value | undefined {
    const place = this.#placeOf(number)
    return this.#numbers[place] === number ? this.#values[place] : this.#stayed.get(number)
  }

  set(number: number, value: Value): void {
    let place = this.#placeOf(number)
    const there = this.#numbers[place] as number
    if (there !== number && this.#stayed.has(number)) {
      this.#stayed.set(number, value)
      return
    }
    if (there !== number) this.size++
    if (there >= 0 && there !== number) {
      if (this.size > this.#numbers.length / 2 && this.#numbers.length < mostPlaces) this.#grow()
      place = this.#placeOf(number)
      this.#moveOver(place)
    }
    this.#numbers[place] = number
    this.#values[place] = value
  }

  take(number: number): Value | undefined {
    const place = this.#placeOf(number)
    let value: Value | undefined
    if (this.#numbers[place] === number) {
      value = this.#values[place]
      this.#numbers[place] = -1
      this.#values[place] = undefined
    } else if (this.#stayed.size > 0) {
      value = this.#stayed.get(number)
      this.#stayed.delete(number)
    }
    if (value !== undefined) this.size--
    return value
  }

  entries(): readonly (readonly [number: number, value: Value])[] {
    const all = [...this.#stayed]
    for (const [place, number] of this.#numbers.entries())
      if (number >= 0) all.push([number, this.#values[place] as Value])
    return all.sort(([one], [other]) => one - other)
  }

  /** Whoever has the place leaves it for the Map. */
  #moveOver(place: number): void {
    const number = this.#numbers[place] as number
    if (number >= 0) this.#stayed.set(number, this.#values[place] as Value)
  }

  #grow(): void {
    const [numbers, values] = [this.#numbers, this.#values]
    const places = 2 * numbers.length
    this.#numbers = emptyPlaces(places)
    this.#values = new Array(places).fill(undefined)
    for (const [old, number] of numbers.entries()) {
      if (number < 0) continue
      // Numbers that had places of their own have them in a ring of twice the size.
      const place = this.#placeOf(number)
      this.#numbers[place] = number
      this.#values[place] = values[old]
    }
  }

  #placeOf(number: number): number {
    return number % this.#numbers.length
  }
}

/** Floats, since numbers of a journal may go beyond what 32 bits hold. */
const emptyPlaces = (places: number) => new Float64Array(places).fill(-1)

// Views that are lent: an object or a piece of a buffer that its owner uses again, valid until a moment that its description
// names. Code that keeps one reads another message's bytes, seldom and much later. With ISOCHRON_POISON_VIEWS set, as the tests
// set it, each lent view is spoilt at that moment, so that keeping one fails at once. Left unset, nothing here costs anything.

export const poisonsViews = process.env.ISOCHRON_POISON_VIEWS !== undefined

/** The byte that stands everywhere in bytes that are no longer valid: no digit in ASCII, EBCDIC or BCD. */
export const poison = 0xee

/** Lends one object at a time: whoever touches it after the next one was lent gets a TypeError. */
export function createLender<Thing extends object>(): (thing: Thing) => Thing {
  let takeBack = () => {}
  return (thing) => {
    takeBack()
    const { proxy, revoke } = Proxy.revocable<Thing>(thing, ownMethods)
    takeBack = revoke
    return proxy
  }
}

/** The same object with other methods in the place of some of its own. */
export function withMethods<Thing extends object>(thing: Thing, methods: Partial<Thing>): Thing {
  const { get } = ownMethods
  return new Proxy(thing, { get: (_, key) => Reflect.get(methods, key) ?? get(thing, key) })
}

/** A method runs on the object itself, whose private members a proxy does not have. */
const ownMethods = {
  get(thing: object, key: string | symbol): unknown {
    const value: unknown = Reflect.get(thing, key, thing)
    return typeof value === 'function' ? value.bind(thing) : value
  },
}

/** Lends a copy of the bytes for one call. */
export function lendBytes(bytes: Uint8Array, use: (lent: Uint8Array) => void): void {
  const lent = new Uint8Array(bytes)
  use(lent)
  lent.fill(poison)
}

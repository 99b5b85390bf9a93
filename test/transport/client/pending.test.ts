import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createPending, maxTombstones } from '../../../src/transport/client/pending.js'
import { createMatchKey } from '../../../src/transport/wire/match-key.js'
import { tinyCodec } from '../tiny-codec.js'

const matchKey = createMatchKey([11, 41])
const key = (mti: string, stan = '', terminal = '') =>
  matchKey.ofRequest(mti, (field) => (field === 11 ? stan : terminal))
const codec = tinyCodec()

describe('a match key', () => {
  const pairs = [
    { name: 'a request and its answer', request: '020011=000001;41=T1;', answer: '021011=000001;41=T1;39=00;' },
    { name: 'a repeat and its answer', request: '040111=000001;41=T1;', answer: '041011=000001;41=T1;' },
    { name: 'an echo without STAN', request: '082041=T1;', answer: '083041=T1;39=00;' },
  ]
  for (const { name, request, answer } of pairs) {
    test(`is the same for ${name}`, () => {
      const asked = codec.peek(Buffer.from(request))
      expect(matchKey.ofAnswer(codec.peek(Buffer.from(answer)))).toBe(matchKey.ofRequest(asked.mti, asked.text))
    })
  }
  test('tells classes apart: a reversal often has the STAN of its original', () => {
    expect(key('0400', '000001', 'T1')).not.toBe(key('0200', '000001', 'T1'))
  })
  test('never shows the value of a field that may hold card data', () => {
    const byPan = createMatchKey([2, 11])
    const text = byPan.describe(byPan.ofRequest('0200', (field) => (field === 2 ? '4111111111111111' : '000001')))
    expect(text).toBe('class 02, DE2 (hidden), DE11 000001')
  })
})

describe('pending exchanges', () => {
  const pendingWith = (...keys: string[]) => {
    const pending = createPending<{ key: string }>(matchKey)
    for (const one of keys) pending.start(pending.add({ key: one }), 0, 30)
    return pending
  }

  const matches = [
    {
      name: 'its equal',
      inFlight: [key('0200', '1', 'T1'), key('0200', '2', 'T1')],
      answer: key('0210', '2', 'T1'),
      finds: key('0200', '2', 'T1'),
    },
    {
      name: 'nothing when the STAN is another',
      inFlight: [key('0200', '1', 'T1')],
      answer: key('0210', '2', 'T1'),
      finds: undefined,
    },
    {
      name: 'nothing when the class is another',
      inFlight: [key('0400', '1', 'T1')],
      answer: key('0210', '1', 'T1'),
      finds: undefined,
    },
    {
      name: 'the only one that fits an answer without STAN',
      inFlight: [key('0820', '1', 'T1'), key('0200', '1', 'T1')],
      answer: key('0830', '', 'T1'),
      finds: key('0820', '1', 'T1'),
    },
    {
      name: 'the only one that fits an answer with nothing at all',
      inFlight: [key('0820', '1', 'T1')],
      answer: key('0830'),
      finds: key('0820', '1', 'T1'),
    },
    {
      name: 'a request without STAN for an answer that has one',
      inFlight: [key('0820', '', 'T1')],
      answer: key('0830', '7', 'T1'),
      finds: key('0820', '', 'T1'),
    },
    {
      name: 'nothing when two fit',
      inFlight: [key('0820', '1', 'T1'), key('0820', '2', 'T1')],
      answer: key('0830', '', 'T1'),
      finds: undefined,
    },
  ]
  for (const { name, inFlight, answer, finds } of matches) {
    test(`give an answer ${name}`, () => {
      const pending = pendingWith(...inFlight)
      expect(pending.take(answer)?.key).toBe(finds)
      expect(pending.size).toBe(inFlight.length - (finds === undefined ? 0 : 1))
    })
  }

  test('time out in the order of their deadlines, whatever their timeouts', () => {
    const pending = createPending<{ key: string }>(matchKey)
    pending.start(pending.add({ key: 'slow' }), 0, 100)
    pending.start(pending.add({ key: 'quick' }), 10, 20)
    pending.start(pending.add({ key: 'slow 2' }), 20, 100)
    expect(pending.nextDeadline()).toBe(30)
    expect(pending.expire(29)).toBeUndefined()
    expect(pending.expire(30)?.key).toBe('quick')
    expect(pending.nextDeadline()).toBe(100)
    expect([pending.expire(500)?.key, pending.expire(500)?.key, pending.expire(500)]).toEqual([
      'slow',
      'slow 2',
      undefined,
    ])
    expect(pending.nextDeadline()).toBe(Number.POSITIVE_INFINITY)
  })

  test('know a late answer from one that fits nothing, once', () => {
    const pending = pendingWith(key('0200', '1', 'T1'), key('0820', '9', 'T1'))
    while (pending.expire(30) !== undefined);
    expect(pending.take(key('0210', '1', 'T1'))).toBeUndefined()
    expect(pending.wasTimedOut(key('0210', '1', 'T1'))).toBe(true)
    expect(pending.wasTimedOut(key('0210', '1', 'T1'))).toBe(false)
    expect(pending.wasTimedOut(key('0830', '', 'T1'))).toBe(true)
    expect(pending.wasTimedOut(key('0210', '2', 'T1'))).toBe(false)
  })

  test('remember a limited number of timed-out keys, the latest', () => {
    const pending = createPending<{ key: string }>(matchKey)
    const stan = (index: number) => String(index).padStart(6, '0')
    for (let index = 0; index <= maxTombstones; index++)
      pending.start(pending.add({ key: key('0200', stan(index), 'T1') }), 0, 1)
    while (pending.expire(1) !== undefined);
    expect(pending.wasTimedOut(key('0210', stan(0), 'T1'))).toBe(false)
    expect(pending.wasTimedOut(key('0210', stan(1), 'T1'))).toBe(true)
  })

  const explanations = [
    {
      name: 'nothing in flight',
      inFlight: [],
      answer: key('0210', '1', 'T1'),
      says: 'answer with class 02, DE11 1, DE41 T1: no exchange is in flight on this connection',
    },
    {
      name: 'the field that differs',
      inFlight: [key('0200', '9', 'T2'), key('0200', '2', 'T1')],
      answer: key('0210', '1', 'T1'),
      says: 'answer with class 02, DE11 1, DE41 T1: nearest in flight has class 02, DE11 2, DE41 T1; there DE11 differs',
    },
    {
      name: 'several fields',
      inFlight: [key('0400', '2', 'T1')],
      answer: key('0210', '1', 'T1'),
      says: 'answer with class 02, DE11 1, DE41 T1: nearest in flight has class 04, DE11 2, DE41 T1; there class and DE11 differ',
    },
    {
      name: 'more than one that fits',
      inFlight: [key('0800', '2', 'T1'), key('0800', '3', 'T1')],
      answer: key('0810', '', 'T1'),
      says: 'answer with class 08, DE11 absent, DE41 T1: nearest in flight has class 08, DE11 2, DE41 T1; there more than one fits (with one in flight on a connection, --in-flight 1, only one does)',
    },
  ]
  for (const { name, inFlight, answer, says } of explanations) {
    test(`explain an answer that fits nothing: ${name}`, () =>
      expect(pendingWith(...inFlight).explain(answer)).toBe(says))
  }

  test('behave as a plain list would, whatever happens in whatever order', () => {
    const action = fc.record({
      do: fc.constantFrom('add', 'take', 'wait'),
      stan: fc.nat(8),
      timeout: fc.constantFrom(5, 20),
    })
    const property = fc.property(fc.array(action, { maxLength: 60 }), (actions) => {
      const pending = createPending<{ key: string }>(matchKey)
      let naive: { key: string; deadline: number }[] = []
      let now = 0
      for (const { do: verb, stan, timeout } of actions) {
        const one = key('0200', String(stan), 'T1')
        if (verb === 'add' && !pending.has(one)) {
          pending.start(pending.add({ key: one }), now, timeout)
          naive.push({ key: one, deadline: now + timeout })
        } else if (verb === 'take') {
          expect(pending.take(one) !== undefined).toBe(naive.some((entry) => entry.key === one))
          naive = naive.filter((entry) => entry.key !== one)
        } else {
          now += stan
          const due: string[] = []
          for (let item = pending.expire(now); item !== undefined; item = pending.expire(now)) due.push(item.key)
          expect(due.sort()).toEqual(
            naive
              .filter(({ deadline }) => deadline <= now)
              .map((entry) => entry.key)
              .sort(),
          )
          naive = naive.filter(({ deadline }) => deadline > now)
        }
        expect(pending.size).toBe(naive.length)
        expect(pending.nextDeadline()).toBe(
          Math.min(...naive.map(({ deadline }) => deadline), Number.POSITIVE_INFINITY),
        )
      }
    })
    fc.assert(property)
  })
})

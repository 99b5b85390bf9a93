// Oddities that are nobody's fault: in each of these all is timely but for a few, and nobody may be accused.

import { ms, oneOf, whole } from '../trial-data.js'
import type { OutsideKind } from './kind.js'
import { around, share } from './shop.js'

const healthy = (name: string, make: OutsideKind['make'], more: Partial<OutsideKind> = {}): OutsideKind => ({
  ...{ name, truth: 'healthy', watch: 'good', make },
  ...more,
})

export const healthyKinds: readonly OutsideKind[] = [
  healthy('nothing at all', () => ({ how: 'nothing' })),
  healthy('slow echoes', (random, { timelyMs }) => {
    const work = timelyMs * random.between(0.3, 0.6)
    return { how: `echoes take ${ms(work)}`, serve: (asked, usual) => (asked.isEcho ? { ms: work } : usual) }
  }),
  healthy('many declines', (random) => {
    const of = random.between(0.2, 0.5)
    const code = oneOf(random, ['51', '55', '05', '61'])
    return {
      how: `${share(of)} of the payments declined with ${code}`,
      serve: (asked, usual) => (asked.kind === 'financial' && random.chance(of) ? { ...usual, code } : usual),
    }
  }),
  healthy(
    'answers out of order',
    (random, { timelyMs }) => ({
      how: `answers take 5 ms to ${ms(timelyMs * 0.5)}, in any order`,
      serve: (asked, usual) => (asked.kind === 'network' ? usual : { ...usual, ms: random.between(5, timelyMs * 0.5) }),
    }),
    { wish: (random) => ({ connections: { shared: whole(random, 2, 4) } }) },
  ),
  healthy('a long tail', (random, { timelyMs }) => ({
    how: `one in thirty takes ${ms(timelyMs * 0.4)} or so`,
    serve: (asked, usual) =>
      asked.kind === 'financial' && random.chance(1 / 30)
        ? { ...usual, ms: around(random, timelyMs * 0.4, 1.5) }
        : usual,
  })),
  healthy('quiet hours', (random, { forMs }) => ({
    how: 'one payment now and then',
    scenario: {
      load: [{ hold: { rate: `${random.between(1, 3).toFixed(1)}/s`, for: ms(forMs), arrivals: 'poisson' } }],
    },
  })),
  healthy('packets overtake each other', (random, { latencyMs, timelyMs }) => ({
    how: 'packets take their time as they like',
    carry: () => latencyMs + random.between(0, timelyMs * 0.08),
  })),
  healthy('some loss', (random) => {
    const of = random.between(0.005, 0.02)
    return { how: `${share(of)} of the packets lost`, carry: (_packet, usual) => (random.chance(of) ? 'lost' : usual) }
  }),
  healthy(
    'closes after each answer',
    () => ({
      how: 'closes the connection after each answer',
      serve: (asked, usual) => ({ ...usual, close: asked.kind === 'financial' }),
    }),
    { wish: () => ({ connections: 'perTransaction' as const }) },
  ),
  healthy('late but timely', (random, { timelyMs }) => {
    const work = timelyMs * random.between(0.4, 0.55)
    return {
      how: `every payment takes ${ms(work)}`,
      serve: (asked, usual) => (asked.kind === 'financial' ? { ...usual, ms: around(random, work, 1.1) } : usual),
    }
  }),
]

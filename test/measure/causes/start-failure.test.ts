// A run in which nobody could sign on has a cause, as far as connections and refusals tell.

import { expect, test } from 'vitest'
import { causeOfStart, type StartFailure } from '../../../src/measure/causes/start-failure.js'
import { sentenceIn } from '../../../src/report/words/sentences.js'

const failure = (reasons: Record<string, number>, more: Partial<StartFailure> = {}): StartFailure => ({
  failures: new Map(Object.entries(reasons)),
  connectMs: [],
  isStrayed: false,
  ...more,
})

test.each([
  ['a host that accepts and never answers', failure({ 'no answer': 4 }, { connectMs: [1, 2, 3] }), 'host-down'],
  ['a port on which nobody listens', failure({ ECONNREFUSED: 4 }), 'host-down'],
  ['sign-ons that are refused', failure({ 'declined with 77': 4 }, { connectMs: [1] }), 'sign-on'],
  ['bytes that are no answer', failure({ 'no answer': 4 }, { connectMs: [1], isStrayed: true }), 'terminal-setup'],
  ['silence of which not even a connection is known', failure({ 'no answer': 4 }), undefined],
  ['what says it all by itself', failure({ 'the certificate of the host has expired': 4 }), undefined],
  ['nothing at all', failure({}), undefined],
])('%s', (_, given, cause) => {
  const found = causeOfStart(given)
  expect(found?.cause).toBe(cause)
  for (const sentence of found?.evidence ?? []) expect(sentenceIn('zh', sentence)).not.toBe(sentence)
})

// The minute's file of a run with several generators.

import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test, vi } from 'vitest'
import type { PartRecord } from '../../../src/measure/part-record.js'
import { createJoinedCheckpoint } from '../../../src/run/workers/joined-checkpoint.js'
import { sample } from '../../report/sample-result.js'

const folder = mkdtempSync(join(tmpdir(), 'isochron-test-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const file = join(folder, 'checkpoint.json')
const part = (index: number, planned: number) => ({ share: { index, of: 3 }, planned }) as PartRecord
const written = () => JSON.parse(readFileSync(file, 'utf8'))
const settled = () => new Promise(setImmediate)

test('it holds what every generator that lives has told in this minute, and the last word of one that died', async () => {
  const checkpoint = createJoinedCheckpoint({
    ...{ folder, generators: 3, say: () => {} },
    *resultOf(parts) {
      const offered = parts.reduce((sum, { planned }) => sum + (planned ?? 0), 0)
      return { result: { ...sample, offered }, rows: () => sample.timeline }
    },
  })
  checkpoint.add(part(0, 1))
  checkpoint.add(part(2, 100))
  await settled()
  expect(existsSync(file)).toBe(false)
  checkpoint.add(part(1, 10))
  await vi.waitFor(() => expect(written()).toMatchObject({ offered: 111, causes: null }))
  checkpoint.ended(2)
  checkpoint.add(part(1, 20))
  checkpoint.add(part(0, 2))
  await vi.waitFor(() => expect(written().offered).toBe(122))
  await checkpoint.close()
  rmSync(file)
  checkpoint.add(part(0, 3))
  checkpoint.add(part(1, 30))
  await settled()
  expect(existsSync(file)).toBe(false)
})

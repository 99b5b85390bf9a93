// Every command, with canaries in all that can get into it: nothing that comes out may give one away.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { commandNames } from '../../src/cli/command-table.js'
import { leaksIn } from './canaries.js'
import { asWords, carriersOf } from './carriers.js'
import type { Output } from './inputs.js'

const folder = mkdtempSync(join(tmpdir(), 'canaries-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function expectNoLeak(outputs: readonly Output[]): void {
  const leaks = outputs.flatMap(([name, text]) => leaksIn(text).map((leak) => `${name}: ${leak}`))
  expect(leaks.slice(0, 40)).toEqual([])
}

test('says of every command what carries a canary into it', () => {
  expect(Object.keys(carriersOf).toSorted()).toEqual(commandNames.toSorted())
})

describe.each([...commandNames])('%s gives none away', (command) => {
  test('of what it was told in words', async () => expectNoLeak(await asWords(command, folder)))
  test('of what it reads, serves or writes', async () => {
    const outputs = (await carriersOf[command]?.(folder)) ?? []
    expectNoLeak(outputs)
  })
})

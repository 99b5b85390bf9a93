// Messages that peers packed are read and packed to the same bytes, and each of their specs runs every flow; `npm run bench -- peers`
// does the same with more, over TCP.

import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { frameRows, messageRows, peersFolder } from '../../bench/peers/peer-rows.js'
import { runWithSpec } from '../../bench/peers/peer-runs.js'

const folder = peersFolder(fileURLToPath(new URL('../..', import.meta.url)))
const messages = messageRows(folder)

describe('what a peer packed is decoded, packed again and packed from its values to equal bytes:', () => {
  test.each([...messages, ...frameRows(folder)])('$peer, $spec', ({ messages: all, ...row }) => {
    expect(row).toMatchObject({ decoded: all, repacked: all, packed: all })
    expect(row.trouble).toBeUndefined()
  })
})

describe('a terminal and an acquirer with the spec alone approve everything, settle, and their books agree:', () => {
  test.each(messages.map(({ spec }) => spec))('%s', async (spec) => {
    const row = await runWithSpec({ folder, spec, transactions: 150, clock: 'virtual' })
    expect(row).toMatchObject({ offered: 150, approved: 150, unsettled: 0, booksAgree: true })
  })
})

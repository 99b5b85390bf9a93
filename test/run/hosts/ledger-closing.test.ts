// A ledger that cannot be tidied when its host ends: the host is told, and its counts are not lost.

import { join } from 'node:path'
import { expect, test } from 'vitest'
import { acquirerSchema } from '../../../src/acquirer/options.js'
import { createVirtualClock } from '../../../src/base/virtual-clock.js'
import { createZone } from '../../../src/base/zone.js'
import { compile } from '../../../src/codec/compile.js'
import { builtInDialect } from '../../../src/codec/dialects/index.js'
import { openLedgerAt } from '../../../src/run/hosts/acquirer-money.js'
import { createLedgerFile } from '../../../src/run/hosts/ledger-file.js'
import { query, temporaryFolder } from '../../acquirer/ledger/books.js'

test('a ledger whose disk takes nothing more is closed, and the trouble is told with its file', async () => {
  using folder = temporaryFolder()
  using file = createLedgerFile({ file: join(folder.path, 'books.sqlite'), durability: 'process' })
  const codec = compile(builtInDialect('iso87-ascii'))
  const troubles: string[] = []
  const setup = {
    ...{ codec, options: acquirerSchema.parse({}), clock: createVirtualClock(0), zone: createZone('Asia/Shanghai') },
    ...{ ledger: file.place, onTrouble: (line: string) => void troubles.push(line) },
  }
  const ledger = await openLedgerAt(file.place, setup, codec.dialect)
  query(ledger, 'PRAGMA query_only = ON')
  await ledger.close()
  expect(troubles).toEqual([expect.stringContaining(`all postings are in it: ${file.place.file}: the file or`)])
  // The lock of the process that could not remove it does not keep the next one out.
  const again = await openLedgerAt(file.place, setup, codec.dialect)
  await again.close()
  expect(troubles).toHaveLength(1)
})

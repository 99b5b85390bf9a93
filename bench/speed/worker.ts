// One measuring process: reads its job, does it, says the figures to its parent and ends.

import type { AddressInfo, Server } from 'node:net'
import { acquirerSchema } from '../../src/acquirer/options.js'
import { createLedgerFile } from '../../src/run/hosts/ledger-file.js'
import { startAcquirer } from '../../src/run/hosts/start-acquirer.js'
import { driveEcho, startEcho } from './echo.js'
import type { MeasuredJob, MeasureJob, PeerJob } from './job.js'
import { paceNothing } from './pace-nothing.js'
import { driveSales } from './raw-client.js'
import { startRawHost } from './raw-host.js'
import { frameBytes, measuredDialect, measuredSpeaker } from './shapes.js'
import { measureClosed, measureOpen } from './terminals.js'

const job = JSON.parse(process.argv[2] ?? '{}') as PeerJob | MeasureJob
// A parent that is gone asks for nothing any more.
process.once('disconnect', () => process.exit())

switch (job.do) {
  case 'echoServer':
    listen(startEcho(frameBytes(measuredSpeaker())))
    break
  case 'rawHost':
    listen(startRawHost())
    break
  case 'acquirer':
    await serveAcquirer()
    break
  default:
    process.send?.(await measured(job), () => process.exit())
}

async function measured(job: MeasureJob): Promise<MeasuredJob> {
  if (job.do === 'closed') return measureClosed(job)
  if (job.do === 'open') return measureOpen(job)
  if (job.do === 'nothing') return paceNothing(job)
  const flow = { warmupMs: 1000, measureMs: job.seconds * 1000 }
  return job.do === 'echo'
    ? driveEcho(job.port, job.shape, frameBytes(measuredSpeaker()), flow)
    : driveSales(job.port, job.shape, flow)
}

function listen(server: Server): void {
  server.listen(0, '127.0.0.1', () => process.send?.({ port: (server.address() as AddressInfo).port }))
}

async function serveAcquirer(): Promise<void> {
  const ledger = createLedgerFile({ file: undefined, run: undefined, durability: 'process' })
  process.once('SIGTERM', () => {
    ledger[Symbol.dispose]()
    process.exit()
  })
  const { address } = await startAcquirer({
    dialect: measuredDialect,
    listen: { host: '127.0.0.1', port: 0 },
    acquirer: { ...acquirerSchema.parse({}), durability: 'process' },
    seed: 1,
    ledger: ledger.place,
  })
  process.send?.({ port: address.port })
}

// A run that three servers keep. Under load each of them is killed and comes back, one after the other, and nothing is lost.

import { join } from 'node:path'
import { realClock, sleep } from '../../src/base/clock.js'
import { start, wait } from '../crash/processes.js'
import { freePort } from './free-port.js'
import {
  type Checks,
  checkWhole,
  natsEndOf,
  parts,
  resultOf,
  type Setting,
  underLoad,
  writeScenario,
} from './nats-run.js'
import { createNats, type NatsServer } from './nats-server.js'

const size = 3

export async function threeServers(setting: Setting, name: string, checks: Checks): Promise<string> {
  const servers = await cluster()
  if (servers === undefined) return 'left out'
  const { program, folder } = setting
  const { file, files } = writeScenario(setting, name)
  const on = ['--on', servers.map(({ port }) => `nats://127.0.0.1:${port}`).join(','), '--run', name, '--wait', '60s']
  try {
    const flags = ['--bus-replicas', String(size), '--out', join(folder, name, 'out'), '--allow-saturated']
    const coordinator = start(program, ['run', file, ...on, '--parts', String(parts), ...flags])
    await wait(coordinator, 'the stream', () => (coordinator.text().includes('waiting for') ? true : undefined), 60_000)
    const worker = ['worker', ...on, '--files', files, '--pacing', 'economy']
    const workers = Array.from({ length: parts }, () => start(program, worker))
    const running = { setting, name, coordinator, workers }
    await underLoad(running)
    for (const server of servers) {
      await server.kill()
      await sleep(realClock, 500)
      await server.start()
      await sleep(realClock, 1500)
    }
    const codes = await natsEndOf([coordinator, ...workers])
    const { replicas, outages } = resultOf(running)?.bus ?? {}
    checks.check(replicas === size, `${replicas} servers are said to have kept the run`)
    return `${checkWhole(running, codes, checks)}; kept by ${replicas}; outages ${JSON.stringify(outages)}`
  } finally {
    await Promise.all(servers.map((server) => server.remove()))
  }
}

/** Each knows the routes to all. JetStream needs a moment to choose who leads. */
async function cluster(): Promise<readonly NatsServer[] | undefined> {
  const routes = await Promise.all(Array.from({ length: size }, freePort))
  const urls = routes.map((port) => `nats://127.0.0.1:${port}`).join(', ')
  const servers: NatsServer[] = []
  for (const [index, port] of routes.entries()) {
    const server = await createNats(
      (folder) => `server_name: s${index}
jetstream { store_dir: "${folder}/js" }
cluster { name: isochron, listen: "127.0.0.1:${port}", routes: [${urls}] }`,
    )
    if (server === undefined) return undefined
    servers.push(server)
  }
  await sleep(realClock, 4000)
  return servers
}

// Runs of several worker processes on a real nats-server: each is killed, frozen, doubled or lied to. Rule: what was planned is
// offered, whole is said where nothing was lost and nowhere else, and no card number is ever on the bus.

import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { realClock, sleep } from '../../src/base/clock.js'
import type { Result } from '../../src/measure/result.js'
import { kill, type Process, start, wait } from '../crash/processes.js'
import { fleet, interruptedRun } from './nats-fleet.js'
import { credsLogin, nkeyLogin } from './nats-login.js'
import { restricted } from './nats-rights.js'
import {
  type Checks,
  checkOffered,
  checkWhole,
  natsEndOf,
  pans,
  resultOf,
  type Setting,
  startRun,
  startWorker,
  underLoad,
  urlOf,
  writeScenario,
} from './nats-run.js'
import { createNats } from './nats-server.js'
import { threeServers } from './nats-three.js'
import { createSniffer } from './sniffer.js'
import { type ClusterPart, createChecks } from './trial.js'

interface Trial {
  readonly name: string
  readonly run: (setting: Setting, name: string, checks: Checks) => Promise<string>
}

export async function natsPart(program: string): Promise<ClusterPart> {
  const server = await createNats()
  if (server === undefined)
    return { missing: 'nats-server: apt-get install nats-server', trials: [], close: async () => {} }
  const folder = mkdtempSync(join(tmpdir(), 'isochron-bus-'))
  const host = start(program, ['acquirer', '--listen', '127.0.0.1:0', '--dialect', 'iso87-ascii'])
  const target = await wait(host, 'the acquirer', () => /listening on (\S+:\d+)/.exec(host.text())?.[1])
  const setting = { program, server, folder, target }
  return {
    missing: undefined,
    trials: trials.map(({ name, run }, index) => ({
      name,
      run: async () => {
        const checks = createChecks()
        const seen = await run(setting, `trial-${index}`, checks)
        return { problems: checks.problems, seen }
      },
    })),
    close: async () => {
      await kill(host)
      await server.remove()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

const trials: readonly Trial[] = [
  { name: 'a whole run, and nobody sees a card', run: wholeRun },
  { name: 'kill -9 of a worker', run: killWorker },
  { name: 'kill -9 of the server', run: killServer },
  { name: 'kill -9 of the coordinator, then --resume', run: killCoordinator },
  { name: 'Ctrl-C at the coordinator', run: interruptedRun },
  { name: 'a fleet that stays up for two runs', run: fleet },
  { name: 'SIGSTOP of a worker for 4 s', run: freezeWorker },
  { name: 'a part that is taken, a part that there is not', run: doublePart },
  { name: 'other cards than the coordinator', run: otherCards },
  { name: 'a bus without room', run: fullStore },
  { name: 'a wall clock 37 s ahead', run: wrongClock },
  { name: 'a worker with the rights of the guide', run: restricted },
  { name: 'logged in with the seed of an nkey', run: nkeyLogin },
  { name: 'logged in with the credentials file of an operator', run: credsLogin },
  { name: 'three servers keep the run, each is killed once', run: threeServers },
]

async function wholeRun(setting: Setting, name: string, checks: Checks): Promise<string> {
  const sniffer = await createSniffer(urlOf(setting.server.port))
  const running = startRun(setting, name)
  const codes = await natsEndOf([running.coordinator, ...running.workers])
  const { messages, cards } = await sniffer.stop(pans)
  checks.check(messages > 20, `the sniffer heard ${messages} messages`)
  checks.check(cards === 0, `${cards} messages hold a card number`)
  const uncertain = Math.max(...(resultOf(running)?.parts ?? []).map(({ clock }) => clock?.uncertaintyMs ?? 1e9))
  checks.check(uncertain < 50, `the start is only exact to ${uncertain} ms`)
  return `${checkWhole(running, codes, checks)}; ${messages} messages seen, ${cards} with a card; start exact to ${uncertain.toFixed(1)} ms`
}

async function killWorker(setting: Setting, name: string, checks: Checks): Promise<string> {
  const running = startRun(setting, name)
  await underLoad(running)
  await kill(running.workers[1] as Process)
  const [code] = await natsEndOf([running.coordinator])
  const result = resultOf(running)
  checks.check(code === 3, `exit ${code}, expected 3`)
  if (!checkOffered(result, checks)) return 'no result'
  const lost = result.parts?.filter((part) => part.lost !== null) ?? []
  checks.check(result.whole === false && lost.length === 1, `${lost.length} parts are said to be lost`)
  checks.check(running.coordinator.text().includes('NOT WHOLE'), 'the first line does not say NOT WHOLE')
  checks.check(result.outcomes.unsent > 0, 'arrivals of the lost part are not unsent')
  return `exit ${code}; ${result.outcomes.unsent} unsent, ${result.outcomes.failed} in doubt: ${lost[0]?.lost}`
}

async function killServer(setting: Setting, name: string, checks: Checks): Promise<string> {
  const running = startRun(setting, name)
  await underLoad(running)
  await setting.server.kill()
  await sleep(realClock, 2500)
  await setting.server.start()
  const codes = await natsEndOf([running.coordinator, ...running.workers])
  const outages = resultOf(running)?.bus?.outages ?? []
  checks.check(outages.length > 0, 'the result does not tell the outage of the bus')
  return `${checkWhole(running, codes, checks)}; outages ${JSON.stringify(outages)}`
}

async function killCoordinator(setting: Setting, name: string, checks: Checks): Promise<string> {
  const running = startRun(setting, name)
  await underLoad(running)
  await kill(running.coordinator)
  const codes = await natsEndOf(running.workers)
  const { program, server, folder } = setting
  const out = ['--out', join(folder, name, 'out'), '--allow-saturated', '--files', running.files]
  const resumed = start(program, ['run', '--on', urlOf(server.port), '--resume', name, ...out])
  const code = await resumed.ended
  return checkWhole({ ...running, coordinator: resumed }, [...codes, code], checks)
}

async function freezeWorker(setting: Setting, name: string, checks: Checks): Promise<string> {
  const running = startRun(setting, name, ['--lost-after', '3s'])
  await underLoad(running)
  const worker = running.workers[0] as Process
  worker.child.kill('SIGSTOP')
  await sleep(realClock, 4000)
  worker.child.kill('SIGCONT')
  const codes = await natsEndOf([running.coordinator, ...running.workers])
  const late = resultOf(running)?.responseTime.max ?? 0
  checks.check(late > 2000, `the slowest took ${late} ms: the pause is not in the figures`)
  return `${checkWhole(running, codes, checks)}; slowest ${Math.round(late)} ms`
}

async function doublePart(setting: Setting, name: string, checks: Checks): Promise<string> {
  const { program, server } = setting
  const { file, files } = writeScenario(setting, name)
  const bus = ['--on', urlOf(server.port), '--run', name, '--parts', '2', '--wait', '60s']
  const coordinator = start(program, ['run', file, ...bus, '--allow-saturated'])
  const first = startWorker(setting, name, files, ['--part', '1'])
  await wait(first, 'the first worker', () => (/part 1 of 2/.test(first.text()) ? true : undefined), 60_000)
  const [second, seventh] = [
    ['--part', '1'],
    ['--part', '7'],
  ].map((flags) => startWorker(setting, name, files, flags))
  const codes = await natsEndOf([second as Process, seventh as Process])
  checks.check(codes.join() === '5,5', `exit codes are ${codes.join()}, expected 5 and 5`)
  checks.check(second?.text().includes('part 1 is taken by') === true, `said: ${second?.text()}`)
  checks.check(seventh?.text().includes('there is no part 7') === true, `said: ${seventh?.text()}`)
  const last = startWorker(setting, name, files)
  const others = await natsEndOf([coordinator, first, last])
  checks.check(others.join() === '0,0,0', `the run with the right workers ended with ${others.join()}`)
  return `refused with ${codes.join(' and ')}; the run itself with ${others.join()}`
}

async function otherCards(setting: Setting, name: string, checks: Checks): Promise<string> {
  const { program, server, folder } = setting
  const { file } = writeScenario(setting, name)
  const others = join(folder, name, 'others')
  mkdirSync(others)
  writeFileSync(join(others, 'cards.csv'), `pan,expiry\n${pans[0]},2912\n`)
  const bus = ['--on', urlOf(server.port), '--run', name, '--parts', '1', '--wait', '20s']
  const coordinator = start(program, ['run', file, ...bus])
  const worker = startWorker(setting, name, others)
  const code = await worker.ended
  checks.check(code === 5, `exit ${code}, expected 5: ${worker.text()}`)
  checks.check(worker.text().includes('another one than the coordinator'), `said: ${worker.text()}`)
  const end = await coordinator.ended
  checks.check(
    end === 5 && coordinator.text().includes('part 1'),
    `the coordinator ended with ${end}: ${coordinator.text()}`,
  )
  return `worker exit ${code}, coordinator exit ${end}`
}

async function fullStore(setting: Setting, name: string, checks: Checks): Promise<string> {
  const server = await createNats((folder) => `jetstream { store_dir: "${folder}/js", max_file_store: 8MB }`)
  if (server === undefined) return 'left out'
  try {
    const { coordinator, workers } = startRun({ ...setting, server }, name)
    const code = await coordinator.ended
    checks.check(code === 5, `exit ${code}, expected 5`)
    checks.check(/needs \d+ MiB .*max_file_store/.test(coordinator.text()), `said: ${coordinator.text()}`)
    await Promise.all(workers.map(kill))
    return `exit ${code}: ${/it needs.*/.exec(coordinator.text())?.[0]}`
  } finally {
    await server.remove()
  }
}

async function wrongClock(setting: Setting, name: string, checks: Checks): Promise<string> {
  const library = faketime()
  if (library === undefined) return 'left out, this machine has no libfaketime: apt-get install faketime'
  const { program, server, folder } = setting
  const { file, files } = writeScenario(setting, name)
  const bus = ['--on', urlOf(server.port), '--run', name, '--parts', '2', '--wait', '60s']
  const coordinator = start(program, ['run', file, ...bus, '--out', join(folder, name, 'out'), '--allow-saturated'])
  const environment = {
    LD_PRELOAD: library,
    FAKETIME: '+37s',
    FAKETIME_DONT_FAKE_MONOTONIC: '1',
    DONT_FAKE_MONOTONIC: '1',
  }
  const flags = [
    'worker',
    '--on',
    urlOf(server.port),
    '--run',
    name,
    '--files',
    files,
    '--pacing',
    'economy',
    '--part',
    '1',
  ]
  const ahead = start(program, flags, environment)
  const right = startWorker(setting, name, files, ['--part', '2'])
  const codes = await natsEndOf([coordinator, ahead, right])
  checks.check(codes.join() === '0,0,0', `exit codes are ${codes.join()}: ${coordinator.text().slice(-500)}`)
  const result = JSON.parse(readFileSync(join(folder, name, 'out', 'result.json'), 'utf8')) as Result
  const offset = result.parts?.[0]?.clock?.offsetMs ?? 0
  checks.check(Math.abs(offset + 37_000) < 500, `its clock is said to be ${Math.round(-offset)} ms ahead`)
  const skew = Math.max(...(result.parts ?? []).map(({ startSkewMs }) => startSkewMs ?? 1e9))
  checks.check(result.whole === true && skew < 200, `whole is ${result.whole}, the parts began ${skew} ms apart`)
  return `offset ${offset.toFixed(1)} ms, start ${skew.toFixed(1)} ms apart`
}

function faketime(): string | undefined {
  const folder = '/usr/lib/x86_64-linux-gnu/faketime'
  const file = existsSync(folder) ? readdirSync(folder).find((name) => /^libfaketime\.so/.test(name)) : undefined
  return file === undefined ? undefined : join(folder, file)
}

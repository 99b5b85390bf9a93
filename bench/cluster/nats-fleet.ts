// A fleet of workers that stays up over several runs of one name, and Ctrl-C at the coordinator.

import { start } from '../crash/processes.js'
import {
  type Checks,
  checkWhole,
  natsEndOf,
  parts,
  resultOf,
  type Setting,
  startCoordinator,
  startRun,
  startWorker,
  underLoad,
  urlOf,
  writeScenario,
} from './nats-run.js'

/** The load ends everywhere, and what was measured is reported. */
export async function interruptedRun(setting: Setting, name: string, checks: Checks): Promise<string> {
  const running = startRun(setting, name)
  await underLoad(running)
  running.coordinator.child.kill('SIGINT')
  const [code, ...workers] = await natsEndOf([running.coordinator, ...running.workers])
  const result = resultOf(running)
  checks.check(code === 130, `exit ${code}, expected 130`)
  checks.check(workers.join() === '0,0,0', `the workers ended with ${workers.join()}`)
  checks.check(result?.interrupted === true, `interrupted is ${result?.interrupted}`)
  const ended = Object.values(result?.outcomes ?? {}).reduce((sum, count) => sum + count, 0)
  checks.check(result !== undefined && result.outcomes.approved > 0, 'nothing was approved')
  checks.check(ended === result?.offered, `outcomes add up to ${ended}, offered are ${result?.offered}`)
  return `exit ${code}; ${result?.outcomes.approved} of ${result?.offered} approved until then`
}

/** The same workers make two runs of one name; the second takes the place of the first, which has ended. */
export async function fleet(setting: Setting, name: string, checks: Checks): Promise<string> {
  const { files } = writeScenario(setting, name)
  const workers = Array.from({ length: parts }, () => startWorker(setting, name, files, ['--again']))
  const seen: string[] = []
  for (const more of [[], ['--force']]) {
    const running = startCoordinator(setting, name, more)
    seen.push(checkWhole(running, await natsEndOf([running.coordinator]), checks))
  }
  const resume = ['--resume', name, '--files', files, '--allow-saturated', '--quiet']
  const again = start(setting.program, ['run', '--on', urlOf(setting.server.port), ...resume])
  checks.check((await again.ended) === 0, `the last run cannot be taken up: ${again.text().slice(-300)}`)
  for (const worker of workers) worker.child.kill('SIGINT')
  const codes = await natsEndOf(workers)
  checks.check(codes.join() === '130,130,130', `the workers ended with ${codes.join()}`)
  return seen.join('; ')
}

// Runs whose workers a real Slurm starts: with srun, and with the array that `worker --print slurm` prints; one of them is cancelled.

import { execFileSync, spawn } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { kill, type Process, start, wait } from '../crash/processes.js'
import {
  checkOffered,
  checkWhole,
  natsEndOf,
  parts,
  resultOf,
  type Setting,
  startCoordinator,
  underLoad,
  urlOf,
} from './nats-run.js'
import { createNats } from './nats-server.js'
import { createSlurm, type SlurmCluster, slurmMissing } from './slurm-cluster.js'
import { type ClusterPart, createChecks } from './trial.js'

type Checks = ReturnType<typeof createChecks>

export async function slurmPart(program: string): Promise<ClusterPart> {
  const missing = slurmMissing()
  const server = missing === undefined ? await createNats() : undefined
  if (server === undefined) return { missing: missing ?? 'nats-server', trials: [], close: async () => {} }
  const slurm = await createSlurm().catch((error: Error) => error)
  if (slurm instanceof Error) {
    await server.remove()
    return { missing: `Slurm that runs: ${slurm.message}`, trials: [], close: async () => {} }
  }
  const folder = mkdtempSync(join(tmpdir(), 'isochron-jobs-'))
  const host = start(program, ['acquirer', '--listen', '127.0.0.1:0', '--dialect', 'iso87-ascii'])
  const target = await wait(host, 'the acquirer', () => /listening on (\S+:\d+)/.exec(host.text())?.[1])
  const setting = { program, server, folder, target }
  const trial = (name: string, run: (setting: Setting, slurm: SlurmCluster, checks: Checks) => Promise<string>) => ({
    name,
    run: async () => {
      const checks = createChecks()
      return { seen: await run(setting, slurm, checks), problems: checks.problems }
    },
  })
  return {
    missing: undefined,
    trials: [trial('srun', withSrun), trial('an array, one of it cancelled', withArray)],
    close: async () => {
      await kill(host)
      await slurm.remove()
      await server.remove()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

async function withSrun(setting: Setting, { environment }: SlurmCluster, checks: Checks): Promise<string> {
  const running = startCoordinator(setting, 'srun')
  const flags = ['--on', urlOf(setting.server.port), '--run', 'srun', '--files', running.files, '--pacing', 'economy']
  const child = spawn('srun', [`-n${parts}`, '-O', process.execPath, setting.program, 'worker', ...flags], {
    env: environment,
    stdio: 'ignore',
  })
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve))
  const codes = [await running.coordinator.ended, await ended]
  return checkWhole({ ...running, workers: [] }, codes, checks)
}

async function withArray(setting: Setting, { environment }: SlurmCluster, checks: Checks): Promise<string> {
  const { program, server, folder } = setting
  const running = startCoordinator(setting, 'array')
  const bin = join(folder, 'bin')
  mkdirSync(bin)
  symlinkSync(program, join(bin, 'isochron'))
  const flags = ['worker', '--print', 'slurm', '--parts', String(parts), '--on', urlOf(server.port), '--run', 'array']
  const printed = execFileSync(process.execPath, [program, ...flags]).toString()
  const file = join(folder, 'array.sbatch')
  // Each user puts in where cards are, as the file's comment says.
  writeFileSync(file, printed.replace(' --keep', ` --files '${running.files}' --pacing economy --keep`))
  chmodSync(file, 0o755)
  const env = { ...environment, PATH: `${bin}${delimiter}${environment.PATH}` }
  const job = execFileSync('sbatch', ['--parsable', file], { env, cwd: folder }).toString().trim()
  await underLoad(running)
  execFileSync('scancel', ['--signal=KILL', `${job}_1`], { env })
  const [code] = await natsEndOf([running.coordinator as Process])
  const result = resultOf(running)
  checks.check(code === 3, `exit ${code}, expected 3: ${running.coordinator.text().slice(-500)}`)
  if (!checkOffered(result, checks)) return 'no result'
  const lost = result.parts?.filter((part) => part.lost !== null).map(({ part }) => part) ?? []
  checks.check(lost.join() === '2', `lost are parts ${lost.join()}, cancelled was part 2`)
  return `exit ${code}, lost is part ${lost.join()}; ${result.outcomes.unsent} unsent`
}

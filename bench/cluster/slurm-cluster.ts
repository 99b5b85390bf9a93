// A Slurm of this machine for a test: munged, slurmctld and two slurmd in a temporary folder, on free loopback ports. It needs root.

import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { realClock, sleep } from '../../src/base/clock.js'
import { freePort } from './free-port.js'

export interface SlurmCluster {
  /** For srun, sbatch and scancel. */
  readonly environment: NodeJS.ProcessEnv
  /** Idempotent. */
  remove(): Promise<void>
}

const patienceMs = 30_000
const programs = ['/usr/sbin/munged', '/usr/sbin/slurmctld', '/usr/sbin/slurmd', '/usr/bin/srun']

/** In words, what keeps Slurm from running here; undefined: nothing does. */
export function slurmMissing(): string | undefined {
  if (!programs.every((program) => existsSync(program))) return 'Slurm: apt-get install slurm-wlm'
  return process.getuid?.() === 0 ? undefined : 'right to run slurmd, which needs root'
}

/** Rejects when its nodes do not come up. */
export async function createSlurm(): Promise<SlurmCluster> {
  const folder = mkdtempSync(join(tmpdir(), 'isochron-slurm-'))
  for (const name of ['state', 'spool']) mkdirSync(join(folder, name))
  const ports = [await freePort(), await freePort(), await freePort()]
  const config = join(folder, 'slurm.conf')
  writeFileSync(config, configuration(folder, ports))
  writeFileSync(join(folder, 'munge.key'), randomBytes(1024), { mode: 0o400 })
  const files = [
    'key-file=munge.key',
    'socket=munge.socket',
    'pid-file=munged.pid',
    'log-file=munged.log',
    'seed-file=seed',
  ]
  const munge = files.map((file) => `--${file.replace('=', `=${folder}/`)}`)
  const running: ChildProcess[] = []
  const run = (program: string, args: readonly string[]) => running.push(spawn(program, args, { stdio: 'ignore' }))
  const remove = async () => {
    for (const child of running.splice(0).reverse()) {
      child.kill('SIGTERM')
      await Promise.race([new Promise((resolve) => child.once('exit', resolve)), sleep(realClock, 5000)])
      child.kill('SIGKILL')
    }
    rmSync(folder, { recursive: true, force: true })
  }
  run('/usr/sbin/munged', ['--foreground', '--force', ...munge])
  await sleep(realClock, 500)
  run('/usr/sbin/slurmctld', ['-D', '-f', config])
  for (const node of ['n1', 'n2']) run('/usr/sbin/slurmd', ['-D', '-f', config, '-N', node])
  const environment = { ...process.env, SLURM_CONF: config }
  const until = realClock.now() + patienceMs
  while (!isIdle(environment)) {
    if (realClock.now() > until) {
      await remove()
      throw new Error('the nodes of Slurm do not come up')
    }
    await sleep(realClock, 300)
  }
  return { environment, remove }
}

function isIdle(env: NodeJS.ProcessEnv): boolean {
  try {
    return execFileSync('sinfo', ['-h', '-o', '%D %t'], { env, stdio: 'pipe' }).toString().trim() === '2 idle'
  } catch {
    return false
  }
}

function configuration(folder: string, [control, first, second]: readonly number[]): string {
  const host = hostname().split('.')[0]
  return `ClusterName=isochron
SlurmctldHost=${host}(127.0.0.1)
AuthType=auth/munge
AuthInfo=socket=${folder}/munge.socket
SlurmUser=root
SlurmctldPort=${control}
StateSaveLocation=${folder}/state
SlurmdSpoolDir=${folder}/spool/%n
SlurmctldPidFile=${folder}/slurmctld.pid
SlurmdPidFile=${folder}/slurmd.%n.pid
SlurmctldLogFile=${folder}/slurmctld.log
SlurmdLogFile=${folder}/slurmd.%n.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
MpiDefault=none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
SwitchType=switch/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
NodeName=n1 NodeHostname=${host} NodeAddr=127.0.0.1 Port=${first} CPUs=2 State=UNKNOWN
NodeName=n2 NodeHostname=${host} NodeAddr=127.0.0.1 Port=${second} CPUs=2 State=UNKNOWN
PartitionName=all Nodes=ALL Default=YES MaxTime=INFINITE State=UP OverSubscribe=FORCE:8
`
}

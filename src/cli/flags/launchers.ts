// The files of launchers that start the generators of a run: Kubernetes, Slurm, ssh. isochron prints them and starts none.

import { UsageError } from '../../base/errors.js'

export const launchers = ['k8s', 'slurm', 'ssh'] as const
export type Launcher = (typeof launchers)[number]

export interface Launch {
  readonly url: string
  readonly run: string
  readonly parts: number
  readonly targets: readonly string[]
}

/** Throws UsageError for a launcher that there is none of. */
export function launcherFile(name: string, launch: Launch): string {
  const known = launchers.find((each) => each === name)
  if (known === undefined) throw new UsageError(`--print: expected ${launchers.join(', ')}, got '${name}'`)
  return files[known](launch)
}

const files: Readonly<Record<Launcher, (launch: Launch) => string>> = {
  slurm: slurmFile,
  ssh: sshFile,
  k8s: kubernetesFile,
}

/** A word of a shell, in quotes. */
const quoted = (word: string) => `'${word.replaceAll("'", `'\\''`)}'`

function commandOf({ url, run, targets }: Launch): string {
  const flags = [`--on ${quoted(url)}`, `--run ${run}`, ...targets.map((target) => `--allow-target ${quoted(target)}`)]
  return `isochron worker ${flags.join(' ')}`
}

/** A part that is started again would be refused, so nothing starts it again. */
function slurmFile(launch: Launch): string {
  return `#!/bin/bash
#SBATCH --job-name=isochron-${launch.run}
#SBATCH --array=0-${launch.parts - 1}
#SBATCH --ntasks=1
#SBATCH --cpus-per-task=1
#SBATCH --no-requeue
#SBATCH --output=isochron-%A-%a.log
# The part is the number in the array. Credentials, cards and keys: ISOCHRON_BUS_CREDS, and --files with their folder.
exec ${commandOf(launch)} --keep "part-$SLURM_ARRAY_TASK_ID"
`
}

function sshFile(launch: Launch): string {
  return `#!/bin/bash
# ${launch.parts} generators over ssh: one line of HOSTS for each (a machine may stand there more than once). Usage: bash FILE < HOSTS
set -u
part=0
while read -r host && [ "$part" -lt ${launch.parts} ]; do
  part=$((part + 1))
  ssh -n -o BatchMode=yes "$host" ${quoted(commandOf(launch))} --part "$part" --keep "isochron-${launch.run}-part-$part" &
done
[ "$part" -eq ${launch.parts} ] || echo "HOSTS has $part lines of ${launch.parts}: the run will not begin" >&2
wait
`
}

/** An Indexed Job. A pod that failed is not made anew, because its part is never made twice. */
function kubernetesFile({ url, run, parts, targets }: Launch): string {
  const args = ['worker', '--on', url, '--run', run, ...targets.flatMap((target) => ['--allow-target', target])]
  const flags = [...args, '--files', '/run/isochron/files', '--bus-creds', '/run/isochron/bus/creds']
  return `apiVersion: batch/v1
kind: Job
metadata:
  name: isochron-${run}
spec:
  completionMode: Indexed
  completions: ${parts}
  parallelism: ${parts}
  backoffLimit: 0
  podReplacementPolicy: Failed
  template:
    spec:
      restartPolicy: Never
      # Longer than the drain of the scenario: what is open must get its answer.
      terminationGracePeriodSeconds: 120
      topologySpreadConstraints:
        - maxSkew: 1
          topologyKey: kubernetes.io/hostname
          whenUnsatisfiable: ScheduleAnyway
          labelSelector: { matchLabels: { job-name: isochron-${run} } }
      containers:
        - name: generator
          # An image with Node and isochron in it, of your own registry.
          image: isochron
          args: ${JSON.stringify(flags)}
          resources:
            requests: { cpu: "1", memory: 512Mi }
            limits: { cpu: "1", memory: 1Gi }
          securityContext: { allowPrivilegeEscalation: false, runAsNonRoot: true, readOnlyRootFilesystem: true }
          volumeMounts:
            - { name: files, mountPath: /run/isochron/files, readOnly: true }
            - { name: bus, mountPath: /run/isochron/bus, readOnly: true }
            - { name: tmp, mountPath: /tmp }
      volumes:
        - name: files
          secret: { secretName: isochron-files, defaultMode: 0400, optional: true }
        - name: bus
          secret: { secretName: isochron-bus, defaultMode: 0400 }
        - { name: tmp, emptyDir: {} }
`
}

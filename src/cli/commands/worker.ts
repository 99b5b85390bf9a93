// `isochron worker`: a generator that takes a part of a run on a bus.

import { realClock, sleep } from '../../base/clock.js'
import { type ExitCode, exitCode, StartError, UsageError } from '../../base/errors.js'
import { allowedTargets } from '../../run/bus/allowed-targets.js'
import type { Command } from '../command.js'
import { busAccessOf, busOptions, waitMsOf } from '../flags/bus-flags.js'
import { launcherFile } from '../flags/launchers.js'
import { flag, text, texts, wholeNumber } from '../flags/options.js'
import { pacingNamed, pacingOption } from '../flags/part-flags.js'
import { partOfEnvironment } from '../flags/part-of-environment.js'
import { codeOfSignal, listenForInterrupts } from '../interrupts.js'
import type { Io } from '../io.js'
import { createProgress } from '../progress.js'

const options = {
  ...busOptions,
  run: text('run', "the run's name, as `run --on` prints it"),
  part: text('part', 'the part to take, from 1; left out: what the launcher says, else the lowest that is free'),
  files: text(
    'files',
    'folder with the cards, keys and certificates that the scenario names: they never go over the bus',
  ),
  keys: text('keys', "key file, in place of the scenario's"),
  journal: text('journal', 'file that remembers reversals over a crash; the number of the part is put into its name'),
  keep: text('keep', 'folder for what this part measured, to look at or to `isochron merge` where the bus is gone'),
  pacing: pacingOption,
  'allow-target': texts('HOST:PORT or a CIDR range that the run may be aimed at, beside this machine; may be repeated'),
  again: flag('wait for a run of that name, however long, and then for the next one'),
  quiet: flag('no progress on stderr'),
  print: text('print', "k8s, slurm or ssh: print a launcher's file for --parts generators instead"),
  parts: text('parts', 'with --print: how many generators'),
} as const

export const workerCommand: Command = {
  name: 'worker',
  flags: Object.keys(options),
  add: (program, choose) =>
    program.command(
      'worker',
      'take a part of a run that `run --on` hands out over a bus',
      (command) =>
        command
          .options(options)
          .example('$0 worker --on nats://127.0.0.1:4222 --run friday', 'takes the lowest part that is free')
          .example(
            '$0 worker --on tls://bus:4222 --run friday --bus-ca ca.pem --bus-creds worker.creds --allow-target 10.0.0.5:8583',
            'on a machine of its own, at a host that you name',
          )
          .example('$0 worker --print slurm --parts 20 --on tls://bus:4222 --run friday', 'an sbatch file on stdout')
          .epilogue(
            'Exit codes: 0 its figures were delivered, 2 bad usage, 3 the bus did not take them, 5 refused or not started',
          ),
      (args) =>
        choose(async (io) => {
          if (args.run === undefined) throw new UsageError('--run: name the run, as `isochron run --on` prints it')
          const access = busAccessOf(args, args.run)
          if (args.print !== undefined) {
            const of = wholeNumber('parts', args.parts, { min: 1, max: 1000 })
            if (of === undefined) throw new UsageError('--parts: say how many generators the launcher starts')
            allowedTargets(args['allow-target'])
            io.stdout.write(
              launcherFile(args.print, { url: access.url, run: args.run, parts: of, targets: args['allow-target'] }),
            )
            return exitCode.done
          }
          if (args.parts !== undefined)
            throw new UsageError('--parts: belongs to --print; the coordinator knows the number')
          const part = wholeNumber('part', args.part, { min: 1, max: 1000 })
          const pacing = pacingNamed(args.pacing)
          return await work(io, args.again, args.quiet, {
            access,
            part: part === undefined ? partOfEnvironment() : part - 1,
            waitMs: waitMsOf(args.wait),
            files: args.files,
            keys: args.keys,
            journal: args.journal,
            keepDir: args.keep,
            allowTargets: args['allow-target'],
            ...(pacing !== undefined && { pacing }),
          })
        }),
    ),
}

type WorkOptions = Omit<
  Parameters<typeof import('../../run/bus/take-part.js').takePart>[0],
  'signal' | 'say' | 'onSnapshot'
>

async function work(io: Io, again: boolean, quiet: boolean, options: WorkOptions): Promise<ExitCode> {
  const { takePart } = await import('../../run/bus/take-part.js')
  using progress = createProgress(io.stderr, { quiet })
  using interrupts = listenForInterrupts(io, 'waiting for open answers', progress.say)
  for (let run = 1; ; run++) {
    const code = await workOnce(run).catch((error: unknown) => {
      // The fleet stays up: a run that does not begin is followed by the next.
      if (!again || !(error instanceof StartError || error instanceof UsageError)) throw error
      if (interrupts.by !== undefined) return exitCode.interrupted
      progress.done()
      progress.say(error.message)
      return exitCode.couldNotStart
    })
    if (interrupts.by !== undefined) return codeOfSignal(interrupts.by)
    if (!again) return code
    await sleep(realClock, betweenRunsMs, interrupts.signal)
  }

  async function workOnce(run: number): Promise<ExitCode> {
    const keepDir = options.keepDir === undefined || run === 1 ? options.keepDir : `${options.keepDir}-${run}`
    const { isDelivered } = await takePart({
      ...options,
      ...{ keepDir, again: again ? run : undefined },
      ...{ signal: interrupts.signal, say: progress.line, onSnapshot: progress.snapshot },
    })
    progress.done()
    if (isDelivered) {
      progress.line('the figures of this part are delivered')
      return exitCode.done
    }
    const kept =
      keepDir === undefined ? 'they are lost: --keep DIR would have kept them' : `isochron merge ${keepDir} …`
    progress.say(`the bus did not take the last figures of this part: ${kept}`)
    return exitCode.notMet
  }
}

/** Before a fleet looks for the next run, in ms: the last one is still being put together. */
const betweenRunsMs = 2000

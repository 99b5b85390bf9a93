// How many answers a client fetches per second, once its code is hot, and what one costs its process.

import type { Socket } from 'node:net'
import { realClock, sleep } from '../../src/base/clock.js'

export interface SpeedFlow {
  /** Before anything counts, in ms. */
  readonly warmupMs: number
  readonly measureMs: number
}

export interface Fetched {
  readonly perSecond: number
  /** User and system time of the calling process, in µs an answer. */
  readonly cpuUs: number
}

/** `open` connects and tells of every batch of answers. Rejects when a connection fails or nothing was answered. */
export async function fetchAnswers(
  { warmupMs, measureMs }: SpeedFlow,
  open: (count: (answers: number) => void) => Socket[],
): Promise<Fetched> {
  let answers = 0
  let failure: Error | undefined
  const sockets = open((count) => {
    answers += count
  })
  for (const socket of sockets) {
    socket.on('error', (error) => {
      failure ??= error
    })
  }
  await sleep(realClock, warmupMs)
  const [before, from, cpuBefore] = [answers, realClock.now(), process.cpuUsage()]
  await sleep(realClock, measureMs)
  const fetched = answers - before
  const cpu = process.cpuUsage(cpuBefore)
  const perSecond = (fetched / (realClock.now() - from)) * 1000
  for (const socket of sockets) socket.destroy()
  if (failure !== undefined) throw failure
  if (fetched === 0) throw new Error('nothing was answered')
  return { perSecond, cpuUs: (cpu.user + cpu.system) / fetched }
}

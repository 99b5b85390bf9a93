// A process of ours that serves a part of the connections: started, spoken to, listened to. Node 20 hands a socket from process to
// process, and not from thread to thread.

import { type ChildProcess, fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { HandedSocket } from '../../transport/network/handed-network.js'

export interface Child<To> {
  readonly pid: number
  /** False: it is gone. */
  readonly isAlive: boolean
  /** Ignored when it is gone. The socket is closed here, and is its own from then on. */
  tell(message: To, socket?: HandedSocket): void
  /** Resolves when it is gone, to how it ended: `SIGKILL`, `exit code 1`. Never rejects. */
  readonly ended: Promise<string>
  /** At once. */
  kill(): void
}

/** `entry`: the module that it runs. `hear` is called with each message of it. */
export function startChild<To extends object, From>(entry: URL, hear: (message: From) => void): Child<To> {
  const child = fork(fileURLToPath(entry), [], {
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  child.on('message', (message) => hear(message as From))
  // A message to one that has just gone.
  child.on('error', () => {})
  return {
    get pid() {
      return child.pid ?? 0
    },
    get isAlive() {
      return child.connected
    },
    tell(message, socket) {
      if (child.connected) send(child, message, socket)
      else socket?.destroy()
    },
    ended: new Promise((resolve) => {
      child.once('exit', (code, signal) => resolve(signal ?? `exit code ${code}`))
      child.once('error', (error) => resolve(error.message))
    }),
    kill: () => void child.kill('SIGKILL'),
  }
}

function send(child: ChildProcess, message: object, socket: HandedSocket | undefined): void {
  const done = (error: Error | null) => {
    if (error !== null) socket?.destroy()
  }
  if (socket === undefined) child.send(message, done)
  else child.send(message, socket, done)
}

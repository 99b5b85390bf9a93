// The parts of the outside world that a command may touch. The real one is the process; tests hand in another.

import { createReadStream, type ReadStream } from 'node:fs'

export interface Output {
  write(data: string | Uint8Array): unknown
  /** Writes what the program itself draws, which moves the cursor. Left out: write() does. */
  draw?(text: string): unknown
  /** Bytes that were written and have not left yet; left out: none ever wait. */
  readonly waitingBytes?: number
  readonly isTTY?: boolean
  readonly columns?: number | undefined
  readonly rows?: number | undefined
  /** Calls `action` whenever the terminal has another size, until the returned function is called. */
  onResize?(action: () => void): () => void
}

export interface Io {
  readonly stdin: AsyncIterable<Uint8Array>
  /** Results, and nothing else, so that pipes work. */
  readonly stdout: Output
  /** Progress and errors. */
  readonly stderr: Output
  /** Calls `action` for each signal until the returned function is called. */
  onSignal(action: (name: 'SIGINT' | 'SIGTERM') => void): () => void
  /** Ends the process at once. */
  exit(code: number): void
}

/** The process itself. */
export const processIo: Io = {
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr.isTTY ? resizing(process.stderr) : pipedOutput(process.stderr),
  onSignal(action) {
    const listener = (name: NodeJS.Signals) => action(name === 'SIGTERM' ? 'SIGTERM' : 'SIGINT')
    process.on('SIGINT', listener)
    process.on('SIGTERM', listener)
    return () => {
      process.off('SIGINT', listener)
      process.off('SIGTERM', listener)
    }
  },
  exit: (code) => process.exit(code),
}

function resizing(stream: NodeJS.WriteStream): Output {
  return {
    write: (data) => stream.write(data),
    isTTY: stream.isTTY,
    get columns() {
      return stream.columns
    },
    get rows() {
      return stream.rows
    },
    onResize(action) {
      stream.on('resize', action)
      return () => stream.off('resize', action)
    },
  }
}

/** Columns of a terminal that does not say how many it has. */
export const usualColumns = 80

/** How wide text is shown there; elsewhere than in a terminal it is as wide as it is. */
export const screenOf = ({ isTTY, columns }: Output): { readonly columns?: number } =>
  isTTY === true ? { columns: columns ?? usualColumns } : {}

/** A pipe or a file, which may be slower than what is written. */
function pipedOutput(stream: NodeJS.WriteStream): Output {
  return {
    write: (data) => stream.write(data),
    get waitingBytes() {
      return stream.writableLength
    },
  }
}

/** Stream of a file; of stdin for '-' and for nothing at all. yargs hands '-' over as an empty text. */
export function openInput(io: Io, file: string | undefined): AsyncIterable<Uint8Array> | ReadStream {
  return isStdin(file) ? io.stdin : createReadStream(file as string)
}

export const isStdin = (file: string | undefined) => file === undefined || file === '' || file === '-'

// Every byte that goes into a file, also into one that is renamed or removed before anybody can read it.

import type * as Fs from 'node:fs'

/** The texts that were written, by the path that was opened. */
export type Written = ReadonlyMap<string, string>

/** The file system of Node.js, and a map in which the bytes of every file are kept as Latin-1. */
export function listeningFs(fs: typeof Fs): typeof Fs & { readonly written: Written } {
  const written = new Map<string, string>()
  const paths = new Map<number, string>()
  const keep = (path: string, data: string | Uint8Array) =>
    written.set(path, (written.get(path) ?? '') + Buffer.from(data as string).toString('latin1'))
  const pathOf = (file: Fs.PathOrFileDescriptor) =>
    typeof file === 'number' ? (paths.get(file) ?? 'unknown') : String(file)
  const openSync: typeof Fs.openSync = (path, flags, mode) => {
    const descriptor = fs.openSync(path, flags, mode)
    paths.set(descriptor, String(path))
    return descriptor
  }
  const writeSync = (descriptor: number, data: Uint8Array, at = 0, length?: number) => {
    const count = fs.writeSync(descriptor, data, at, length)
    keep(pathOf(descriptor), data.subarray(at, at + count))
    return count
  }
  const writeFileSync: typeof Fs.writeFileSync = (file, data, options) => {
    keep(pathOf(file), data as string)
    fs.writeFileSync(file, data, options)
  }
  const appendFileSync: typeof Fs.appendFileSync = (file, data, options) => {
    keep(pathOf(file), data)
    fs.appendFileSync(file, data, options)
  }
  const createWriteStream: typeof Fs.createWriteStream = (path, options) => {
    const stream = fs.createWriteStream(path, options)
    const write = stream.write.bind(stream) as (...all: unknown[]) => boolean
    stream.write = ((data: string | Uint8Array, ...rest: unknown[]) => {
      keep(String(path), data)
      return write(data, ...rest)
    }) as typeof stream.write
    return stream
  }
  const own = { openSync, writeSync: writeSync as typeof Fs.writeSync, writeFileSync, appendFileSync }
  return { ...fs, ...own, createWriteStream, written }
}

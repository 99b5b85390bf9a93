// How a process may use a bus: the address, who it is, and the files of its TLS.

import { UsageError } from '../../base/errors.js'
import { maskText } from '../../base/mask.js'
import { checkUrl, type NatsCredentials, type NatsPlace } from '../../cluster/nats/nats-bus.js'
import { requirePrivate } from '../disk/private-file.js'
import { readBounded } from '../disk/read-bounded.js'
import { readTls } from '../keys/tls-files.js'

export type BusAccess = NatsPlace

export interface BusFlags {
  readonly url: string
  readonly run: string
  /** A file with user:password, the seed of an nkey, or NATS credentials. */
  readonly creds: string | undefined
  readonly ca: string | undefined
  readonly cert: string | undefined
  readonly key: string | undefined
  /** A plain connection to another machine is wanted. */
  readonly insecure: boolean
}

/** Bytes of a file with credentials. */
const maxFileBytes = 65_536

/** Throws UsageError. */
export function busAccess({ url, run, creds, insecure, ...files }: BusFlags): BusAccess {
  checkUrl(url)
  if (!/^[a-z0-9-]{1,32}$/.test(run))
    throw new UsageError(`--run: expected up to 32 of a-z, 0-9 and -, such as friday-1, got '${run}'`)
  // The name is part of every subject on the bus, and of launchers' files, where nothing is masked.
  if (maskText(run) !== run) throw new UsageError('--run: the name holds the digits of a card number: choose another')
  const hasTls = url.startsWith('tls:') || files.ca !== undefined
  if (!hasTls && !insecure && !url.split(',').every(isLoopback))
    throw new UsageError(
      '--on: a plain connection to another machine can be read by anyone between: use tls://, or say --bus-insecure',
    )
  const { ca, cert, key } = readTls(files)
  const tls = {
    ...(ca !== undefined && { ca }),
    ...(cert !== undefined && { cert }),
    ...(key !== undefined && { key }),
  }
  return {
    url,
    run,
    credentials: creds === undefined ? undefined : readCredentials(creds),
    ...(hasTls && { tls: tls as NonNullable<NatsPlace['tls']> }),
  }
}

const isLoopback = (server: string) => /^[a-z]+:\/\/(127\.\d+\.\d+\.\d+|localhost|\[::1\])(:\d+)?$/.test(server)

function readCredentials(file: string): NatsCredentials {
  const bytes = readFile(file)
  const text = bytes.toString('utf8').trim()
  if (text.includes('-----BEGIN NATS USER JWT-----')) return { kind: 'creds', text: bytes }
  if (/^SU[A-Z2-7]+$/.test(text)) return { kind: 'nkey', seed: Buffer.from(text) }
  const [, user, pass] = /^([^:\n]+):([^\n]+)$/.exec(text) ?? []
  if (user !== undefined && pass !== undefined) return { kind: 'user', user, pass }
  throw new UsageError('expected user:password, the seed of an nkey (SU…), or a .creds file of NATS', {
    where: `${file}:`,
  })
}

function readFile(file: string): Buffer {
  try {
    requirePrivate(file, 'credentials of the bus')
    const bytes = readBounded(file, maxFileBytes)
    if (bytes !== undefined) return bytes
  } catch (cause) {
    if (cause instanceof UsageError) throw cause
    throw new UsageError('cannot be read', { where: `${file}:`, cause })
  }
  throw new UsageError(`larger than ${maxFileBytes} bytes: no credentials`, { where: `${file}:` })
}

// The flags for keys and TLS, and the reading of their values.

import { resolve } from 'node:path'
import { UsageError } from '../../base/errors.js'
import type { TlsFiles } from '../../run/keys/tls-files.js'
import type { Assignment } from '../../scenario/overlay.js'
import { flag, text } from './options.js'

/** The options of every command that signs or checks messages. */
export const keyOptions = {
  keys: text('keys', 'key file that only you may read, or none; left out: ISOCHRON_KEY_*, or the built-in test keys'),
} as const

/** The options of every command that connects or listens. */
export const tlsOptions = {
  tls: flag('speak TLS'),
  ca: text('ca', "PEM file of the authorities that the peer's certificate must come from; left out: the system's"),
  cert: text('cert', 'PEM file of our certificate; for mutual TLS, and for every server'),
  key: text('key', "PEM file of the certificate's private key"),
  'tls-min': text('tls-min', 'oldest version of TLS that is spoken: 1.2 (when left out) or 1.3'),
} as const

/** The options of commands that connect. */
export const tlsClientOptions = {
  ...tlsOptions,
  'server-name': text('server-name', "name that the host's certificate must bear; left out: the host's name"),
  insecure: flag('accept any certificate; the result says so'),
} as const

/** The options of commands that listen. */
export const tlsServerOptions = {
  ...tlsOptions,
  ca: text('ca', 'PEM file of the authorities whose clients are let in: goes with --require-client-certificate'),
  'require-client-certificate': flag('let in only clients with a certificate of --ca'),
} as const

export interface TlsFlags {
  readonly tls: boolean
  readonly ca: string | undefined
  readonly cert: string | undefined
  readonly key: string | undefined
  readonly 'tls-min': string | undefined
  readonly 'server-name'?: string | undefined
  readonly insecure?: boolean
  readonly 'require-client-certificate'?: boolean
}

/** Undefined without --tls. Throws UsageError for a flag that needs it. */
export function tlsFilesOf(flags: TlsFlags): TlsFiles | undefined {
  const { tls, ca, cert, key, insecure, 'server-name': serverName } = flags
  const { 'tls-min': least, 'require-client-certificate': requireClientCertificate } = flags
  const alone = { ca, cert, key, 'tls-min': least, 'server-name': serverName, insecure }
  if (!tls) return refuseLonely({ ...alone, 'require-client-certificate': requireClientCertificate })
  return {
    ca,
    cert,
    key,
    serverName,
    minVersion: versionNamed(least),
    insecure: insecure === true,
    ...(requireClientCertificate === true && { requireClientCertificate }),
  }
}

/** The files of a listener. Throws UsageError also for authorities that nobody would be checked by. */
export function tlsServerFilesOf(flags: TlsFlags): TlsFiles | undefined {
  const files = tlsFilesOf(flags)
  if (files?.ca !== undefined && files.requireClientCertificate !== true)
    throw new UsageError(
      '--ca: without --require-client-certificate no client is asked for a certificate: add it, or leave --ca out',
    )
  return files
}

/** The same as keys of a scenario; the files are named from here and not from the scenario's folder. */
export function protectionAssignments(flags: TlsFlags & { readonly keys: string | undefined }): readonly Assignment[] {
  const { keys } = flags
  const files = tlsFilesOf(flags) ?? {}
  const ofTls = Object.entries(files).flatMap(([key, value]) => {
    if (value === undefined) return []
    const isFile = key === 'ca' || key === 'cert' || key === 'key'
    return [{ flag: '--tls', path: ['tls', key], value: isFile ? resolve(String(value)) : value }]
  })
  return keys === undefined ? ofTls : [{ flag: `--keys ${keys}`, path: ['keys'], value: keysNamed(keys) }, ...ofTls]
}

/** A key file's name as one that holds in any folder; `none` stays what it is. */
export const keysNamed = (keys: string) => (keys === 'none' ? keys : resolve(keys))

function refuseLonely(flags: Readonly<Record<string, string | boolean | undefined>>): undefined {
  const lonely = Object.entries(flags).find(([, value]) => value !== undefined && value !== false)
  if (lonely === undefined) return undefined
  const hint = lonely[0] === 'key' ? ' (a file of keys for MACs and PINs is --keys)' : ''
  throw new UsageError(`--${lonely[0]}: only together with --tls${hint}`)
}

function versionNamed(name: string | undefined): 'TLSv1.2' | 'TLSv1.3' | undefined {
  if (name === undefined) return undefined
  if (name === '1.2' || name === '1.3') return `TLSv${name}`
  throw new UsageError(`--tls-min: expected 1.2 or 1.3, got '${name}'`)
}

// The PEM files of a TLS connection, read and tried before anything is connected.

import { UsageError } from '../../base/errors.js'
import { reasonOf } from '../../base/text/system-words.js'
import type { Result } from '../../measure/result.js'
import { checkTls } from '../../transport/network/check-tls.js'
import type { TlsOptions } from '../../transport/network/tcp-network.js'
import { requirePrivate } from '../disk/private-file.js'
import { readBounded } from '../disk/read-bounded.js'

/** Names of files; a server needs `cert` and `key`, a client only for mutual TLS. */
export interface TlsFiles {
  readonly ca?: string | undefined
  readonly cert?: string | undefined
  readonly key?: string | undefined
  /** The name that the server's certificate must bear, when it is not the host's. */
  readonly serverName?: string | undefined
  readonly minVersion?: 'TLSv1.2' | 'TLSv1.3' | undefined
  /** Client: any certificate will do. */
  readonly insecure?: boolean | undefined
  /** Server: only clients with a certificate of `ca` are let in. */
  readonly requireClientCertificate?: boolean | undefined
}

/** Bytes of one PEM file: hundreds of authorities fit. */
const maxFileBytes = 1_048_576

/** Throws UsageError that names the file, also for a private key that others may read. */
export function readTls(files: TlsFiles): TlsOptions {
  const { serverName, minVersion, insecure, requireClientCertificate } = files
  if ((files.cert === undefined) !== (files.key === undefined))
    throw new UsageError('a certificate and its key go together: name both, cert and key', { where: 'tls:' })
  if (requireClientCertificate === true && files.ca === undefined)
    throw new UsageError('requireClientCertificate needs ca: the authority that signed them', { where: 'tls:' })
  const pem = Object.fromEntries(
    (['ca', 'cert', 'key'] as const).flatMap((name) => {
      const file = files[name]
      return file === undefined ? [] : [[name, readPem(file, name)]]
    }),
  ) as Pick<TlsOptions, 'ca' | 'cert' | 'key'>
  const problem = checkTls(pem)
  if (problem !== undefined) throw new UsageError(problem.text, { where: `${files[problem.part] ?? 'tls'}:` })
  return {
    ...pem,
    ...(serverName === undefined ? {} : { servername: serverName }),
    ...(minVersion === undefined ? {} : { minVersion }),
    ...(insecure === undefined ? {} : { insecure }),
    ...(requireClientCertificate === undefined ? {} : { requestCert: requireClientCertificate }),
  }
}

/** As results show it. */
export function describeTls({ insecure, cert, minVersion }: TlsOptions): NonNullable<Result['tls']> {
  return {
    insecure: insecure === true,
    ownCertificate: cert !== undefined,
    minVersion: minVersion ?? 'TLSv1.2',
  }
}

function readPem(file: string, part: 'ca' | 'cert' | 'key'): string {
  try {
    if (part === 'key') requirePrivate(file, 'key of the certificate')
    const text = readBounded(file, maxFileBytes)?.toString('utf8')
    if (text === undefined)
      throw new UsageError(`larger than ${maxFileBytes} bytes: not a PEM file`, { where: `${file}:` })
    return text
  } catch (cause) {
    if (cause instanceof UsageError) throw cause
    throw new UsageError(`cannot be read (${reasonOf(cause)})`, { where: `${file}:`, cause })
  }
}

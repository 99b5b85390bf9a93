// Tries certificates and keys before they are used: a wrong file is told by its name, not by a failed connection.

import tls from 'node:tls'

export interface TlsProblem {
  /** Which of the texts is wrong. */
  readonly part: 'ca' | 'cert' | 'key'
  readonly text: string
}

/** The first text that is no PEM of its kind, or that does not go with the others. Errors never quote a key. */
export function checkTls(pem: {
  readonly ca?: string
  readonly cert?: string
  readonly key?: string
}): TlsProblem | undefined {
  const { ca, cert, key } = pem
  if (ca !== undefined && !isAccepted({ ca }, ca)) return { part: 'ca', text: notPem('a certificate') }
  if (cert !== undefined && !isAccepted({ cert }, cert)) return { part: 'cert', text: notPem('a certificate') }
  if (key === undefined) return undefined
  if (!isAccepted({ key })) return { part: 'key', text: `${notPem('a private key')}, without a passphrase` }
  if (cert !== undefined && !isAccepted({ cert, key }))
    return { part: 'key', text: 'the private key does not belong to the certificate' }
  return undefined
}

/** OpenSSL passes over a CA text without any certificate in it. */
function isAccepted(options: tls.SecureContextOptions, certificate?: string): boolean {
  if (certificate !== undefined && !certificate.includes('-----BEGIN CERTIFICATE-----')) return false
  try {
    tls.createSecureContext(options)
    return true
  } catch {
    return false
  }
}

const notPem = (what: string) => `not ${what} in PEM form (-----BEGIN …-----)`

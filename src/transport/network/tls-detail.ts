// TLS errors in words: what is wrong and what to do. The library's own code stays at the end, for those who search for it.

import type { PeerCertificate } from 'node:tls'
import { maskText } from '../../base/mask.js'
import { printable } from '../../base/text/shown-text.js'

/** The code of each row ends its words: `isTlsRefusal` reads it there. */
export const tlsSentences: Readonly<Record<string, string>> = {
  CERT_HAS_EXPIRED: 'the certificate of the peer has expired and must be renewed',
  CERT_NOT_YET_VALID: 'the certificate of the peer is not valid yet: check the clocks',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'the certificate of the peer is signed by itself: name it with --ca FILE',
  SELF_SIGNED_CERT_IN_CHAIN:
    'the authority that signed the certificate of the peer is not known: name it with --ca FILE',
  UNABLE_TO_GET_ISSUER_CERT:
    'the authority that signed the certificate of the peer is not known: name it with --ca FILE',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    'the authority that signed the certificate of the peer is not known: name it with --ca FILE',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    'the authority that signed the certificate of the peer is not known: name it with --ca FILE',
  ERR_TLS_CERT_ALTNAME_INVALID: 'the certificate of the peer is for another host name',
  ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED: 'the peer asks for a certificate of ours: give --cert FILE and --key FILE',
  ERR_SSL_PEER_DID_NOT_RETURN_A_CERTIFICATE: 'the client showed no certificate',
  ERR_SSL_WRONG_VERSION_NUMBER: 'the peer does not speak TLS: leave out --tls, or check the port',
  ERR_SSL_HTTP_REQUEST: 'the peer speaks HTTP without TLS',
  ERR_SSL_UNSUPPORTED_PROTOCOL: 'the peer speaks only an older version of TLS than is allowed',
  ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION: 'the peer refuses this version of TLS',
  ERR_SSL_TLSV1_ALERT_UNKNOWN_CA:
    'the peer does not know the authority that signed our certificate: give it that authority, or --cert FILE of one that it knows',
  ERR_SSL_TLSV1_ALERT_DECRYPT_ERROR: 'the peer could not verify our certificate',
  ERR_SSL_SSLV3_ALERT_CERTIFICATE_EXPIRED: 'our certificate has expired, says the peer: renew it',
  ERR_SSL_SSLV3_ALERT_CERTIFICATE_UNKNOWN: 'the peer does not accept our certificate',
  ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE: 'the peer does not accept our certificate',
  ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE: 'the peer found no cipher in common, or misses a certificate of ours',
  ERR_TLS_HANDSHAKE_TIMEOUT: 'the peer did not finish the TLS handshake',
  ECONNRESET: 'the peer closed the connection during the TLS handshake',
}

/** Whose certificates a handshake was about, in words of certificateWords(). */
export interface ShownCertificates {
  readonly peer?: string | undefined
  readonly own?: string | undefined
}

export function explainTls(error: NodeJS.ErrnoException, { peer, own }: ShownCertificates = {}): string {
  const code = codeOf(error)
  const sentence = tlsSentences[code]
  if (sentence === undefined) return code === '' ? `TLS: ${error.message}` : `TLS error ${code}`
  const whose = sentence.includes('our certificate')
    ? own
    : sentence.includes('certificate of the peer')
      ? peer
      : undefined
  return `${sentence}${whose === undefined ? '' : `; it is ${whose}`} (${code})`
}

/** `CN=shop, valid 2020-01-01 to 2020-01-02`; undefined where no certificate was shown. */
export function certificateWords(certificate: unknown): string | undefined {
  const { subject, valid_from, valid_to } = (certificate ?? {}) as Partial<PeerCertificate>
  if (subject === undefined || valid_from === undefined || valid_to === undefined) return undefined
  const names = Object.entries(subject).map(([key, value]) => `${key}=${value}`)
  return `${printable(maskText(names.join(', ').slice(0, longestName)))}, valid ${day(valid_from)} to ${day(valid_to)}`
}

/** Characters of a name: whoever wrote the certificate wrote it. */
const longestName = 200

/** As OpenSSL writes it, such as `Jan  2 00:00:00 2020 GMT`. */
function day(text: string): string {
  const at = Date.parse(text)
  return Number.isNaN(at) ? 'an unknown day' : new Date(at).toISOString().slice(0, 10)
}

/** Whether an error after the handshake is one of TLS, and not of the connection underneath. */
export function isTlsError(error: NodeJS.ErrnoException): boolean {
  return codeOf(error).startsWith('ERR_SSL_') || codeOf(error).startsWith('ERR_TLS_')
}

/** OpenSSL's reason stands in the message where the code is only EPROTO. */
function codeOf(error: NodeJS.ErrnoException): string {
  const code = error.code ?? ''
  if (code !== 'EPROTO') return code
  const reason = /:SSL routines:[^:]*:([^:]+):/.exec(error.message)?.[1]
  return reason === undefined ? code : `ERR_SSL_${reason.trim().toUpperCase().replaceAll(' ', '_')}`
}

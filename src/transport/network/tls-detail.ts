// TLS errors in words: what is wrong and what to do. The library's own code stays at the end, for those who search for it.

const sentences: Readonly<Record<string, string>> = {
  CERT_HAS_EXPIRED: 'the certificate of the peer has expired',
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
  ERR_SSL_TLSV1_ALERT_UNKNOWN_CA: 'the peer does not know the authority that signed our certificate',
  ERR_SSL_TLSV1_ALERT_DECRYPT_ERROR: 'the peer could not verify our certificate',
  ERR_SSL_SSLV3_ALERT_CERTIFICATE_EXPIRED: 'our certificate has expired, says the peer',
  ERR_SSL_SSLV3_ALERT_CERTIFICATE_UNKNOWN: 'the peer does not accept our certificate',
  ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE: 'the peer does not accept our certificate',
  ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE: 'the peer found no cipher in common, or misses a certificate of ours',
  ERR_TLS_HANDSHAKE_TIMEOUT: 'the peer did not finish the TLS handshake',
  ECONNRESET: 'the peer closed the connection during the TLS handshake',
}

export function explainTls(error: NodeJS.ErrnoException): string {
  const code = codeOf(error)
  const sentence = sentences[code]
  if (sentence !== undefined) return `${sentence} (${code})`
  return code === '' ? `TLS: ${error.message}` : `TLS error ${code}`
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

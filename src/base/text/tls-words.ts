// Sentences about TLS that end a connection, told apart by the code at their end: whoever reads a reason may need to know.

/** A handshake that was cut off or never answered says nothing of certificates. */
const ofTheLine = ['ERR_TLS_HANDSHAKE_TIMEOUT', 'ECONNRESET']
const withCode = /\(((?:ERR_(?:SSL|TLS)|CERT|UNABLE|DEPTH|SELF)_[A-Z0-9_]+)\)$/
const bareCode = /^TLS error (\S+)$/

/** The words of a client when its peer ends the connection without a word after the handshake: TLS 1.3 tells it no earlier. */
export const unwelcome = (own: string) => `${unwelcomeStart}, which is ${own}`
const unwelcomeStart =
  'the peer ended the connection after the TLS handshake, before any answer: it may not accept our certificate'

/** Whether one side refused the other in TLS: its certificate, its authority, its version or its ciphers. */
export function isTlsRefusal(reason: string | undefined): reason is string {
  if (reason === undefined) return false
  const code = (withCode.exec(reason) ?? bareCode.exec(reason))?.[1]
  return code === undefined ? reason.startsWith(unwelcomeStart) : !ofTheLine.includes(code)
}

/** Whether a certificate has run out: it was good once. */
export const isExpiry = (reason: string): boolean => /_EXPIRED\)$/.test(reason)

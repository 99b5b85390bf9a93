// The `tls:` section of a scenario: names of PEM files, beside the scenario.

import { z } from 'zod'

const file = (what: string) => z.string().min(1).optional().describe(`PEM file: ${what}`)

export const tlsSchema = z.strictObject({
  ca: file("authorities that the peer's certificate must come from; left out: those of the system"),
  cert: file('our own certificate, for mutual TLS; the embedded acquirer shows it too'),
  key: file("the certificate's private key, without a passphrase"),
  serverName: z.string().min(1).optional().describe("name that the host's certificate must bear; left out: the host's"),
  minVersion: z.enum(['TLSv1.2', 'TLSv1.3']).optional().describe('oldest version that is spoken; TLSv1.2'),
  insecure: z.boolean().optional().describe('true: any certificate will do; the result says so'),
  requireClientCertificate: z
    .boolean()
    .optional()
    .describe('the embedded acquirer lets in only clients with a certificate of `ca`'),
})

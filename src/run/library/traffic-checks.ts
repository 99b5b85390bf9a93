// The options that roles of a program share: who looks at their messages, their files, their TLS.

import type { TlsFiles } from '../keys/tls-files.js'
import type { TrafficChoice } from '../traffic/open-traffic.js'
import { type Check, kind, objectOf, oneOfTexts } from './arguments.js'

const { call, flag, text, whole } = kind

export const trafficChecks = {
  onTraffic: call,
  record: objectOf({ file: text, unmasked: flag }, ['file', 'unmasked']),
  pcap: text,
  recordLimitBytes: whole,
  force: flag,
  onAnswered: call,
} satisfies Record<keyof TrafficChoice, Check>

export const tlsFiles = objectOf({
  ...{ ca: text, cert: text, key: text, serverName: text },
  minVersion: oneOfTexts('TLSv1.2', 'TLSv1.3'),
  ...{ insecure: flag, requireClientCertificate: flag },
} satisfies Record<keyof TlsFiles, Check>)

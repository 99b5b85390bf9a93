// The costs that one peer, and all of them together, may cause a listener: the `peers:` key of an acquirer.

import { z } from 'zod'
import { duration, rate } from '../../base/unit-schemas.js'

const count = (usual: number) => z.int().min(1).max(1_000_000).default(usual)

export const peersSchema = z.strictObject({
  connections: count(20_000).describe('connections at a time; further ones are turned away'),
  perAddress: count(1)
    .unwrap()
    .optional()
    .describe('connections of one IP address at a time; left out: as many as `connections`'),
  handshakes: count(1024).describe('TLS handshakes under way at a time'),
  handshake: duration('10s').default(10_000).describe('how long a peer may take for its TLS handshake'),
  message: duration('60s').default(60_000).describe('how long the rest of a message may take that has begun to arrive'),
  idle: duration('10m')
    .optional()
    .describe('a connection without a whole message for so long is closed; left out: never'),
  rate: rate('500/s')
    .refine((perSecond) => perSecond > 0, 'expected more than 0/s')
    .optional()
    .describe('messages a second of one IP address; what is above waits in its own connection'),
})

/** Times in ms, rates per second. */
export type PeerLimits = z.output<typeof peersSchema>

/** The defaults. */
export const usualPeerLimits: PeerLimits = peersSchema.parse({})

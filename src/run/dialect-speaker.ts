// The things on which two ends must agree before they can talk: dialect, codec and framing. No dialect is loaded here.

import type { Codec } from '../codec/codec.js'
import { compile } from '../codec/compile.js'
import type { Dialect } from '../codec/dialect.js'
import { referenceCodec } from '../codec/reference/iso-8583.js'
import { carriedAs } from '../codec/xml/as-xml.js'
import { framingNamed } from '../framing/framings.js'
import { createWire, type Wire } from '../transport/wire/wire.js'

/** Plain data, so that it can be handed to a thread. */
export interface DialectSpeakerOptions {
  readonly dialect: Dialect
  /** A name; the dialect's own when left out. */
  readonly framing?: string | undefined
  readonly codec?: 'isochron' | 'iso_8583' | undefined
}

export interface Speaker {
  readonly dialect: Dialect
  readonly codec: Codec
  readonly wire: Wire
}

/** Throws UsageError for an unknown framing and for a dialect that the codec cannot speak. */
export function dialectSpeaker(options: DialectSpeakerOptions): Speaker {
  const framing = framingNamed(options.framing ?? options.dialect.framing)
  const dialect = carriedAs(options.dialect, framing.length.kind)
  const codec = options.codec === 'iso_8583' ? referenceCodec(dialect) : compile(dialect)
  return { dialect, codec, wire: createWire({ codec, framing, envelope: dialect.envelope }) }
}

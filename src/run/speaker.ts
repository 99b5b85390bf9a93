// What two ends must agree on before they can talk: dialect, codec and framing, by their names.

import type { Codec } from '../codec/codec.js'
import { compile } from '../codec/compile.js'
import type { Dialect } from '../codec/dialect.js'
import { referenceCodec } from '../codec/reference/iso-8583.js'
import { framingNamed } from '../framing/framings.js'
import { createWire, type Wire } from '../transport/wire/wire.js'
import { dialectNamed } from './files/read-dialect.js'

/** Plain data, so that it can be handed to a thread. */
export interface SpeakerOptions {
  /** A name, a file's name, or the dialect itself. */
  readonly dialect: string | Dialect
  /** A name; the dialect's own when left out. */
  readonly framing?: string | undefined
  readonly codec?: 'isochron' | 'iso_8583' | undefined
}

export interface Speaker {
  readonly dialect: Dialect
  readonly codec: Codec
  readonly wire: Wire
}

/** Throws UsageError for an unknown name and for a dialect that the codec cannot speak. */
export function createSpeaker(options: SpeakerOptions): Speaker {
  const dialect = typeof options.dialect === 'string' ? dialectNamed(options.dialect) : options.dialect
  const codec = options.codec === 'iso_8583' ? referenceCodec(dialect) : compile(dialect)
  const framing = framingNamed(options.framing ?? dialect.framing)
  return { dialect, codec, wire: createWire({ codec, framing, envelope: dialect.envelope }) }
}

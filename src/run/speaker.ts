// A speaker whose dialect may be given by its name or by the name of its file.

import type { Dialect } from '../codec/dialect.js'
import { type DialectSpeakerOptions, dialectSpeaker, type Speaker } from './dialect-speaker.js'
import { dialectNamed } from './files/read-dialect.js'

/** Plain data, so that it can be handed to a thread. */
export interface SpeakerOptions extends Omit<DialectSpeakerOptions, 'dialect'> {
  /** A name, a file's name, or the dialect itself. */
  readonly dialect: string | Dialect
}

/** Throws UsageError for an unknown name and for a dialect that the codec cannot speak. */
export function createSpeaker(options: SpeakerOptions): Speaker {
  const dialect = typeof options.dialect === 'string' ? dialectNamed(options.dialect) : options.dialect
  return dialectSpeaker({ ...options, dialect })
}

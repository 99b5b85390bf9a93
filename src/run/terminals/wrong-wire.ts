// The wire format of a wrongly set-up terminal on its own connection: another framing, another dialect, or both.

import { builtInDialect } from '../../codec/dialects/index.js'
import { framingNamed } from '../../framing/framings.js'
import type { WrongSetup } from '../../terminal/options/wrong-setup.js'
import type { Terminal } from '../../terminal/terminal.js'
import { translatedWire } from '../../transport/wire/translated-wire.js'
import { createWire, type Wire } from '../../transport/wire/wire.js'
import type { Speaker } from '../dialect-speaker.js'
import { createSpeaker } from '../speaker.js'

export type WireOf = (terminal: Terminal | undefined) => Wire

/** The wire of a terminal's connection. Throws UsageError for a name that is none. */
export function wiresOf(speaker: Speaker, wrong: WrongSetup | undefined): WireOf {
  const wire = wrong === undefined ? undefined : wrongWire(speaker, wrong)
  return (terminal) =>
    wire !== undefined && terminal !== undefined && wrong?.has(terminal.number) ? wire : speaker.wire
}

function wrongWire({ codec, wire, dialect: spoken }: Speaker, { options }: WrongSetup): Wire | undefined {
  const { framing, dialect } = options
  if (dialect !== undefined) {
    const other = createSpeaker({ dialect: builtInDialect(dialect), framing })
    return translatedWire(codec, other.wire)
  }
  if (framing === undefined) return undefined
  return createWire({ codec: wire.codec, framing: framingNamed(framing), envelope: spoken.envelope })
}

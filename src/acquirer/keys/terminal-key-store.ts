// Working keys by terminal id, ready for use.

import type { Mac } from '../../crypto/mac/mac.js'
import type { PinCipher } from '../../crypto/pin/pin-cipher.js'

export interface TerminalKeyring {
  readonly mac: Mac | undefined
  /** Signs answers, where another key does than that of requests. */
  readonly answerMac?: Mac | undefined
  readonly pinCipher: PinCipher | undefined
  /** Undefined for standing keys. */
  readonly given?: {
    /** Trace numbers of the terminal's last sign-ons. They were given to the last one. */
    readonly stans: readonly string[]
    readonly scheme: string
    /** That gave them, as it stands in the answer. */
    readonly text: string
  }
}

export interface TerminalKeyStore {
  /** The terminal's own keys, else the standing ones. */
  of(terminal: string): TerminalKeyring
  put(terminal: string, keyring: TerminalKeyring): void
}

/**
 * Terminals whose keys are kept: as many as one host of an acquirer serves. Beyond it the one that signed on longest ago
 * is forgotten, and has to sign on again: whoever makes up terminal ids cannot fill the memory.
 */
export const mostTerminals = 100_000

export function createTerminalKeyStore(standing: TerminalKeyring, most = mostTerminals): TerminalKeyStore {
  const keyrings = new Map<string, TerminalKeyring>()
  return {
    of: (terminal) => keyrings.get(terminal) ?? standing,
    put(terminal, keyring) {
      keyrings.delete(terminal)
      if (keyrings.size >= most) keyrings.delete(keyrings.keys().next().value as string)
      keyrings.set(terminal, keyring)
    },
  }
}

// A message authentication code is here a function of the covered bytes, made once per key.

/** The MAC of `bytes`, as its algorithm puts it on the wire: 8 bytes, 16 for CMAC and SM4. Never changes `bytes`. */
export type Mac = (bytes: Uint8Array) => Uint8Array

/** Shorter MACs than this are no check at all: ANSI X9.9 and X9.19 send at least 32 bits. */
const shortestMacBytes = 4

/**
 * True when `received` is `computed`, or its first bytes: a field of 8 bytes carries the first half of a 16-byte MAC,
 * and some hosts send only 4 bytes. Less than 4 bytes never match.
 */
export function macMatches(computed: Uint8Array, received: Uint8Array): boolean {
  if (received.length < shortestMacBytes || received.length > computed.length) return false
  return received.every((byte, index) => byte === computed[index])
}

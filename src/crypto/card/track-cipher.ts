// Track encryption of CUP terminals (sign-on with 60.3 = 004): 16 digits near the end of a track, 8 bytes, under the
// TDK. The separator `=` counts as D, and the enciphered digits are hex, so the track keeps its length.

import type { BlockCipher } from '../ciphers/block-cipher.js'
import { CryptoError } from '../crypto-error.js'
import { fromHex, toHex } from '../hex.js'

/**
 * The track with its part enciphered: hex digits, upper case, D for the separator.
 * @throws CryptoError `track` when it is too short or holds anything but hex digits and `=`.
 */
export const encipherTrack = (cipher: BlockCipher, track: string): string => change(track, cipher.encrypt)

/** The same back. The separator stays D. */
export const decipherTrack = (cipher: BlockCipher, track: string): string => change(track, cipher.decrypt)

const partDigits = 16

function change(track: string, step: (bytes: Uint8Array) => Uint8Array): string {
  const digits = track.toUpperCase().replaceAll('=', 'D')
  // Packed, the part ends one byte before the track does: an odd track's last byte holds one digit, an even one's two.
  const end = digits.length - (digits.length % 2 === 0 ? 2 : 1)
  const start = end - partDigits
  if (start < 0)
    throw new CryptoError('track', `a track of ${track.length} characters is too short to encipher; 17 are needed`)
  if (!/^[0-9A-F]+$/.test(digits)) throw new CryptoError('track', 'a track holds digits and a separator only')
  return digits.slice(0, start) + toHex(step(fromHex(digits.slice(start, end), 'track'))) + digits.slice(end)
}

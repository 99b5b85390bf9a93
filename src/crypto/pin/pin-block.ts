// Clear PIN blocks of 8 bytes: ISO 9564-1 formats 0, 1, 2 and 3, and CUP's variant without PAN. The caller enciphers
// them, as one block of DES. Format 4 is enciphered while it is built, so it lives in pin-block-4.ts.

import type { Random } from '../../base/random.js'
import { xor } from '../ciphers/xor.js'
import { CryptoError } from '../crypto-error.js'
import { fromHex, toHex } from '../hex.js'
import { accountDigits, requirePan } from './pan.js'

/** `cup-no-pan` (DE53 digit 1 = 1): length byte, PIN, F. */
export type PinBlockFormat = 'iso-0' | 'iso-1' | 'iso-2' | 'iso-3' | 'cup-no-pan'

export interface PinBlockInput {
  readonly format: PinBlockFormat
  /** 4 to 12 digits. */
  readonly pin: string
  /** Formats 0 and 3 need it. */
  readonly pan?: string
  /** Formats 1 and 3 fill up with it. */
  readonly random?: Pick<Random, 'below'>
}

/**
 * The clear block of 8 bytes.
 * @throws CryptoError `pin`, `pan`, or `data-length` when formats 1 and 3 have nothing to fill up with.
 */
export function encodePinBlock({ format, pin, pan, random }: PinBlockInput): Uint8Array {
  const { control, usesPan, fill } = layouts[format]
  const start = control + lengthDigit(pin) + pin
  const field = fromHex(start + filler(16 - start.length, fill, random))
  return usesPan ? xor(field, panField(pan)) : field
}

/**
 * The PIN in a clear block.
 * @throws CryptoError `pin-block` when the block is not of this format: wrong key, PAN or format.
 */
export function decodePinBlock({ format, block, pan }: Omit<PinBlockInput, 'pin'> & { block: Uint8Array }): string {
  const { control, usesPan, fill } = layouts[format]
  if (block.length !== 8) throw new CryptoError('data-length', `a PIN block has 8 bytes, this one has ${block.length}`)
  const digits = toHex(usesPan ? xor(block, panField(pan)) : block)
  const length = Number.parseInt(digits[1]!, 16)
  const pin = digits.slice(2, 2 + length)
  const rest = [...digits.slice(2 + length)]
  const isGood = digits[0] === control && isPin(pin) && rest.every((digit) => fill.includes(digit))
  if (!isGood) throw notOfFormat(format)
  return pin
}

/** One hex digit. @throws CryptoError `pin` unless the PIN is 4 to 12 digits. */
export function lengthDigit(pin: string): string {
  if (!isPin(pin)) throw new CryptoError('pin', 'a PIN has 4 to 12 digits')
  return pin.length.toString(16).toUpperCase()
}

export const isPin = (text: string): boolean => /^\d{4,12}$/.test(text)

export const notOfFormat = (format: string): CryptoError =>
  new CryptoError('pin-block', `the block is no ${format} PIN block: another key, PAN or format made it`)

interface Layout {
  readonly control: string
  readonly usesPan: boolean
  /** The hex digits that may stand behind the PIN; one of them at random where there are several. */
  readonly fill: string
}

const layouts: Readonly<Record<PinBlockFormat, Layout>> = {
  'iso-0': { control: '0', usesPan: true, fill: 'F' },
  'iso-1': { control: '1', usesPan: false, fill: '0123456789ABCDEF' },
  'iso-2': { control: '2', usesPan: false, fill: 'F' },
  'iso-3': { control: '3', usesPan: true, fill: 'ABCDEF' },
  'cup-no-pan': { control: '0', usesPan: false, fill: 'F' },
}

function filler(length: number, fill: string, random: PinBlockInput['random']): string {
  if (fill.length === 1) return fill.repeat(length)
  if (random === undefined)
    throw new CryptoError('data-length', 'formats iso-1 and iso-3 need random digits to fill up')
  return Array.from({ length }, () => fill[random.below(fill.length)]).join('')
}

const panField = (pan: string | undefined): Uint8Array => fromHex(`0000${accountDigits(requirePan(pan))}`)

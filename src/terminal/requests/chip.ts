// The chip of a test card: which application it has, and the cryptogram over what it was told.

import { brandOf, cardBrandNamed } from '../../base/cards/brands.js'
import { type Cryptogram, type CryptogramVersion, createCryptogram } from '../../crypto/card/arqc.js'
import { fromHex, toHex } from '../../crypto/hex.js'

export interface ChipCard {
  readonly pan: string
  /** DE23: three digits. */
  readonly sequence: string
}

/** Makes the cryptograms of all cards of one issuer: their key is derived once for each card. */
export interface Chips {
  /** The same tags with their cryptogram (9F26) filled in; as they are where a tag is missing that it covers. */
  seal(tags: string, card: ChipCard): string
}

/** Cards whose keys are kept: some hundred bytes each. */
const mostCards = 10_000

/** `issuerKey`: MK-AC, 16 bytes. */
export function createChips(issuerKey: Uint8Array): Chips {
  const known = new Map<string, Cryptogram>()
  const cryptogramOf = (version: CryptogramVersion, { pan, sequence }: ChipCard): Cryptogram => {
    const name = `${version} ${pan} ${sequence}`
    const found = known.get(name)
    if (found !== undefined) return found
    if (known.size >= mostCards) known.clear()
    const made = createCryptogram(version, issuerKey, { pan, sequence: sequence.slice(-2).padStart(2, '0') })
    known.set(name, made)
    return made
  }
  return {
    seal(tags, card) {
      const at = placesOf(tags)
      const textOf = (tag: string) => {
        const place = at.get(tag)
        return place === undefined ? '' : tags.slice(place.from, place.to)
      }
      const place = at.get('9F26')
      const version = versions[textOf('9F10').slice(4, 6)]
      if (place === undefined || version === undefined || covered.some((tag) => !at.has(tag))) return tags
      const data = covered.map(textOf).join('') + version.issuerPart(textOf('9F10'))
      const arqc = cryptogramOf(version.name, card).arqc({
        atc: fromHex(textOf('9F36'), 'tag 9F36'),
        data: fromHex(data, 'tags of field 55'),
      })
      return tags.slice(0, place.from) + toHex(arqc) + tags.slice(place.to)
    },
  }
}

/** In this order, before the issuer's data (EMV Book 2 section 8.1.1, JR/T 0025.5). */
const covered = ['9F02', '9F03', '9F1A', '95', '5F2A', '9A', '9C', '9F37', '82', '9F36'] as const

interface Version {
  readonly name: CryptogramVersion
  readonly issuerPart: (issuerData: string) => string
}

/** Bytes four to seven: the card's verification results. */
const cardResults = (issuerData: string) => issuerData.slice(6, 14)

/** The version, by the third byte of 9F10. */
const versions: Readonly<Record<string, Version>> = {
  '01': { name: 'pboc-cvn01', issuerPart: cardResults },
  '0A': { name: 'visa-cvn10', issuerPart: cardResults },
  '12': { name: 'visa-cvn18', issuerPart: (issuerData) => issuerData },
}

/** The value of an outermost tag in hex of BER-TLV; undefined where it is not there. */
export function tagIn(hex: string, tag: string): string | undefined {
  const place = placesOf(hex).get(tag)
  return place && hex.slice(place.from, place.to)
}

/** The places of the outermost tags' values in hex of BER-TLV (ISO/IEC 8825-1); up to where it stops being that. */
function placesOf(hex: string): ReadonlyMap<string, { readonly from: number; readonly to: number }> {
  const places = new Map<string, { readonly from: number; readonly to: number }>()
  for (let at = 0; at < hex.length; ) {
    const isLong = (byteAt(hex, at) & 0x1f) === 0x1f
    const lengthAt = at + (isLong ? 4 : 2)
    const length = byteAt(hex, lengthAt)
    const from = lengthAt + 2
    const to = from + 2 * length
    if (!(length < 0x80) || to > hex.length) break
    places.set(hex.slice(at, lengthAt), { from, to })
    at = to
  }
  return places
}

const byteAt = (hex: string, at: number) => Number.parseInt(hex.slice(at, at + 2), 16)

/** The application (tag 84) of the brand that the number belongs to; Visa's for others. */
export const applicationOf = (pan: string): string => (brandOf(pan) ?? cardBrandNamed('visa')).application

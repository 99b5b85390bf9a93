// Whether the issuer wrote a card's data: the verification values of a request against those that the issuer's key gives.

import type { Peek } from '../../codec/codec.js'
import type { SecurityRules } from '../../codec/rules/security-rules.js'
import { cardVerificationValue, verificationServiceCodes } from '../../crypto/card/cvv.js'
import { CryptoError } from '../../crypto/crypto-error.js'

/** Card number, expiry (YYMM), service code, discretionary data (ISO/IEC 7813). */
const trackForm = /^(\d{8,19})[=D](\d{4})(\d{3})(\d*)/
const valueDigits = 3

export type CardCheck = (request: CardFields) => 'valid' | 'wrong' | undefined

/** Undefined for a request that carries no value. The CVV or iCVV of the track is looked at, then the CVV2 of the panel. */
export function createCardCheck(rules: CardCheckRules, key: Uint8Array): CardCheck {
  const isRight = (card: { pan: string; expiry: string; serviceCode: string }, value: string) => {
    try {
      return value === cardVerificationValue({ key, ...card })
    } catch (error) {
      // Data that is none has no value.
      if (error instanceof CryptoError) return false
      throw error
    }
  }
  return (request) => {
    const track = request.text(rules.track.field)
    const panel = partOf(request, rules.panel)
    if (track === undefined && panel === undefined) return undefined
    const [, pan = '', expiry = '', serviceCode = '', rest = ''] = trackForm.exec(track ?? '') ?? []
    const stripe = rest.slice(rules.track.from, rules.track.from + valueDigits)
    const code = rules.chip.values.includes(partOf(request, rules.chip) ?? '')
      ? verificationServiceCodes.icvv
      : serviceCode
    if (track !== undefined && !isRight({ pan, expiry, serviceCode: code }, stripe)) return 'wrong'
    if (panel === undefined) return 'valid'
    const card = { pan: request.text(panField) ?? pan, expiry: request.text(rules.expiry) ?? expiry }
    return isRight({ ...card, serviceCode: verificationServiceCodes.cvv2 }, panel) ? 'valid' : 'wrong'
  }
}

type CardCheckRules = NonNullable<SecurityRules['cardCheck']>
export type CardFields = Pick<Peek, 'text'>

/** DE2 in every version of ISO 8583. */
const panField = 2

function partOf(
  request: CardFields,
  part: { readonly field: number; readonly from?: number; readonly to?: number } | undefined,
) {
  return part && request.text(part.field)?.slice(part.from, part.to)
}

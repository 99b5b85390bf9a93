// The data of a chip card and its terminal for a sale (data element 55, EMV Book 3 annex A), with gaps for the parts
// that change.
//
// The cryptogram (9F26) covers amounts, country, verification results, currency, date, type, number, profile and counter.

/** Tag, bytes (or the gap that says them), value. */
type Row = readonly [tag: string, bytes: number | string, value: string]

export interface ChipProfile {
  /** Issuer application data (9F10): its third byte says how the cryptogram is made. */
  readonly issuerData: string
  /** The country of the terminal: ISO 3166 numeric, in four digits. */
  readonly country: string
  /** Version of the application (9F09). */
  readonly version: string
}

/** PBOC: cryptogram version 01, and issuer data of ten bytes behind it. */
export const pbocProfile: ChipProfile = {
  issuerData: '07010103A0B802010A0100000000001A2B3C4D',
  country: '0156',
  version: '0030',
}

/** Visa's cryptogram version 10, which other schemes' test hosts take as well. */
export const cvn10Profile: ChipProfile = { issuerData: '06010A03A0B800', country: '0840', version: '008C' }

const rowsOf = ({ issuerData, country, version }: ChipProfile): readonly Row[] => [
  ['9F26', 8, '{chip.cryptogram}'],
  // An authorisation is asked for: ARQC.
  ['9F27', 1, '80'],
  ['9F10', issuerData.length / 2, issuerData],
  ['9F37', 4, '{chip.number}'],
  ['9F36', 2, '{chip.counter}'],
  // Floor limit exceeded.
  ['95', 5, '0000008000'],
  ['9A', 3, '{local:YYMMDD}'],
  ['9C', 1, '00'],
  ['9F02', 6, '{amount}'],
  ['5F2A', 2, '0{currency}'],
  ['82', 2, '7C00'],
  ['9F1A', 2, country],
  ['9F03', 6, '000000000000'],
  ['9F33', 3, 'E0F8C8'],
  // Signature, always, result not known.
  ['9F34', 3, '1E0300'],
  // Attended, online only, operated by a merchant.
  ['9F35', 1, '22'],
  ['9F1E', 8, '3030303030303031'],
  ['84', '{chip.applicationBytes}', '{chip.application}'],
  ['9F09', 2, version],
  ['9F41', 4, '00{stan}'],
]

/** For a field that holds tags. */
export const chipTags = (profile: ChipProfile): Record<string, string> =>
  Object.fromEntries(rowsOf(profile).map(([tag, , value]) => [tag, value]))

/** For a field of bytes or text whose inside the dialect does not tell apart: the same as hex. */
export const chipHex = (profile: ChipProfile): string =>
  rowsOf(profile)
    .map(([tag, bytes, value]) => tag + lengthOf(bytes) + value)
    .join('')

const lengthOf = (bytes: number | string) =>
  typeof bytes === 'string' ? bytes : bytes.toString(16).toUpperCase().padStart(2, '0')

// ISO 4217: the number that messages carry for the letters that people write.

/** ISO 4217 letters to number, for the currencies that amounts may be written in. */
const numericOf: Record<string, string> = {
  AED: '784',
  AUD: '036',
  BHD: '048',
  BRL: '986',
  CAD: '124',
  CHF: '756',
  CNY: '156',
  EUR: '978',
  GBP: '826',
  HKD: '344',
  INR: '356',
  JPY: '392',
  KES: '404',
  KRW: '410',
  KWD: '414',
  MOP: '446',
  MXN: '484',
  MYR: '458',
  NGN: '566',
  PHP: '608',
  PKR: '586',
  SAR: '682',
  SGD: '702',
  THB: '764',
  TRY: '949',
  TWD: '901',
  USD: '840',
  VND: '704',
  ZAR: '710',
}

export const knownCurrencies: readonly string[] = Object.keys(numericOf)
export const knownNumericCurrencies: readonly string[] = Object.values(numericOf)

/** Three digits; undefined for letters that are not in the table. */
export function numericCurrency(letters: string): string | undefined {
  return Object.hasOwn(numericOf, letters) ? numericOf[letters] : undefined
}

const lettersOf: ReadonlyMap<string, string> = new Map(
  Object.entries(numericOf).map(([letters, numeric]) => [numeric, letters]),
)

/** ISO 4217 letters for three digits; undefined for digits that are not in the table. */
export const currencyLetters = (numeric: string): string | undefined => lettersOf.get(numeric)

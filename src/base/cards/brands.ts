// The brands of cards: the numbers that each was given, and those of them that are published for tests. No test card has another BIN.

/** Numbers that begin with `from` to `to`, digits of equal length. */
interface BinRange {
  readonly from: string
  readonly to: string
}

export interface CardBrand {
  readonly name: CardBrandName
  /** The ranges of ISO/IEC 7812 that the brand publishes. */
  readonly ranges: readonly BinRange[]
  /** Digits of a card number, the usual one first. */
  readonly lengths: readonly number[]
  /** Eight digits each, the beginnings of numbers that schemes and processors publish for tests. */
  readonly testBins: readonly string[]
  /** Service codes (ISO/IEC 7813) of a card with a stripe alone, and of one with a chip as well. */
  readonly serviceCodes: { readonly stripe: string; readonly chip: string }
  /** The application of the chip (EMV tag 84), hex. */
  readonly application: string
}

export const cardBrandNames = [
  'visa',
  'mastercard',
  'amex',
  'jcb',
  'diners',
  'discover',
  'unionpay',
  'maestro',
] as const
export type CardBrandName = (typeof cardBrandNames)[number]

const range = (from: string, to = from): BinRange => ({ from, to })

/** International, no restriction: 1xx without, 2xx with a chip. */
const anywhere = { stripe: '101', chip: '201' }
/** With the PIN, where there is a keypad for it. */
const withPin = { stripe: '120', chip: '220' }

export const cardBrands: readonly CardBrand[] = [
  {
    name: 'visa',
    ranges: [range('4')],
    lengths: [16],
    testBins: ['41111111', '40128888', '42424242'],
    serviceCodes: anywhere,
    application: 'A0000000031010',
  },
  {
    name: 'mastercard',
    ranges: [range('51', '55'), range('2221', '2720')],
    lengths: [16],
    testBins: ['55555555', '51051051', '22230000', '22224200'],
    serviceCodes: anywhere,
    application: 'A0000000041010',
  },
  {
    name: 'amex',
    ranges: [range('34'), range('37')],
    lengths: [15],
    testBins: ['37828224', '37144963'],
    serviceCodes: anywhere,
    application: 'A0000000250104',
  },
  {
    name: 'jcb',
    ranges: [range('3528', '3589')],
    lengths: [16],
    testBins: ['35660020', '35301113'],
    serviceCodes: anywhere,
    application: 'A0000000651010',
  },
  {
    name: 'diners',
    ranges: [range('300', '305'), range('3095'), range('36'), range('38', '39')],
    lengths: [14],
    testBins: ['30569309', '38520000', '36259600'],
    serviceCodes: anywhere,
    application: 'A0000001523010',
  },
  {
    name: 'discover',
    ranges: [range('6011'), range('644', '649'), range('65')],
    lengths: [16],
    testBins: ['60111111', '60110009'],
    serviceCodes: anywhere,
    application: 'A0000001523010',
  },
  {
    name: 'unionpay',
    ranges: [range('62'), range('81')],
    lengths: [16, 17, 18, 19],
    testBins: ['62000000', '62123456', '62430300'],
    serviceCodes: withPin,
    application: 'A000000333010101',
  },
  {
    name: 'maestro',
    ranges: [range('50'), range('56', '59'), range('639'), range('67')],
    lengths: [16, 12, 13, 18, 19],
    testBins: ['67596498', '67595600', '50339619'],
    serviceCodes: withPin,
    application: 'A0000000043060',
  },
]

export const cardBrandNamed = (name: CardBrandName): CardBrand =>
  cardBrands.find((brand) => brand.name === name) as CardBrand

/** The brand that a card number, or its first digits, belongs to; undefined for one that stands in no range. */
export function brandOf(pan: string): CardBrand | undefined {
  return cardBrands.find(({ ranges }) =>
    ranges.some(({ from, to }) => {
      const start = pan.slice(0, from.length)
      return start.length === from.length && start >= from && start <= to
    }),
  )
}

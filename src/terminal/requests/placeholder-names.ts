// The names that a terminal's messages may have in braces, beside {utc:…} and {local:…}.

/** The names that every message has. */
const always = [
  'stan',
  'amount',
  'currency',
  'terminal',
  'merchant',
  'batch',
  'operator',
  'rrn',
  'card.pan',
  'card.expiry',
  'card.track2',
  'card.track1',
  'card.serviceCode',
  'card.sequence',
  'card.chipTrack2',
  'card.cvv2',
  'chip.application',
  'chip.applicationBytes',
  'chip.counter',
  'chip.cryptogram',
  'chip.number',
  'pinBlock',
  'ksn',
] as const

/** `original.61` is a field of the request that is named, `original.55.9F36` a tag in it; the others, what it was and what was answered. */
const originalName = /^original\.([1-9]\d{0,2}(\.([0-9A-F]{2}){1,4})?|mti|stan|batch|amount|rrn|authCode|date)$/
/** Totals with their number of digits. */
const totalsName = /^totals\.((debit|credit)(Reversal)?(Amount|Count)|net)\.\d{1,2}$/
const uploadName = /^upload\.(records|count\.\d{1,2})$/
const payoutName = /^payout\.(amount|date|transactions)$/

/** Names in `text` that belong to a family; a text without any is an ordinary one. */
export function familyNames(text: string): readonly string[] {
  const names = [...text.matchAll(/\{([^{}]*)\}/g)].map(([, name]) => name as string)
  const families = [originalName, totalsName, uploadName, payoutName]
  return names.filter((name) => name === 'reason' || families.some((family) => family.test(name)))
}

/** All names that `text` may have. */
export const namesFor = (text: string): readonly string[] => [...always, ...familyNames(text)]

/** Values of the usual widths, to see whether a message can be packed at all. */
const samples: Readonly<Record<string, string>> = {
  stan: '000001',
  amount: '000000000100',
  currency: '156',
  terminal: '00000001',
  merchant: '000000000000001',
  batch: '000001',
  operator: '01',
  rrn: '000000000001',
  'card.pan': '6200000000000005',
  'card.expiry': '3012',
  'card.track2': '6200000000000005=30122010000000000',
  'card.track1': 'B6200000000000005^CARD/TEST^30122010000000000',
  'card.serviceCode': '201',
  'card.sequence': '001',
  'card.chipTrack2': '6200000000000005=30122010000000000',
  'card.cvv2': '000',
  'chip.application': 'A0000000031010',
  'chip.applicationBytes': '07',
  'chip.counter': '0001',
  'chip.cryptogram': '0000000000000000',
  'chip.number': '00000001',
}

/** A text such as the name stands for; nothing for what an earlier transaction would say. */
export const sampleText = (name: string): string => samples[name] ?? ''

// The packagers of jPOS that hold sub-fields, as data: how each finds the field inside.

/**
 * `fields`: in order or by a bitmap; `tagged`: each with its number; `ber`: BER-TLV; `datasets`: of 2003 and 2023; `whole`: kept as bytes, because
 * what is inside cannot be described by a spec file alone.
 */
export interface Container {
  readonly kind: 'fields' | 'tagged' | 'ber' | 'datasets' | 'whole'
  /** Sub-field that holds the bitmap when no attribute says. */
  readonly bitmapField?: 0 | 1
  /** First sub-field without a bitmap when no attribute says. */
  readonly firstField?: 0 | 1
}

export const containers: Readonly<Record<string, Container>> = {
  GenericPackager: { kind: 'fields', bitmapField: 1, firstField: 0 },
  GenericValidatingPackager: { kind: 'fields', bitmapField: 1, firstField: 0 },
  GenericSubFieldPackager: { kind: 'fields', bitmapField: 1, firstField: 1 },
  Base1SubFieldPackager: { kind: 'fields', bitmapField: 0, firstField: 0 },
  EuroSubFieldPackager: { kind: 'tagged' },
  MasterCardEBCDICSubFieldPackager: { kind: 'tagged' },
  GICCSubFieldPackager: { kind: 'tagged' },
  GenericTaggedFieldsPackager: { kind: 'tagged' },
  TaggedSequencePackager: { kind: 'tagged' },
  BERTLVBinaryPackager: { kind: 'ber' },
  BERTLVAsciiHexPackager: { kind: 'ber' },
  BERTLVEbcdicHexPackager: { kind: 'ber' },
  ICCDataPackager: { kind: 'ber' },
  DatasetPackager: { kind: 'datasets' },
  CTCSubFieldPackager: { kind: 'whole' },
  CTCSubElementPackager: { kind: 'whole' },
  VISA1Packager: { kind: 'whole' },
  XMLPackager: { kind: 'whole' },
  FSDPackager: { kind: 'whole' },
}

export const refusedContainers: Readonly<Record<string, string>> = {
  X92GenericPackager: 'is for ANSI X9.2, which is not ISO 8583; X9.2 packagers cannot be imported',
  X92Packager: 'is for ANSI X9.2, which is not ISO 8583; X9.2 packagers cannot be imported',
}

// Data element 127 of Postilion PostBridge: fields behind a binary bitmap, as public packager files have them.

import { type FieldDefinition, field, type Inside } from '../dialect.js'

const fields: Readonly<Record<string, FieldDefinition>> = {
  2: field('switchKey', 'ans..32'),
  3: field('routingInformation', 'ans 48'),
  4: field('posData', 'ans 22'),
  5: field('serviceStationData', 'ans 73'),
  6: field('authorizationProfile', 'n 2'),
  7: field('checkData', 'ans..50'),
  8: field('retentionData', 'ans...128'),
  9: field('additionalNodeData', 'ans...255'),
  10: field('cvv2', 'n 3', { mask: 'all' }),
  11: field('originalKey', 'ans..32'),
  12: field('terminalOwner', 'ans..25'),
  13: field('posGeographicData', 'ans 17'),
  14: field('sponsorBank', 'ans 8'),
  15: field('addressVerificationRequest', 'ans..29'),
  16: field('addressVerificationResponse', 'ans 1'),
  17: field('cardholderInformation', 'ans..50'),
  18: field('validationData', 'ans..50'),
  19: field('bankDetails', 'ans 45'),
  20: field('authorizerSettlementDate', 'n 8'),
  21: field('recordIdentification', 'ans..12'),
  22: field('structuredData', 'ans.....99999'),
  23: field('payeeNameAddress', 'ans 253'),
  24: field('payerAccount', 'ans..28', { mask: 'all' }),
  25: field('chipData', 'ans....8000', { mask: 'all' }),
  26: field('originalNode', 'ans..20'),
}

export const postilionField127: Inside = {
  kind: 'bitmap',
  bitmap: { encoding: 'binary', bytes: 8, extends: 'fixed' },
  fields,
}

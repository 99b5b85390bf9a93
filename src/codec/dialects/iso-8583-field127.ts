// Data element 127 as the npm library iso_8583 has it: a bitmap of its own, and inside 127.25 another, in hex digits.
//
// The names of 127.25.5 to 127.25.7 follow the order of the fields. 127.32 is called binary by the library, which sends it
// as the hex digits that it was given.

import type { FieldDefinition, Inside } from '../dialect.js'
import { wholeField } from './whole-field.js'

const chipFields: Readonly<Record<string, FieldDefinition>> = {
  2: wholeField('amountAuthorized', 'n 12'),
  3: wholeField('amountOther', 'n 12'),
  4: wholeField('applicationIdentifier', 'ans..32'),
  5: wholeField('applicationInterchangeProfile', 'ans 4'),
  6: wholeField('applicationTransactionCounter', 'ans 4'),
  7: wholeField('applicationUsageControl', 'ans 4'),
  8: wholeField('authorizationResponseCode', 'an 2'),
  9: wholeField('cardAuthenticationReliabilityIndicator', 'n 1'),
  10: wholeField('cardAuthenticationResultCode', 'ans 1'),
  11: wholeField('chipConditionCode', 'n 1'),
  12: wholeField('cryptogram', 'ans 16'),
  13: wholeField('cryptogramInformationData', 'ans 2'),
  14: wholeField('cvmList', 'ans...504'),
  15: wholeField('cvmResults', 'ans 6'),
  16: wholeField('interfaceDeviceName', 'an 8'),
  17: wholeField('issuerActionCode', 'ans 11'),
  18: wholeField('issuerApplicationData', 'ans..64'),
  19: wholeField('issuerScriptResults', 'ans...507'),
  20: wholeField('terminalApplicationVersionNumber', 'ans 4'),
  21: wholeField('terminalCapabilities', 'ans 6'),
  22: wholeField('terminalCountryCode', 'n 3'),
  23: wholeField('terminalType', 'n 2'),
  24: wholeField('terminalVerificationResults', 'ans 10'),
  25: wholeField('transactionCategoryCode', 'ans 1'),
  26: wholeField('transactionCurrencyCode', 'n 3'),
  27: wholeField('transactionDate', 'n 6'),
  28: wholeField('transactionSequenceCounter', 'n.8'),
  29: wholeField('transactionType', 'n 2'),
  30: wholeField('unpredictableNumber', 'ans 8'),
  31: wholeField('issuerAuthenticationData', 'ans..32'),
  32: wholeField('issuerScriptTemplate1', 'ans....3354'),
  33: wholeField('issuerScriptTemplate2', 'ans....3354'),
}

const chipData: Inside = {
  kind: 'bitmap',
  bitmap: { encoding: 'hex', bytes: 8, extends: 'fixed' },
  fields: chipFields,
}

const fields: Readonly<Record<string, FieldDefinition>> = {
  2: wholeField('switchKey', 'n..32'),
  3: wholeField('routingInformation', 'ans 48'),
  4: wholeField('posData', 'ans 22'),
  5: wholeField('serviceStationData', 'ans 73'),
  6: wholeField('authorizationProfile', 'n 2'),
  7: wholeField('checkData', 'ans..50'),
  8: wholeField('retentionData', 'ans...999'),
  9: wholeField('additionalNodeData', 'ans...255'),
  10: wholeField('cvv2', 'n 3'),
  11: wholeField('originalKey', 'ans..32'),
  12: wholeField('terminalOwner', 'ans..25'),
  13: wholeField('posGeographicData', 'ans 17'),
  14: wholeField('sponsorBank', 'ans 8'),
  15: wholeField('addressVerificationData', 'ans..29'),
  16: wholeField('addressVerificationResult', 'ans 1'),
  17: wholeField('cardholderInformation', 'ans..50'),
  18: wholeField('validationData', 'ans..50'),
  19: wholeField('bankDetails', 'ans 31'),
  20: wholeField('originatorSettlementDate', 'n 8'),
  21: wholeField('recordIdentification', 'ans..12'),
  22: wholeField('structuredData', 'ans.....99999'),
  23: wholeField('payeeNameAndAddress', 'ans 253'),
  24: wholeField('payerAccount', 'ans..28'),
  25: wholeField('chipData', 'ans....8000', { inside: chipData }),
  26: wholeField('originalNode', 'ans..12'),
  27: wholeField('cardVerificationResult', 'ans 1'),
  28: wholeField('americanExpressCardIdentifier', 'n 4'),
  29: wholeField('threeDSecureData', 'b 20'),
  30: wholeField('threeDSecureResult', 'ans 1'),
  31: wholeField('issuerNetworkId', 'ans..11'),
  32: wholeField('ucafData', 'an..33'),
  33: wholeField('extendedTransactionType', 'n 4'),
  34: wholeField('accountTypeQualifiers', 'n 2'),
  35: wholeField('acquirerNetworkId', 'ans..11'),
  36: wholeField('customerId', 'ans..25'),
  37: wholeField('extendedResponseCode', 'an 4'),
  38: wholeField('additionalPosDataCode', 'an..99'),
  39: wholeField('originalResponseCode', 'an 2'),
}

export const field127: FieldDefinition = {
  name: 'privateData',
  format: 'b......999999',
  mask: 'all',
  inside: { kind: 'bitmap', bitmap: { encoding: 'binary', bytes: 8, extends: 'fixed' }, fields },
}

// Data element 127 as the npm library iso_8583 has it: a bitmap of its own, and inside 127.25 another, in hex digits.
//
// The names of 127.25.5 to 127.25.7 follow the order of the fields. 127.32 is called binary by the library, which sends it
// as the hex digits that it was given.

import type { FieldDefinition, Inside } from '../dialect.js'
import { whole } from './whole-field.js'

const chipFields: Readonly<Record<string, FieldDefinition>> = {
  2: whole('amountAuthorized', 'n 12'),
  3: whole('amountOther', 'n 12'),
  4: whole('applicationIdentifier', 'ans..32'),
  5: whole('applicationInterchangeProfile', 'ans 4'),
  6: whole('applicationTransactionCounter', 'ans 4'),
  7: whole('applicationUsageControl', 'ans 4'),
  8: whole('authorizationResponseCode', 'an 2'),
  9: whole('cardAuthenticationReliabilityIndicator', 'n 1'),
  10: whole('cardAuthenticationResultCode', 'ans 1'),
  11: whole('chipConditionCode', 'n 1'),
  12: whole('cryptogram', 'ans 16'),
  13: whole('cryptogramInformationData', 'ans 2'),
  14: whole('cvmList', 'ans...504'),
  15: whole('cvmResults', 'ans 6'),
  16: whole('interfaceDeviceName', 'an 8'),
  17: whole('issuerActionCode', 'ans 11'),
  18: whole('issuerApplicationData', 'ans..64'),
  19: whole('issuerScriptResults', 'ans...507'),
  20: whole('terminalApplicationVersionNumber', 'ans 4'),
  21: whole('terminalCapabilities', 'ans 6'),
  22: whole('terminalCountryCode', 'n 3'),
  23: whole('terminalType', 'n 2'),
  24: whole('terminalVerificationResults', 'ans 10'),
  25: whole('transactionCategoryCode', 'ans 1'),
  26: whole('transactionCurrencyCode', 'n 3'),
  27: whole('transactionDate', 'n 6'),
  28: whole('transactionSequenceCounter', 'n.8'),
  29: whole('transactionType', 'n 2'),
  30: whole('unpredictableNumber', 'ans 8'),
  31: whole('issuerAuthenticationData', 'ans..32'),
  32: whole('issuerScriptTemplate1', 'ans....3354'),
  33: whole('issuerScriptTemplate2', 'ans....3354'),
}

const chipData: Inside = {
  kind: 'bitmap',
  bitmap: { encoding: 'hex', bytes: 8, extends: 'fixed' },
  fields: chipFields,
}

const fields: Readonly<Record<string, FieldDefinition>> = {
  2: whole('switchKey', 'n..32'),
  3: whole('routingInformation', 'ans 48'),
  4: whole('posData', 'ans 22'),
  5: whole('serviceStationData', 'ans 73'),
  6: whole('authorizationProfile', 'n 2'),
  7: whole('checkData', 'ans..50'),
  8: whole('retentionData', 'ans...999'),
  9: whole('additionalNodeData', 'ans...255'),
  10: whole('cvv2', 'n 3'),
  11: whole('originalKey', 'ans..32'),
  12: whole('terminalOwner', 'ans..25'),
  13: whole('posGeographicData', 'ans 17'),
  14: whole('sponsorBank', 'ans 8'),
  15: whole('addressVerificationData', 'ans..29'),
  16: whole('addressVerificationResult', 'ans 1'),
  17: whole('cardholderInformation', 'ans..50'),
  18: whole('validationData', 'ans..50'),
  19: whole('bankDetails', 'ans 31'),
  20: whole('originatorSettlementDate', 'n 8'),
  21: whole('recordIdentification', 'ans..12'),
  22: whole('structuredData', 'ans.....99999'),
  23: whole('payeeNameAndAddress', 'ans 253'),
  24: whole('payerAccount', 'ans..28'),
  25: whole('chipData', 'ans....8000', { inside: chipData }),
  26: whole('originalNode', 'ans..12'),
  27: whole('cardVerificationResult', 'ans 1'),
  28: whole('americanExpressCardIdentifier', 'n 4'),
  29: whole('threeDSecureData', 'b 20'),
  30: whole('threeDSecureResult', 'ans 1'),
  31: whole('issuerNetworkId', 'ans..11'),
  32: whole('ucafData', 'an..33'),
  33: whole('extendedTransactionType', 'n 4'),
  34: whole('accountTypeQualifiers', 'n 2'),
  35: whole('acquirerNetworkId', 'ans..11'),
  36: whole('customerId', 'ans..25'),
  37: whole('extendedResponseCode', 'an 4'),
  38: whole('additionalPosDataCode', 'an..99'),
  39: whole('originalResponseCode', 'an 2'),
}

export const field127: FieldDefinition = {
  name: 'privateData',
  format: 'b......999999',
  mask: 'all',
  inside: { kind: 'bitmap', bitmap: { encoding: 'binary', bytes: 8, extends: 'fixed' }, fields },
}

// The reasons for which payouts are held back by somebody else than the terms of settlement say.

/** Ids as options and settlement files name them, to the words of ledger and reports. */
export const outsideHolds = {
  risk: 'risk hold',
  account: 'account wrong or closed',
  quota: 'quota of the account',
  window: "outside the bank's window",
  returned: 'returned by the bank',
} as const

export type HoldId = keyof typeof outsideHolds
export type OutsideHold = (typeof outsideHolds)[HoldId]

export const holdIds = Object.keys(outsideHolds) as [HoldId, ...HoldId[]]

/** The merchant owes more than its account covers: the words of ledger and settlement files for it. */
export const ownShortage = 'balance'
export const isOwnShortage = (reason: string): boolean => reason === ownShortage

/** Undefined: the terms of settlement say so themselves, or the reason is in words of another. */
export const holdIdOf = (reason: string): HoldId | undefined =>
  holdIds.find((id) => reason.startsWith(outsideHolds[id]))

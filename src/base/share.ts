// The part of a run that one of several workers takes, in threads of one process or on many machines.

/** Part number `index`, from 0, of `of` parts: every `of`-th arrival and terminal. */
export interface Share {
  readonly index: number
  readonly of: number
}

export const wholeShare: Share = { index: 0, of: 1 }

/** Whether item number `place`, from 0, belongs to this share. */
export const takes = ({ index, of }: Share, place: number): boolean => place % of === index

/** As the command line says it: '3/20', from 1. */
export const shareText = ({ index, of }: Share): string => `${index + 1}/${of}`

// Which messages an acquirer answers, and which of these it serves beside its work, by their MTI.

import { answerMti, classOf } from '../codec/head/mti.js'

/**
 * The MTI of the answer to a request or an advice, and since ISO 8583:2003 to a notification. Undefined for what is not
 * answered: responses, earlier notifications, instructions, and what is no MTI.
 */
export function mtiOfAnswer(mti: string): string | undefined {
  return /^(\d\d[02]|2\d4)\d$/.test(mti) ? answerMti(mti) : undefined
}

/** Sign-on, echo, key change. */
export const isNetworkManagement = (mti: string): boolean => classOf(mti) === '8'

// The meaning of the four digits of a message type indicator (ISO 8583-1 §4.2): version, class, function, origin.

/** '0421' is '0430' when it is answered: the next function, and the origin without the mark of a repeat. */
export function answerMti(mti: string): string {
  return mti.substring(0, 2) + String(digit(mti, 2) + 1) + String(withoutRepeat(digit(mti, 3)))
}

/** '0420' is '0421' when it is sent again; a repeat stays as it is. */
export function repeatMti(mti: string): string {
  return mti.substring(0, 3) + String(withoutRepeat(digit(mti, 3)) + 1)
}

/** Origins 1, 3 and 5 are the repeats of 0, 2 and 4. */
export function isRepeat(mti: string): boolean {
  const origin = digit(mti, 3)
  return origin < 6 && origin % 2 === 1
}

/** The message as it was sent first: '0421' is '0420'. */
export function firstMti(mti: string): string {
  return isRepeat(mti) ? mti.substring(0, 3) + String(digit(mti, 3) - 1) : mti
}

/** Requests, advices, notifications and instructions have even functions; what answers them is odd. */
export function isAnswer(mti: string): boolean {
  return digit(mti, 2) % 2 === 1
}

/** '1' authorization, '2' financial, '4' reversal, '5' reconciliation, '8' network management. */
export function classOf(mti: string): string {
  return mti.charAt(1)
}

/** A request for an authorization or a payment, first or repeated; no advice of one. */
export function isPaymentRequest(mti: string): boolean {
  return (classOf(mti) === '1' || classOf(mti) === '2') && digit(mti, 2) === 0
}

/** '0' is 1987, '1' is 1993, '2' is 2003. */
export function versionOf(mti: string): string {
  return mti.charAt(0)
}

const digit = (mti: string, index: number) => mti.charCodeAt(index) - 0x30
const withoutRepeat = (origin: number) => (origin < 6 ? origin - (origin % 2) : origin)

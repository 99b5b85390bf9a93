// Which of {mac} and {pinBlock} a message carries: those that there are keys for. Pure.

import { UsageError } from '../../base/errors.js'
import type { Dialect, MessageDefinition } from '../../codec/dialect.js'

/** The things that the keys of a run can do for a message. */
export interface MessageKeys {
  readonly canSign: boolean
  readonly canEncipherPin: boolean
  /** The key of the chips' cryptograms (MK-AC); left out: the built-in test key. */
  readonly issuerKey?: Uint8Array | undefined
  /**
   * A value for a MAC field until the message is signed. Throws UsageError for a field that cannot hold one, CryptoError
   * for a key that the algorithm does not take.
   */
  blankMac(field: number): string
}

export interface ProtectedMessage {
  readonly definition: MessageDefinition
  /** The field that has to be signed; undefined when there is none. */
  readonly macField: number | undefined
}

/** Whether the message carries a MAC or a PIN block with these keys. */
export function isProtected({ fields }: MessageDefinition, { canSign, canEncipherPin }: MessageKeys): boolean {
  return Object.values(fields).some(
    (value) => (canSign && value === '{mac}') || (canEncipherPin && value === '{pinBlock}'),
  )
}

/** Without `keys` the message carries neither. Throws UsageError for a MAC that does not stand in the last field. */
export function protectedMessage(message: MessageDefinition, dialect: Dialect, keys?: MessageKeys): ProtectedMessage {
  const { pin } = dialect.rules.security ?? {}
  const numbersOf = (text: string) => Object.keys(message.fields).filter((key) => message.fields[key] === text)
  const macs = numbersOf('{mac}')
  const pins = numbersOf('{pinBlock}')
  const left = new Set([
    ...(keys?.canSign ? [] : macs),
    ...(keys?.canEncipherPin || pins.length === 0 ? [] : [...pins, ...(pin?.together ?? []).map(String)]),
  ])
  const fields = Object.fromEntries(Object.entries(message.fields).filter(([key]) => !left.has(key)))
  const [mac, second] = macs.filter((key) => !left.has(key)).map(Number)
  if (mac === undefined || keys === undefined) return { definition: { ...message, fields }, macField: undefined }
  const last = Math.max(...Object.keys(fields).map(Number))
  if (second !== undefined || mac !== last)
    throw new UsageError(`field ${mac}: {mac} stands in the last field of a message, which is ${last}`)
  return { definition: { ...message, fields: { ...fields, [mac]: keys.blankMac(mac) } }, macField: mac }
}

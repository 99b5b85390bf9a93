// Which of {mac}, {pinBlock}, {ksn} and {card.cvv2} a message carries: those that there are keys for. Pure.

import { UsageError } from '../../base/errors.js'
import type { Dialect, MessageDefinition } from '../../codec/dialect.js'

export interface Able {
  readonly canSign: boolean
  readonly canEncipherPin: boolean
}

/** The things that the keys of a run can do for a message. */
export interface MessageKeys extends Able {
  /** For a message that names its key serial number; undefined without a base derivation key, or a rule for it. */
  readonly underDukpt?: Able | undefined
  /** Card verification values can be made. */
  readonly canVerifyCards?: boolean
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
  /** The field of its key serial number; undefined for a message that is not under DUKPT. */
  readonly ksnField?: number | undefined
}

const serialGap = '{ksn}'
const unable: Able = { canSign: false, canEncipherPin: false }

/** The protection that the keys give this message: with a key serial number, those of DUKPT alone count. */
const abilityFor = ({ fields }: MessageDefinition, keys: MessageKeys | undefined): Able =>
  (Object.values(fields).includes(serialGap) ? keys?.underDukpt : keys) ?? unable

/** The parts that a message asks for and goes without, for want of a key. */
export type LeftOut = 'mac' | 'pin' | 'dukpt' | 'cvv2'

export function leftOutOf(message: MessageDefinition, keys: MessageKeys): readonly LeftOut[] {
  const values = Object.values(message.fields)
  const { canSign, canEncipherPin } = abilityFor(message, keys)
  const isDukpt = values.includes(serialGap)
  const lacksMac = values.includes('{mac}') && !canSign
  const lacksPin = values.includes('{pinBlock}') && !canEncipherPin
  return [
    ...(!isDukpt && lacksMac ? (['mac'] as const) : []),
    ...(!isDukpt && lacksPin ? (['pin'] as const) : []),
    ...(isDukpt && (lacksMac || lacksPin || keys.underDukpt === undefined) ? (['dukpt'] as const) : []),
    ...(values.includes('{card.cvv2}') && !keys.canVerifyCards ? (['cvv2'] as const) : []),
  ]
}

/** Whether the message carries a MAC or a PIN block with these keys. */
export function isProtected(message: MessageDefinition, keys: MessageKeys): boolean {
  const { canSign, canEncipherPin } = abilityFor(message, keys)
  return Object.values(message.fields).some(
    (value) => (canSign && value === '{mac}') || (canEncipherPin && value === '{pinBlock}'),
  )
}

/** Without `keys` the message carries neither. Throws UsageError for a MAC that does not stand in the last field. */
export function protectedMessage(message: MessageDefinition, dialect: Dialect, keys?: MessageKeys): ProtectedMessage {
  const { pin } = dialect.rules.security ?? {}
  const numbersOf = (text: string) => Object.keys(message.fields).filter((key) => message.fields[key] === text)
  const macs = numbersOf('{mac}')
  const pins = numbersOf('{pinBlock}')
  const serials = numbersOf(serialGap)
  const { canSign, canEncipherPin } = abilityFor(message, keys)
  const left = new Set([
    ...(canSign ? [] : macs),
    ...(canEncipherPin || pins.length === 0 ? [] : [...pins, ...(pin?.together ?? []).map(String)]),
    ...(canSign || canEncipherPin ? [] : serials),
    ...(keys?.canVerifyCards ? [] : numbersOf('{card.cvv2}')),
  ])
  const ksnField = serials.map(Number).find((field) => !left.has(String(field)))
  const fields = Object.fromEntries(Object.entries(message.fields).filter(([key]) => !left.has(key)))
  const [mac, second] = macs.filter((key) => !left.has(key)).map(Number)
  if (mac === undefined || keys === undefined)
    return { definition: { ...message, fields }, macField: undefined, ksnField }
  const last = Math.max(...Object.keys(fields).map(Number))
  if (second !== undefined || mac !== last)
    throw new UsageError(`field ${mac}: {mac} stands in the last field of a message, which is ${last}`)
  return { definition: { ...message, fields: { ...fields, [mac]: keys.blankMac(mac) } }, macField: mac, ksnField }
}

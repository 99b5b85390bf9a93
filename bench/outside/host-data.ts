// Requests as a host of the outside bench checks them, and a mix with PIN blocks for it.

import type { ScenarioData } from '../trial-data.js'
import type { Asked } from './world/host.js'

/** A mix in which some messages carry a PIN block; what is in it is nobody's. */
export function pinScenario(dialect: string): ScenarioData {
  const common = { 2: '{card.pan}', 3: '000000', 4: '{amount}', 11: '{stan}', 14: '{card.expiry}', 25: '00' }
  const card = { 35: '{card.track2}', 41: '{terminal}', 42: '{merchant}', 49: '{currency}', 52: '0A1B2C3D4E5F6071' }
  const cup = { 22: '021', 26: '12', 53: '2600000000000000', 60: '22{batch}00050' }
  const iso = { 7: '{utc:MMDDhhmmss}', 12: '{local:hhmmss}', 13: '{local:MMDD}', 22: '021', 37: '{rrn}' }
  const fields = { ...common, ...card, ...(dialect === 'cup-pos' ? cup : iso) }
  return { terminals: { mix: { sale: 5, withPin: 3, balance: 1 } }, messages: { withPin: { mti: '0200', fields } } }
}

/** All is there that a payment needs, and the card number has its check digit (ISO/IEC 7812-1 annex B). */
export function isPlausible({ process, amount, pan, message: { fields } }: Asked): boolean {
  const needed = process.startsWith('31') ? [2, 14, 35, 49] : [2, 4, 14, 35, 49]
  if (needed.some((field) => !fields.has(field)) || (needed.includes(4) && amount === 0)) return false
  const digits = [...pan].reverse().map(Number)
  const doubled = digits.map((digit, index) => (index % 2 === 0 ? digit : digit * 2 > 9 ? digit * 2 - 9 : digit * 2))
  return doubled.reduce((sum, digit) => sum + digit, 0) % 10 === 0 && fields.get(35)?.startsWith(pan) === true
}

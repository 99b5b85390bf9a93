// Who wants to know what becomes of money in doubt: told of each step, asked nothing.

import type { FundsKey } from '../../measure/money/funds.js'

export interface MoneyWatch {
  /** A transaction is in doubt: a reversal was made, or its advice is to be sent again. */
  owed(key: FundsKey, kind: 'reversal' | 'repeat'): void
  /** It was handed to a connection. `at`: ms of the clock. */
  sentAgain(key: FundsKey, at: number): void
  /** The host has acknowledged it, with this code; or the terminal has dropped it. */
  settled(key: FundsKey, state: 'acknowledged' | 'dropped', code: string | undefined): void
}

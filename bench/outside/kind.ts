// A kind of trial: something that befalls a shop, and what it is called, fixed before any run.

import type { Random } from '../../src/base/random.js'
import type { CauseId } from '../../src/measure/causes/cause.js'
import type { OutsideShop, Wish, WorldChange } from './shop.js'

export type Truth = CauseId | 'healthy'

export interface OutsideKind {
  readonly name: string
  readonly truth: Truth
  /** `never`: cannot be made over sockets of this machine. */
  readonly real?: 'never'
  /** Whether a watch of the host, which has one connection and one card, must find it bad; left out: chance decides. */
  readonly watch?: 'bad' | 'good'
  /** `never`: a capture does not show it, or shows something else as well. */
  readonly explain?: 'never'
  /** Where packets are captured; left out: at either side. Behind a line nobody sees what is the matter with it. */
  readonly tap?: 'client'
  readonly wish?: (random: Random) => Wish
  readonly make: (random: Random, shop: OutsideShop) => WorldChange
}

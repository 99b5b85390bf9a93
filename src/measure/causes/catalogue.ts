// Every cause that can be named, listed by hand. What none of them explains is `unknown`.

import type { Cause } from './cause.js'
import { connections } from './connections.js'
import { dataError } from './data-error.js'
import { generator } from './generator.js'
import { hostDown } from './host-down.js'
import { hostSlow } from './host-slow.js'
import { hsm } from './hsm.js'
import { idleDrop } from './idle-drop.js'
import { issuer } from './issuer.js'
import { lost } from './lost.js'
import { merchantBalance } from './merchant-balance.js'
import { networkSlow } from './network-slow.js'
import { networkUnstable } from './network-unstable.js'
import { parameters } from './parameters.js'
import { payoutHold } from './payout-hold.js'
import { signOnCause } from './sign-on.js'
import { surge } from './surge.js'
import { terminalSetup } from './terminal-setup.js'
import { terminalSlow } from './terminal-slow.js'

export const causeCatalogue: readonly Cause[] = [
  hostSlow,
  hostDown,
  issuer,
  hsm,
  connections,
  idleDrop,
  lost,
  signOnCause,
  networkSlow,
  networkUnstable,
  dataError,
  surge,
  merchantBalance,
  parameters,
  payoutHold,
  terminalSetup,
  terminalSlow,
  generator,
]

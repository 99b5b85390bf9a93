// Drops chunks of data for good, as Toxiproxy does. A stream that lost bytes is broken; `loss` is what TCP makes of it.

import { z } from 'zod'
import { percent } from '../../base/unit-schemas.js'
import { defineLineFault } from '../fault.js'

export const packetLoss = defineLineFault({
  type: 'packet_loss',
  level: 'line',
  about: 'chunks of data vanish from the stream, as Toxiproxy does it',
  attributes: z.strictObject({
    loss_rate: percent('10%').default(0.1),
    correlation: percent('25%').default(0).describe('how often a chunk shares the fate of the one before'),
  }),
  units: { loss_rate: 'share', correlation: 'share' },

  start({ loss_rate, correlation }, { random }) {
    let isLost = false
    return {
      chunk() {
        if (!random.chance(correlation)) isLost = random.chance(loss_rate)
        return isLost ? [] : undefined
      },
    }
  },
})

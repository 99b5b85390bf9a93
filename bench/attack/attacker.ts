// One attack, in a process of its own, so that what it costs the attacker slows nobody who measures: `attacker.js NAME PORT`.

import { setPriority } from 'node:os'
import { attacks, idleName } from './peers.js'
import { salesFrom, unreadableFrame } from './victims.js'

// The cost to the attacker is not measured: on a busy machine the others go first.
setPriority(10)
const [name = '', port = ''] = process.argv.slice(2)
const turn = () => setImmediate(turn)
const attack = name === idleName ? () => clearImmediate.bind(undefined, turn()) : attacks[name]
if (attack === undefined) throw new Error(`there is no attack '${name}'`)
const first = 5_000_000 + (process.pid % 1000) * 100_000
const end = attack({ port: Number(port), frame: salesFrom(first), unreadable: unreadableFrame() })
process.stdout.write('begun\n')
process.once('SIGTERM', () => {
  end()
  process.exit(0)
})

// One attack, in a process of its own, so that what it costs the attacker slows nobody who measures: `attacker.js NAME PORT`.
// Or nobody's attack: `attacker.js nobody SHARE` takes that part of a core, in slices as short as a server's turns.

import { setPriority } from 'node:os'
import { attackerPriority, attacks, idleName } from './peers.js'
import { salesFrom, unreadableFrame } from './victims.js'

/** A turn of a busy server, and what a timer waits at the least, in ms. */
const turnMs = 1

const [name = '', which = ''] = process.argv.slice(2)
const end = name === idleName ? keepBusy(Number(which)) : begin(Number(which))
process.stdout.write('begun\n')
process.once('SIGTERM', () => {
  end()
  process.exit(0)
})

function begin(port: number): () => void {
  const attack = attacks[name]
  if (attack === undefined) throw new Error(`there is no attack '${name}'`)
  // The cost to the attacker is not measured: on a busy machine the others go first.
  setPriority(attackerPriority)
  const first = 5_000_000 + (process.pid % 1000) * 100_000
  return attack({ port, frame: salesFrom(first), unreadable: unreadableFrame() })
}

/** Works for `share` of the time. */
function keepBusy(share: number): () => void {
  const began = performance.now()
  const usedBefore = process.cpuUsage()
  const usedMs = () => {
    const { user, system } = process.cpuUsage(usedBefore)
    return (user + system) / 1000
  }
  const turn = () => {
    const until = performance.now() + turnMs
    while (performance.now() < until);
    const isAhead = usedMs() > share * (performance.now() - began)
    if (isAhead) setTimeout(turn, turnMs)
    else setImmediate(turn)
  }
  turn()
  return () => {}
}

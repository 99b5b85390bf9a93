// One process of an acquirer that has several: its connections are handed to it, its postings go to the process that writes the ledger.

import { isNetworkManagement } from '../../acquirer/answer-mti.js'
import { createLedgerPosting } from '../../acquirer/ledger/ledger-posting.js'
import { dayOfSerials } from '../../acquirer/ledger/serials/rrn.js'
import { realClock } from '../../base/clock.js'
import { toldFailure } from '../../base/process/told-failure.js'
import { Meter } from '../../measure/meter.js'
import { createHandedNetwork, type HandedSocket } from '../../transport/network/handed-network.js'
import type { Address } from '../../transport/network/link.js'
import type { Replier } from '../../transport/server/server.js'
import type { AcquirerMoney, AcquirerMoneySetup } from '../hosts/acquirer-money.js'
import { type RunningAcquirer, startAcquirer } from '../hosts/start-acquirer.js'
import { createSpeaker } from '../speaker.js'
import { openTraffic } from '../traffic/open-traffic.js'
import { realWorld } from '../world.js'
import type { FromAcquirer, ToAcquirer } from './acquirer-processes.js'
import type { FromMember } from './crew.js'
import { keepTelling, listenToParent, takeUp } from './parent.js'
import { createRemoteLedger, type RemoteLedger } from './remote-ledger.js'

type Start = ToAcquirer & { readonly kind: 'start' }

const parent = listenToParent<ToAcquirer, FromAcquirer | FromMember>(hear)
const tell = (message: FromAcquirer | FromMember) => parent.tell(message)

let acquirer: RunningAcquirer | undefined
let ledger: RemoteLedger | undefined
let meter: Meter | undefined
let take: ((socket: HandedSocket) => void) | undefined
/** Calls that wait until all processes know the working keys that were given. */
const untilKnown: (() => void)[] = []
let givenKeys = 0

function hear(message: ToAcquirer, socket: HandedSocket | undefined): void {
  if (message.kind === 'start') void start(message)
  else if (message.kind === 'connection') connect(message.id, socket)
  else if (message.kind === 'startFaults') acquirer?.startFaults(message.atWall)
  else if (message.kind === 'keys') {
    acquirer?.takeKeys(message.given)
    tell({ kind: 'keysTaken', id: message.id })
  } else if (message.kind === 'keysKnown') {
    if (--givenKeys === 0) for (const call of untilKnown.splice(0)) call()
  } else if (message.kind === 'close') void close()
  else ledger?.hear(message)
}

async function start({ start: given, share, cardKey, metered }: Start): Promise<void> {
  try {
    const { tls } = given
    const world = realWorld(tls === undefined ? {} : { tls })
    const network = createHandedNetwork({ listen: takeFrom }, tls === undefined ? {} : { tls })
    if (metered) meter = new Meter()
    const traffic = await openTraffic(
      { onAnswered: metered ? (answered) => meter?.recordAnswer(answered) : undefined },
      {
        wire: createSpeaker(given).wire,
        clock: realClock,
        onTrouble,
      },
    )
    acquirer = await startAcquirer(
      {
        ...{ ...given, share, onTrouble },
        openMoney: (setup) => remoteMoney(setup, cardKey),
        onKeysGiven(keys) {
          givenKeys++
          tell({ kind: 'keysGiven', given: keys })
        },
        intercept: (pass) => (received, replier) =>
          pass(received, isNetworkManagement(received.peek?.mti ?? '') ? held(replier) : replier),
        around: traffic.around,
      },
      { ...world, network },
    )
    tellFigures()
    tell({ kind: 'ready' })
    keepTelling(tellFigures)
  } catch (error) {
    tell({ kind: 'failed', failure: toldFailure(error) })
  }
}

const onTrouble = (line: string) => tell({ kind: 'trouble', line })

function takeFrom(_: Address, takeUp: (socket: HandedSocket) => void): () => void {
  take = takeUp
  return () => {
    take = undefined
  }
}

function connect(id: number, socket: HandedSocket | undefined): void {
  takeUp(socket, take, () => tell({ kind: 'gone', id }))
}

async function remoteMoney(
  { codec, clock, zone, onTrouble: trouble }: Omit<AcquirerMoneySetup, 'ledger'>,
  cardKey: Uint8Array,
): Promise<AcquirerMoney | undefined> {
  const { dialect } = codec
  if (dialect.rules.ledger === undefined) return undefined
  ledger = createRemoteLedger(cardKey, tell)
  const posting = createLedgerPosting({ ledger, dialect, clock, onTrouble: trouble })
  return {
    posting,
    advices: undefined,
    reserve: await ledger.reserveFrom(dayOfSerials(zone)(clock.wall())),
    // The books are read where they are written.
    mark: () => Promise.reject(new Error('this process has no ledger')),
    rows: async () => [],
    funds: async () => undefined,
    close: async () => posting.abandon(),
  }
}

/** The answer that gives a terminal its keys leaves when all processes have them: its next request may come to another one. */
function held(replier: Replier): Replier {
  return {
    ...{ connection: replier.connection, code: replier.code },
    dismiss: () => replier.dismiss(),
    reply(maxBodyBytes, writeBody) {
      const body = new Uint8Array(maxBodyBytes)
      const end = writeBody(body, 0)
      const send = () =>
        replier.reply(end, (target, at) => {
          target.set(body.subarray(0, end), at)
          return at + end
        })
      if (givenKeys === 0) return send()
      untilKnown.push(send)
      return true
    },
  }
}

function tellFigures(): void {
  if (acquirer === undefined) return
  tell({ kind: 'figures', counts: acquirer.counts(), ...(meter && { metered: meter.read() }) })
}

async function close(): Promise<void> {
  await acquirer?.close()
  tellFigures()
  process.disconnect()
}

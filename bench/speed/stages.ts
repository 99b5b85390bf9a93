// The stages of a transaction, by the files that make them, and how a profile of the process is put under them. A function that the
// compiler has put into its caller counts where its caller stands; what the runtime does counts for whoever asked it.

import { Session } from 'node:inspector'
import type { Cost, CostWatch } from './costs.js'

/** The host, or the client, that answers and asks in the same thread: no part of a transaction's cost. */
const benchPeer = 'the peer of this bench'

/** The first that begins a file's path names its stage. */
const stages: readonly (readonly [path: string, stage: string])[] = [
  ['src/load/', 'schedule'],
  ['src/terminal/fleet/', 'draw: terminal, message'],
  ['src/terminal/requests/', 'fill: card, amount, times'],
  ['src/terminal/journal/', 'journal'],
  ['src/terminal/money/', 'case: opened, closed'],
  ['src/measure/money/', 'books and funds'],
  ['src/terminal/exchange/', 'exchange and judge'],
  ['src/terminal/paths/', 'line'],
  ['src/terminal/', 'terminal, other'],
  ['src/transport/wire/', 'frame, deframe, match key'],
  ['src/framing/', 'frame, deframe, match key'],
  ['src/transport/server/', 'line'],
  ['src/transport/', 'line'],
  ['src/codec/', 'peek and write fields'],
  ['src/acquirer/intake/', 'checks and workers'],
  ['src/acquirer/keys/', 'checks and workers'],
  ['src/acquirer/answers/', 'rules and answer'],
  ['src/acquirer/ledger/', 'post'],
  ['src/acquirer/', 'rules and answer'],
  ['src/measure/causes/', 'observe'],
  ['src/run/result/', 'observe'],
  ['src/measure/', 'record'],
  ['src/run/', 'run'],
  ['src/base/', 'clock, chance, tables'],
  ['bench/', benchPeer],
]
const runtime = 'Node, garbage, idle'

export interface StageCost {
  readonly stage: string
  readonly bytes: number
  readonly cpuUs: number
}

interface ProfileNode {
  readonly callFrame: { readonly url: string }
  readonly children?: readonly ProfileNode[]
}

/** Undefined for what belongs to no file of ours. */
function stageOf(url: string): string | undefined {
  const path = /dist-bench\/(.*)$/.exec(url)?.[1]
  return path === undefined ? undefined : stages.find(([begin]) => path.startsWith(begin))?.[1]
}

/** The host and the client that stand in for the other side: what they call in src/ is theirs too. */
const isPeer = (url: string) => url.includes('dist-bench/bench/speed/raw-')

/** Adds up what `of` says of each node, under the stage of the nearest function of ours. */
function sumByStage<Node extends ProfileNode>(root: Node, of: (node: Node) => number): Map<string, number> {
  const sums = new Map<string, number>()
  const open: (readonly [node: Node, stage: string, underPeer: boolean])[] = [[root, runtime, false]]
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const [node, above, wasUnderPeer] = next
    const { url } = node.callFrame
    const underPeer = wasUnderPeer || isPeer(url)
    const stage = underPeer ? benchPeer : (stageOf(url) ?? above)
    sums.set(stage, (sums.get(stage) ?? 0) + of(node))
    for (const child of node.children ?? []) open.push([child as Node, stage, underPeer])
  }
  return sums
}

/** Bytes of the heap, or time: a profiler looks at one of them. */
export type Sampled = 'bytes' | 'time'

interface Profiles {
  readonly bytes: ProfileNode & { readonly selfSize: number }
  readonly time: { readonly nodes: readonly CpuNode[]; readonly samples: readonly number[] }
}

interface CpuNode {
  readonly id: number
  readonly callFrame: { readonly url: string }
  readonly children?: readonly number[]
}

/** Samples a measurement; `stages`, after it, gives what fell to each for one transaction (bytes) or of the whole (time, as a share). */
export function sampling(what: Sampled): CostWatch & { stages(): ReadonlyMap<string, number> } {
  const session = new Session()
  session.connect()
  let sums = new Map<string, number>()
  const ask = <Answer>(method: string, parameters: object = {}): Answer => {
    let answer: unknown
    session.post(method, parameters, (error, result) => {
      if (error !== null) throw new Error(error.message)
      answer = result
    })
    return answer as Answer
  }
  return {
    begin() {
      if (what === 'bytes') ask('HeapProfiler.startSampling', { samplingInterval: 512, ...withWhatWasCollected })
      else {
        ask('Profiler.enable')
        ask('Profiler.setSamplingInterval', { interval: 200 })
        ask('Profiler.start')
      }
    },
    end(transactions) {
      if (what === 'bytes') {
        const { profile } = ask<{ profile: { head: Profiles['bytes'] } }>('HeapProfiler.stopSampling')
        sums = sumByStage(profile.head, ({ selfSize }) => selfSize / transactions)
      } else sums = timeByStage(ask<{ profile: Profiles['time'] }>('Profiler.stop').profile)
      session.disconnect()
    },
    stages: () => sums,
  }
}

const withWhatWasCollected = { includeObjectsCollectedByMajorGC: true, includeObjectsCollectedByMinorGC: true }

function timeByStage({ nodes, samples }: Profiles['time']): Map<string, number> {
  const counts = new Map<number, number>()
  for (const id of samples) counts.set(id, (counts.get(id) ?? 0) + 1 / samples.length)
  const byId = new Map(nodes.map((node) => [node.id, node]))
  const treeOf = ({ id, callFrame, children = [] }: CpuNode): ProfileNode & { readonly share: number } => ({
    callFrame,
    share: counts.get(id) ?? 0,
    children: children.flatMap((child) => byId.get(child) ?? []).map(treeOf),
  })
  const [root] = nodes
  return root === undefined ? new Map() : sumByStage(treeOf(root), ({ share }) => share)
}

/** Both profiles under one list of stages, without the peer; the costliest in bytes first. `whole` was measured without a profiler. */
export function stageCosts(
  bytes: ReadonlyMap<string, number>,
  time: ReadonlyMap<string, number>,
  whole: Cost,
): readonly StageCost[] {
  const ownTime = 1 - (time.get(benchPeer) ?? 0)
  return [...new Set([...bytes.keys(), ...time.keys()])]
    .filter((stage) => stage !== benchPeer)
    .map((stage) => ({ stage, bytes: bytes.get(stage) ?? 0, cpuUs: ((time.get(stage) ?? 0) / ownTime) * whole.cpuUs }))
    .sort((one, other) => other.bytes - one.bytes)
}

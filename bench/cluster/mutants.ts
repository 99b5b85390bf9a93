// Deliberate defects of a run on a bus, which `simulate:cluster` must find.

import type { Mutant } from '../simulation/mutants.js'

const participant = 'src/cluster/participant.js'
const coordinator = 'src/cluster/coordinator.js'
const judge = 'src/cluster/judge.js'
const feed = 'src/cluster/part-feed.js'

export const clusterMutants: readonly Mutant[] = [
  { name: 'no defect', patches: [] },
  {
    name: 'whoever hears the start begins',
    patches: [{ file: participant, from: 'if (incarnations[this.#part] !== incarnation)', to: 'if (false)' }],
    times: 5,
  },
  {
    name: 'the offset has the wrong sign',
    patches: [{ file: participant, from: 'at - reading.offsetMs', to: 'at + reading.offsetMs' }],
  },
  {
    name: 'a reading of any coordinator will do',
    patches: [{ file: coordinator, from: 'ready.clock.epoch !== this.#options.epoch &&', to: 'false &&' }],
    times: 3,
  },
  {
    name: 'a delta is left out while another is under way',
    patches: [
      {
        file: participant,
        from: 'if (sinceStart < deltaEveryMs ||',
        to: 'if (this.#underWay !== undefined) this.#cut(cut); if (sinceStart < deltaEveryMs ||',
      },
    ],
  },
  {
    name: 'the last figures are not told',
    patches: [
      { file: participant, from: "await this.#tell('delta', this.#cut(cut));\n            await", to: 'await' },
    ],
  },
  {
    name: 'a parcel that comes again counts again',
    patches: [
      {
        file: feed,
        from: 'if (head.seq < this.#nextSeq ||',
        to: 'if (false && head.seq < this.#nextSeq ||',
      },
      { file: feed, from: 'if (head.seq > this.#nextSeq ||', to: 'this.#nextSeq = head.seq; if (' },
    ],
  },
  {
    name: 'silence is death',
    patches: [
      { file: judge, from: "member.state = 'lost';", to: "member.state = 'left';" },
      { file: coordinator, from: 'feed === undefined ||', to: "feed === undefined || member.state === 'left' ||" },
    ],
    times: 5,
  },
  {
    name: 'whoever has not been read is lost',
    patches: [
      { file: judge, from: 'silence(member, this.#hasReadUntil)', to: 'silence(member, this.#options.now())' },
      { file: judge, from: 'if (this.#hasReadUntil >= this.#overSince)', to: 'if (true)' },
    ],
    times: 3,
  },
  {
    name: 'ends with the plan, whoever still speaks',
    patches: [{ file: coordinator, from: 'const seemsOver = heardAll &&', to: 'const seemsOver = true ||' }],
  },
  {
    name: 'trusts the clock of another coordinator',
    patches: [
      {
        file: coordinator,
        from: 'start.epoch === this.#options.epoch ? start.at :',
        to: 'start.epoch !== 0 ? start.at :',
      },
      { file: coordinator, from: 'if (this.#startKeptAt !== undefined)', to: 'if (false)' },
    ],
  },
  {
    name: 'a lost part is no loss',
    patches: [
      { file: coordinator, from: "lost: member.state === 'finished' ?", to: "lost: member.state !== 'running' ?" },
    ],
  },
]

// The evidence of a run: kept while it lasts, rendered into evidence.jsonl when it is over.

import type { Clock } from '../../base/clock.js'
import { currencyLetters } from '../../base/currencies.js'
import { createZone } from '../../base/zone.js'
import type { EvidenceCounts, EvidenceLine } from '../../measure/evidence.js'
import type { ScenarioParts } from '../../scenario/parts.js'
import {
  createEvidenceKeeper,
  type EvidenceKeeper,
  type TransactionStory,
} from '../../terminal/evidence/evidence-keeper.js'
import { type EvidenceContext, evidenceLine } from '../../terminal/evidence/evidence-lines.js'
import { moneyKey } from '../../terminal/money/money-messages.js'
import type { Speaker } from '../dialect-speaker.js'
import { createAgreedMoney } from './contracts.js'

/** Which transactions have evidence. */
export type EvidenceScope = 'all' | 'late'

export interface RunEvidence {
  readonly keeper: EvidenceKeeper
  /** Lines of evidence.jsonl, each with its line feed, made one by one as they are asked for; and how many there are. */
  finish(verdictOf?: EvidenceContext['verdictOf']): {
    readonly counts: EvidenceCounts
    readonly lines: Iterable<string>
  }
}

/** `fundsAreTold`: somebody tells when money comes, for certain. */
export function createRunEvidence(options: {
  parts: Pick<ScenarioParts, 'goals' | 'hosts'>
  speaker: Speaker
  clock: Clock
  keep: EvidenceScope
  fundsAreTold: boolean
}): RunEvidence {
  const { parts, speaker, clock, keep, fundsAreTold } = options
  const { response: timelyWithinMs, funds: fundsWithinMs } = parts.goals.timely
  const keeper = createEvidenceKeeper({
    ...{ clock, keep, timelyWithinMs, fundsWithinMs },
    followsFunds: fundsAreTold || parts.hosts.targets !== undefined,
    keyOf: (request, { taken: { terminal } }) => moneyKey(speaker.dialect.rules, request, terminal),
  })
  return {
    keeper,
    finish(verdictOf) {
      const stories = keeper.stories(fundsAreTold)
      const offset = clock.wall() - clock.now()
      const zone = createZone(parts.hosts.timeZone)
      const wallAt = (at: number) => at + offset
      const { currency } = speaker.dialect.rules
      const agreedOf = createAgreedMoney(parts.hosts.own[0].acquirer, currencyLetters(currency) ?? currency)
      const context = { codec: speaker.codec, zone, wallAt, timelyWithinMs, fundsWithinMs, agreedOf, verdictOf }
      const counts = { kept: stories.length, leftOut: keeper.leftOut }
      return { counts, lines: linesOf(stories, (story) => evidenceLine(story, context)) }
    },
  }
}

/** Lets go of each story when its line is made. */
function* linesOf(
  stories: (TransactionStory | undefined)[],
  lineOf: (story: TransactionStory) => EvidenceLine,
): Generator<string> {
  for (const [place, story] of stories.entries()) {
    stories[place] = undefined
    if (story !== undefined) yield `${JSON.stringify(lineOf(story))}\n`
  }
}

// The way of an accepted request to the worker that serves it: a third party's word, the merchant's limit,
// the line of its rank. Requests on that way are lost when the host dies.

import type { Clock } from '../../base/clock.js'
import { logNormal } from '../../base/distributions.js'
import type { Random } from '../../base/random.js'
import { type HostConditions, usualState } from '../../faults/host/host-conditions.js'
import type { AcquirerOptions } from '../options.js'
import { createAdmission, ranksOf } from './admission.js'
import { createServiceModel, type ServiceCounts } from './service-model.js'
import type { ThirdPartyDesk } from './third-party-desk.js'
import type { QueuedRequest, WorkDesk } from './work.js'

export interface Intake {
  /** Takes the request in: it is served, refused or dropped, now or later. */
  take(work: QueuedRequest): void
  counts(): Pick<ServiceCounts, 'busy' | 'queued' | 'queueHighWater'> & { readonly delayed: number }
}

export interface IntakeOptions {
  readonly options: AcquirerOptions
  readonly clock: Clock
  readonly random: Random
  readonly host: HostConditions | undefined
  readonly desk: Pick<WorkDesk, 'look' | 'putAside' | 'drop' | 'heldBytes'>
  readonly maxHeldBytes: number
  readonly thirdParty: ThirdPartyDesk | undefined
  readonly serve: (work: QueuedRequest) => void
  /** A line is full, or too much is held. */
  readonly refuse: (work: QueuedRequest) => void
}

export function createIntake(setup: IntakeOptions): Intake {
  const { options, clock, random, host, desk, maxHeldBytes, thirdParty, serve, refuse } = setup
  const { workers, queueLimit, serviceTime } = options
  const service = createServiceModel<QueuedRequest>({
    ...{ workers, queueLimit, ranks: ranksOf(options), clock },
    serviceMs: serviceTime && logNormal(serviceTime, random.fork('serviceTime')),
    complete: serve,
    condition: host && (() => host.state()),
  })
  const admission = createAdmission<QueuedRequest>({
    ...{ options, clock, refuse },
    merchantOf: (work) => desk.look(work).text(merchantField)?.trimEnd() ?? '',
    submit: (work, rank) => service.submit(work, rank),
  })
  let deaths = 0
  host?.onChange((begun) => {
    if (begun.some(({ losesLine }) => losesLine === true)) {
      deaths++
      for (const work of [...admission.lose(), ...service.lose()]) desk.drop(work)
    }
    service.changed()
  })

  const enter = (work: QueuedRequest) => {
    if (desk.heldBytes() > maxHeldBytes || !admission.enter(work)) refuse(work)
    desk.putAside(work)
  }
  const ask = (work: QueuedRequest, desktop: ThirdPartyDesk) => {
    const askedIn = deaths
    return desktop.ask(desk.look(work), (word) => {
      const state = host?.state() ?? usualState
      work.word = word
      if (deaths === askedIn && state.outage !== 'silent') enter(work)
      else desk.drop(work)
    })
  }

  return {
    take(work) {
      if (thirdParty !== undefined && desk.heldBytes() <= maxHeldBytes && ask(work, thirdParty)) desk.putAside(work)
      else enter(work)
    },
    counts() {
      const { busy, queued, queueHighWater } = service.counts()
      return { busy, queued, queueHighWater, delayed: admission.counts().delayed }
    },
  }
}

/** DE42 in every version of ISO 8583. */
const merchantField = 42

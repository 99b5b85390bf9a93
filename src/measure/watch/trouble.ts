// Network or host: the cause of untimely probes in a window. With balance inquiries beside echoes the cause files of runs
// decide, since those compare the two; with echoes alone, how connects went beside them.

import { agreeing, counted, often } from '../../base/text/counted.js'
import { isUnknownName, systemWords } from '../../base/text/system-words.js'
import { isExpiry, isTlsRefusal } from '../../base/text/tls-words.js'
import type { CauseId } from '../causes/cause.js'
import { diagnose, leastConfidence } from '../causes/diagnose.js'
import { createObserver } from '../causes/observer.js'
import type { Sample } from '../sample.js'
import { isTimelyProbe, type ProbeSeen, probeMs, type WatchWindow } from './probes.js'

export interface HostTrouble {
  readonly cause: CauseId
  readonly evidence: readonly string[]
}

export interface TroubleLimits {
  readonly timelyMs: number
  readonly timeoutMs: number
}

/** Undefined while every probe of the window was timely. `hasWorked`: a probe was timely once. */
export function troubleOf(window: WatchWindow, limits: TroubleLimits, hasWorked: boolean): HostTrouble | undefined {
  const untimely = window.probes.filter((probe) => !isTimelyProbe(probe, limits.timelyMs))
  if (untimely.length === 0) return undefined
  return (
    setUpWrongly(untimely) ??
    refusedByTls(window, untimely, hasWorked) ??
    refusedNow(window) ??
    fromCauses(window, limits) ??
    fromConnects(window, untimely)
  )
}

/** A refusal is the host's own word, and the latest attempt says how it is now. */
function refusedNow({ dials }: WatchWindow): HostTrouble | undefined {
  if (dials.at(-1)?.result !== 'refused') return undefined
  const recent = dials.slice(-mostDials)
  const refused = recent.filter(({ result }) => result === 'refused')
  return say(
    'host-down',
    `${refused.length} of ${counted(recent.length, 'attempt')} to connect ${agreeing(refused.length, 'was', 'were')} refused`,
  )
}

/** TLS keeps us out: from the beginning, or since something ran out. TLS 1.3 says so only after a connection has opened. */
function refusedByTls(
  { dials, losses }: WatchWindow,
  untimely: readonly ProbeSeen[],
  hasWorked: boolean,
): HostTrouble | undefined {
  const reasons = [untimely.at(-1)?.reason, dials.at(-1)?.reason, losses.at(-1)?.reason]
  const reason = reasons.find(isTlsRefusal)
  if (reason === undefined) return undefined
  return say(hasWorked || isExpiry(reason) ? 'sign-on' : 'terminal-setup', `TLS ended the connection: ${reason}`)
}

/** Codes and answers that say that the host does not know this terminal. */
function setUpWrongly(untimely: readonly ProbeSeen[]): HostTrouble | undefined {
  const refused = untimely.filter(({ codeClass, reason }) => codeClass === 'setup' || reason?.startsWith('answer'))
  const [first] = refused
  if (first === undefined || refused.length * 2 <= untimely.length) return undefined
  const why = first.code === undefined ? (first.reason ?? '') : `code ${first.code}`
  return {
    cause: 'terminal-setup',
    evidence: [
      `${refused.length} of ${counted(untimely.length, 'untimely probe')} ${agreeing(refused.length, 'was', 'were')} refused: ${why}`,
    ],
  }
}

/** The cause files, where there are financial answers to compare with echoes. */
function fromCauses({ probes, dials, losses }: WatchWindow, limits: TroubleLimits): HostTrouble | undefined {
  const [first] = probes
  if (first === undefined || !probes.some(({ kind }) => kind === 'balance')) return undefined
  const observer = createObserver({
    startedAt: Math.min(first.at, dials[0]?.at ?? first.at, losses[0]?.at ?? first.at),
    timelyWithinMs: limits.timelyMs,
    timeoutMs: limits.timeoutMs,
    lastingLinks: 1,
  })
  for (const { at, ms, result } of dials) observer.connect({ at, ms, result, link: undefined })
  for (const { at, reason } of losses) observer.down({ at, reason, link })
  for (const probe of probes) {
    const { kind, writtenAt, endedAt, answered } = probe
    if (kind === 'balance') observer.sample(sampleOf(probe), { link })
    else if (writtenAt !== undefined)
      observer.echo({ at: writtenAt, ms: answered ? endedAt - writtenAt : undefined, link })
  }
  const [best] = diagnose(observer.observations({ fundsAreTold: false, eventLoopP99Ms: null })).causes
  const isSure = best !== undefined && best.cause !== 'unknown' && best.confidence >= leastConfidence
  return isSure ? { cause: best.cause, evidence: best.evidence } : undefined
}

/** The only connection that stays. */
const link = 0

function sampleOf({ at, writtenAt, endedAt, answered, decided, code, reason }: ProbeSeen): Sample {
  const failed = reason !== undefined && !answered
  return {
    ...{ type: 'balance', terminal: 'watch', merchant: '', target: '', phase: '', stan: undefined },
    ...{ intendedAt: at, startedAt: at, writtenAt, endedAt },
    outcome: answered ? (decided ? 'approved' : 'declined') : failed ? 'failed' : 'timedOut',
    responseCode: code,
    retryCode: answered && !decided,
    ...{ reason, backPressure: false, tries: 1, firstCode: undefined },
  }
}

/** A connect shorter than this share of a late echo did not wait for the network. */
const quickShare = 0.25

function fromConnects(window: WatchWindow, untimely: readonly ProbeSeen[]): HostTrouble {
  const { dials, losses } = window
  const recent = dials.slice(-mostDials)
  const failed = recent.filter(({ result }) => result !== 'open')
  const refused = failed.filter(({ result }) => result === 'refused')
  const open = recent.filter(({ result }) => result === 'open').map(({ ms }) => ms)
  const down = untimely.filter(({ codeClass }) => codeClass === 'down')
  const silent = untimely.filter(({ answered, writtenAt }) => !answered && writtenAt !== undefined)
  const late = untimely.filter(({ answered, decided }) => answered && decided).map(probeMs)
  if (refused.length > 0)
    return say(
      'host-down',
      `${refused.length} of ${counted(recent.length, 'attempt')} to connect ${agreeing(refused.length, 'was', 'were')} refused`,
    )
  const why = failed.at(-1)?.reason ?? ''
  if (isUnknownName(why)) return say('terminal-setup', `the host's name leads nowhere (${systemWords(why)})`)
  if (failed.length > 0)
    return say(
      'network-unstable',
      `${failed.length} of ${counted(recent.length, 'attempt')} to connect failed (${why})`,
    )
  if (down.length > 0) return say('host-down', `${counted(down.length, 'answer')} with code ${down.at(-1)?.code}`)
  if (losses.length > 0)
    return say('network-unstable', `the connection was lost ${often(losses.length)} (${losses.at(-1)?.reason})`)
  if (silent.length > 0)
    return say(
      'host-down',
      `${counted(silent.length, 'probe')} without an answer, while a new connection took ${ms(median(open))}`,
    )
  const waited = median(late)
  if (waited === undefined) return say('unknown', 'nothing that was seen tells why')
  const isNetwork = (median(open) ?? 0) > quickShare * waited
  return say(
    isNetwork ? 'network-slow' : 'host-slow',
    `an answer took ${ms(waited)}, a new connection ${ms(median(open))}`,
  )
}

/** Attempts that say how connecting is now. */
const mostDials = 6

const say = (cause: CauseId, evidence: string): HostTrouble => ({ cause, evidence: [evidence] })
const ms = (value: number | undefined) =>
  value === undefined ? 'an unknown time' : `${Number(value.toPrecision(3))} ms`

function median(values: readonly number[]): number | undefined {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]
}

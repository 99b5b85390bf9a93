// The line comes and goes: connections break or cannot be opened, some are silent while others work, echoes are now quick and
// now slow.

import { agreeing, counted } from '../../base/text/counted.js'
import { isTlsRefusal } from '../../base/text/tls-words.js'
import { defineCause, type Explanation } from './cause.js'
import { isRefusedByTerminal } from './data-error.js'
import { alwaysShare, type Facts } from './facts.js'
import { isSlowToOpen, probesInWords, spanOf } from './line-or-host.js'
import { atWords, certainty, clamp, inWords } from './numbers.js'
import type { Observed } from './observations.js'
import { isOwnLag } from './own-lag.js'
import { blameFor, mayBeHost } from './silences.js'
import type { Sporadic } from './sporadic.js'

/** A connection that was lost longer ago has been dialled again since, in ms. */
const longestBackoffMs = 30_000
/** A wait for a connection of at least this share of the time that is timely has to be explained. */
const longWait = 0.3

/** Answers that connections which were held up must let go together to be quite sure. */
const surelyReleased = 4

/** Beyond what the line takes as a rule: less than this share of it is no news. */
const newsShare = 0.5

export const networkUnstable = defineCause({
  id: 'network-unstable',
  of: 'response',
  remedy: 'a second route or a better network; a shorter pause before connecting again',
  explain: (transaction, facts) =>
    facts.isBroken(transaction.terminal) && facts.working.decidedShare >= alwaysShare
      ? undefined
      : look(transaction, facts),
})

const look = (transaction: Observed, facts: Facts): Explanation | undefined =>
  broken(transaction, facts) ??
  notConnected(transaction, facts) ??
  dark(transaction, facts) ??
  held(transaction, facts) ??
  stalled(transaction, facts)

/** The answer could not be read, the terminal itself refused, or TLS did: no line does that. */
const isSetting = (reason: string) =>
  reason.startsWith('answer') || reason === 'badFrame' || isRefusedByTerminal(reason) || isTlsRefusal(reason)

/** Its connection ended while the answer was awaited. */
function broken(
  { outcome, reason, link, endedAt, intendedAt, writtenAt }: Observed,
  facts: Facts,
): Explanation | undefined {
  if (outcome !== 'failed' || reason === undefined || isSetting(reason)) return undefined
  const refusal = facts.refusal(intendedAt - 50, endedAt + 50)
  const near = facts.downs(endedAt - 500, endedAt + 500)
  const lost = new Set(near.map((down) => down.link)).size
  const heard = facts.observations.bins.sum('answered', endedAt - 1000, endedAt + 1000)
  const words =
    writtenAt === undefined ? 'no connection could be had' : 'the connection ended while the answer was awaited'
  return {
    confidence: refusal === undefined ? (heard > 0 ? 0.9 : 0.75) : 0.35,
    evidence: [
      `${words} (${reason})${link === undefined ? '' : `, connection ${link}`}`,
      `${counted(lost, 'connection')} ${agreeing(lost, 'was', 'were')} lost within half a second, while ${counted(heard, 'other transaction')} ${agreeing(heard, 'was', 'were')} answered`,
    ],
  }
}

/** It had to wait for a connection. */
function notConnected(transaction: Observed, facts: Facts): Explanation | undefined {
  const { startedAt, writtenAt, endedAt, link, ownLink } = transaction
  const wait = (writtenAt ?? endedAt) - (startedAt ?? endedAt)
  // The quick connections, where many are slow, say what a connection takes on this line.
  const usualMs = ownLink ? (facts.usual.quickConnectMs ?? 0) : 0
  if (wait - usualMs < longWait * facts.observations.timelyWithinMs || startedAt === undefined) return undefined
  const down = link === undefined ? undefined : facts.lastDown(link, writtenAt ?? endedAt)
  if (down !== undefined && isSetting(down.reason)) return undefined
  const wasLost = down !== undefined && down.at > startedAt - longestBackoffMs
  // It may have waited for something else, such as a reversal that had to go first.
  const slowConnects = facts
    .connects(startedAt - 50, writtenAt ?? endedAt)
    .filter(
      ({ at, result, ms }) =>
        (result !== 'open' || isSlowToOpen(ms, facts.usual)) && !isOwnLag(facts.observations.bins, at, at + ms),
    ).length
  if (!wasLost && (slowConnects === 0 || isTimelyAfter(wait, transaction, facts))) return undefined
  if (wasLost && facts.refusal(down.at - 50, down.at + 50) !== undefined) return undefined
  if (facts.refusal(startedAt, writtenAt ?? endedAt) !== undefined) return undefined
  return {
    confidence: wasLost ? 0.88 : 0.8,
    evidence: [
      `it waited ${inWords(wait)} for a connection${usualMs > 0 ? `, which takes ${inWords(usualMs)} as a rule` : ''}`,
      ...(wasLost ? [`its connection had been lost (${down.reason})`] : []),
      ...(slowConnects > 0
        ? [
            `${counted(slowConnects, 'new connection')} ${agreeing(slowConnects, 'was', 'were')} slow or failed meanwhile`,
          ]
        : []),
    ],
  }
}

/** An answer that takes what answers usually take would have come in time after that wait: something else made it late. */
const isTimelyAfter = (wait: number, { writtenAt }: Observed, { usual, observations }: Facts): boolean =>
  writtenAt !== undefined && wait + (usual.serviceMs ?? 0) < observations.timelyWithinMs

/** Nothing came on any connection, and new ones did not open either. */
function dark(transaction: Observed, facts: Facts): Explanation | undefined {
  const { from, to } = spanOf(transaction)
  const silence = facts.silence(from, to)
  if (silence === undefined || blameFor(silence) !== 'line') return undefined
  return {
    confidence: 0.9,
    evidence: [
      silence.connectsSilent > 0
        ? `nothing came on any connection for ${inWords(silence.ms)}, and ${counted(silence.connectsSilent, 'new connection')} did not open either`
        : silence.resent > 0
          ? `nothing came on any connection for ${inWords(silence.ms)}, and ${counted(silence.resent, 'request')} had to be sent again by TCP`
          : `nothing came on any connection for ${inWords(silence.ms)}; then what was asked later was answered before ${silence.overtaken} of ${silence.released} that had waited: a host takes them in turn, a line sends each again at its own time`,
    ],
  }
}

/** Its connection let nothing through for a while, as others did, until one instant. */
function held(transaction: Observed, facts: Facts): Explanation | undefined {
  const span = facts.held(transaction)
  // A host that answers an echo on the same connection meanwhile has the transaction.
  if (span === undefined || facts.lineOrHost(transaction).sameLink === 'quick') return undefined
  const { from, to, until, released, silent, beside } = span
  return {
    confidence: released >= surelyReleased ? 0.9 : 0.85,
    evidence: [
      `${counted(released, 'request')} on different connections, sent in ${inWords(to - from)}, ${agreeing(released, 'was', 'were')} answered within ${inWords(until - to)} of each other, ${atWords(to)}${silent === 0 ? '' : `; ${silent} more had been given up by then`}`,
      `${counted(beside, 'other')} ${agreeing(beside, 'was', 'were')} answered at once meanwhile`,
    ],
  }
}

/** Echoes and new connections were slow at times as well. */
function stalled(transaction: Observed, facts: Facts): Explanation | undefined {
  const { from, to } = spanOf(transaction)
  const silence = facts.silence(from, to)
  if ((silence !== undefined && mayBeHost(silence)) || transaction.codeClass === 'down') return undefined
  const line = facts.lineOrHost(transaction)
  if (!line.isKnown) return undefined
  const { lineMs, hostMs } = facts.partsOf(transaction)
  // On a line that is slow all the time some more is no news.
  if (facts.lineIsSteady && hostMs < lineMs * newsShare) return undefined
  const downs = facts
    .downs(from - 2000, to + 2000)
    .filter(({ at, reason }) => reason !== 'badFrame' && facts.refusal(at - 50, at + 50) === undefined)
  const { sporadic } = facts
  const sure = certainty(line.logRatio + Math.min(2, downs.length * 0.5))
  const took = transaction.endedAt - (transaction.startedAt ?? transaction.intendedAt)
  return {
    confidence: clamp(sure, 0, 0.95),
    evidence: [
      `${probesInWords(line)}, ${inWords(facts.usual.quickEchoMs ?? 0)} at best; the transaction took ${inWords(took)}`,
      ...(line.sameLink === 'slow' ? ['an echo on the same connection was as slow, or never came back'] : []),
      ...(downs.length > 0
        ? [`${counted(downs.length, 'connection')} ${agreeing(downs.length, 'was', 'were')} lost around it`]
        : []),
      ...(sporadic === undefined ? [] : [sporadicWords(sporadic)]),
    ],
  }
}

/** Never fewer than four of them. */
const sporadicWords = ({ of, alone, all }: Sporadic): string =>
  of === 'echoes'
    ? `${alone} of ${all} echoes were late alone, while those on other connections were quick`
    : `${alone} of ${counted(all, 'new connection')} were late alone, while others were quick`

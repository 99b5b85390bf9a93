// The lines of a watch of a live host: the state when it changes, and one plain line now and then.

import { counted } from '../base/text/counted.js'
import { printable } from '../base/text/shown-text.js'
import type { ProbeSeen } from '../measure/watch/probes.js'
import { probeMs } from '../measure/watch/probes.js'
import type { WatchState } from '../measure/watch/state.js'
import { formatMs, formatShare } from './layout/figures.js'
import { causeName } from './words/causes.js'
import type { Language } from './words/language.js'
import { sentenceIn } from './words/sentences.js'

/** `good: 12 of 12 probes timely (100 %); network: connect 0.4 ms; host: echo 1.2 ms`. */
export function watchLine(state: WatchState, language: Language = 'en'): string {
  const { verdict, probes, timely, timelyRate, connectMs, echoMs, answerMs, failedConnects, lostConnections } = state
  const words = watchWords[language]
  const network = [
    `${words.connect} ${formatMs(connectMs)}`,
    ...(failedConnects === 0 ? [] : [`${failedConnects} ${words.failed}`]),
    ...(lostConnections === 0 ? [] : [`${lostConnections} ${words.lost}`]),
  ]
  const codes = Object.entries(state.codes).map(([code, count]) => `${code}: ${count}`)
  const host = [
    `${words.echo} ${formatMs(echoMs)}`,
    ...(answerMs === null ? [] : [`${words.answer} ${formatMs(answerMs)}`]),
    ...(codes.length === 0 ? [] : [`${words.codes} ${codes.join(', ')}`]),
  ]
  const sentences = [
    `${words[verdict]}: ${words.timely(timely, probes, formatShare(timelyRate))}`,
    `${words.network}: ${network.join(', ')}`,
    `${words.host}: ${host.join(', ')}`,
    ...(state.recurring === null ? [] : [words.recurring(state.recurring.times, formatMs(state.recurring.everyMs))]),
    ...troubleWords(state, language),
  ]
  return printable(sentences.join(language === 'zh' ? '；' : '; '))
}

const watchWords = {
  en: {
    ...{ starting: 'starting', good: 'good', bad: 'BAD', network: 'network', host: 'host', connect: 'connect' },
    ...{ failed: 'failed', lost: 'lost', echo: 'echo', answer: 'answer', codes: 'codes' },
    timely: (timely: number, probes: number, share: string) =>
      `${timely} of ${counted(probes, 'probe')} timely (${share})`,
    recurring: (times: number, every: string) =>
      `late again and again: ${counted(times, 'time')}, every ${every} or so`,
  },
  zh: {
    ...{ starting: '开始', good: '正常', bad: '异常', network: '网络', host: '主机', connect: '建立连接' },
    ...{ failed: '次失败', lost: '次中断', echo: '回响测试', answer: '应答', codes: '应答码' },
    timely: (timely: number, probes: number, share: string) => `${probes} 次探测中 ${timely} 次及时（${share}）`,
    recurring: (times: number, every: string) => `反复迟到：${times} 次，约每隔 ${every} 一次`,
  },
} as const

function troubleWords({ trouble }: WatchState, language: Language): readonly string[] {
  if (trouble === null) return []
  const evidence = trouble.evidence.map((sentence) => sentenceIn(language, sentence))
  if (language === 'zh') return [`${causeName(trouble.cause, language)}：${evidence.join('，')}`]
  return [`${trouble.cause} (${causeName(trouble.cause, language)}): ${evidence.join(', ')}`]
}

/** One probe with the state after it, for programs. `at`: when it was due. */
export function watchRecord(probe: ProbeSeen, state: WatchState, at: string): Record<string, unknown> {
  const { kind, answered, decided, code, reason } = probe
  return {
    ...{ at, probe: kind, answered, decided, ms: Math.round(probeMs(probe) * 1000) / 1000 },
    ...{ code: code ?? null, reason: reason ?? (answered ? null : 'no answer in time'), state },
  }
}

// The words of a verdict, in both languages. Braces are filled in.

import type { FailureKind } from '../../measure/verdict.js'
import type { Translations } from './language.js'

type Key =
  | FailureKind
  | 'met'
  | 'booksAgree'
  | 'nothingAsked'
  | 'fewApproved'
  | 'more'
  | 'and'
  | 'andAlso'
  | 'limit'
  | 'notKnown'

export const verdictWords: Readonly<Record<Key, Translations>> = {
  interrupted: { en: 'interrupted: only what was measured until then', zh: '运行被中断，仅含此前的数据' },
  neverConnected: { en: 'no connection was ever made', zh: '从未建立任何连接' },
  books: { en: 'the books of terminals and host do not agree', zh: '终端与主机账务不一致' },
  lies: { en: 'the host took lies of terminals for the truth', zh: '主机接受了终端的虚假请求' },
  notWhole: { en: 'NOT WHOLE: a part of the run is missing', zh: '结果不完整：缺少部分压测机的数据' },
  aborted: { en: 'ended early, {after} s after its start: {missed}', zh: '开始 {after} 秒后提前结束：{missed}' },
  thresholds: { en: '{failed} of {of}: ', zh: '{of} 项指标中 {failed} 项未达标：' },
  journal: {
    en: 'the journal could not be written, so {count} payments were not sent: make room for it',
    zh: '冲正日志无法写入，{count} 笔交易未发送：请为其腾出空间',
  },
  nothingDone: {
    en: "no payment was decided in time, and no threshold allows that (--threshold 'offered > 0' would)",
    zh: "没有一笔交易及时得到批准或拒绝，且未设置指标（可用 --threshold 'offered > 0' 允许）",
  },
  notSettled: {
    en: "not one settlement was answered, and no threshold allows that (--threshold 'settlements.unanswered >= 0' would)",
    zh: "没有一笔批结得到应答，且未设置指标（可用 --threshold 'settlements.unanswered >= 0' 允许）",
  },
  saturated: {
    en: 'the generator was saturated: do not trust the latencies',
    zh: '压测机已饱和，时延数据不可信',
  },
  met: { en: '{of} of {of} thresholds met', zh: '{of} 项指标全部达标' },
  booksAgree: { en: 'the books agree; no threshold was set', zh: '账务一致；未设置指标' },
  nothingAsked: { en: 'no threshold was set', zh: '未设置指标' },
  fewApproved: { en: ', and only {share} of the payments were approved', zh: '，仅 {share} 的交易获批准' },
  more: { en: '{count} more', zh: '另有 {count} 项' },
  and: { en: '; ', zh: '；' },
  andAlso: { en: '; ', zh: '；' },
  limit: { en: ', limit ', zh: '，限值 ' },
  notKnown: { en: 'not known', zh: '未知' },
}

// The words of an evidence sheet, in both languages, as card payments use them.

import type { StepName } from '../../measure/evidence.js'
import type { Outcome } from '../../measure/sample.js'
import type { Translations } from './language.js'

export const sheetWords = {
  title: { en: 'Evidence of one transaction', zh: '交易凭证' },
  rrn: { en: 'Retrieval reference number', zh: '检索参考号' },
  noRrn: { en: 'none: no answer ever brought one', zh: '无（未收到任何应答）' },
  terminal: { en: 'Terminal', zh: '终端号' },
  merchant: { en: 'Merchant', zh: '商户号' },
  batch: { en: 'Batch', zh: '批次号' },
  stan: { en: 'Trace number (STAN)', zh: '流水号' },
  type: { en: 'Transaction', zh: '交易类型' },
  amount: { en: 'Amount', zh: '交易金额' },
  target: { en: 'Host', zh: '受理主机' },
  outcome: { en: 'Outcome', zh: '交易结果' },
  code: { en: 'Response code', zh: '应答码' },
  reason: { en: 'Reason', zh: '原因' },
  tries: { en: 'Tries', zh: '提交次数' },
  firstCode: { en: 'first answered with', zh: '首次应答码' },
  response: { en: 'Response time', zh: '响应时间' },
  timelyWithin: { en: 'timely within', zh: '及时标准为' },
  tooLate: { en: 'NOT timely', zh: '不及时' },
  inTime: { en: 'timely', zh: '及时' },
  steps: { en: 'What happened', zh: '处理过程' },
  local: { en: 'local time', zh: '当地时间' },
  utc: { en: 'UTC', zh: '协调世界时（UTC）' },
  after: { en: 'after', zh: '距刷卡' },
  sincePrevious: { en: 'step', zh: '本步耗时' },
  reversal: { en: 'Reversal', zh: '冲正' },
  repeat: { en: 'Sent again', zh: '重发' },
  payout: { en: 'Payout', zh: '结算入账' },
  paidAt: { en: 'Money arrived', zh: '到账时间' },
  agreedNet: { en: 'Money to arrive, as agreed', zh: '到账金额（按约定）' },
  agreedFee: { en: 'Fee, as agreed', zh: '手续费（按约定）' },
  agreedCycle: { en: 'Settlement cycle', zh: '结算周期' },
  card: { en: 'card (masked)', zh: '卡号（已脱敏）' },
  time: { en: 'card presented', zh: '交易时间' },
  request: { en: 'Request (masked)', zh: '请求报文（已脱敏）' },
  unsentRequest: { en: 'Request, never sent (masked)', zh: '请求报文，未能发出（已脱敏）' },
  answer: { en: 'Answer (masked)', zh: '应答报文（已脱敏）' },
  lateAnswer: { en: 'Late answer, after the terminal had given up (masked)', zh: '迟到的应答报文（已脱敏）' },
  noMessage: { en: 'none', zh: '无' },
  cause: { en: 'Cause', zh: '原因判定' },
  confidence: { en: 'confidence', zh: '置信度' },
  noCause: { en: 'not looked for', zh: '未判定' },
  remedy: { en: 'What would help', zh: '建议措施' },
} as const satisfies Record<string, Translations>

export const stepWords: Readonly<Record<StepName, Translations>> = {
  presented: { en: 'card presented', zh: '刷卡' },
  takenUp: { en: 'taken up by the terminal', zh: '终端受理' },
  written: { en: 'request sent', zh: '请求已发出' },
  delivered: { en: "the host's TCP had the request", zh: '主机 TCP 已确认收到请求' },
  answered: { en: 'answer received', zh: '收到应答' },
  gaveUp: { en: 'terminal gave up waiting', zh: '等待超时' },
  failed: { en: 'failed', zh: '交易失败' },
  notSent: { en: 'given up before it was sent', zh: '未能发出，放弃交易' },
  lateAnswer: { en: 'late answer received', zh: '收到迟到的应答' },
  owed: { en: 'in doubt: reversal or repeat written down', zh: '结果不明，已登记冲正或重发' },
  sentAgain: { en: 'reversal or repeat sent', zh: '冲正或重发报文已发出' },
  acknowledged: { en: 'acknowledged by the host', zh: '主机已确认' },
  dropped: { en: 'given up by the terminal', zh: '终端放弃' },
  paid: { en: "money on the merchant's account", zh: '资金到账' },
}

/** Steps whose words say which of the two it was. */
export const owedStepWords: Readonly<Record<'reversal' | 'repeat', Readonly<Partial<Record<StepName, Translations>>>>> =
  {
    reversal: {
      owed: { en: 'in doubt: reversal created', zh: '结果不明，生成冲正' },
      sentAgain: { en: 'reversal sent', zh: '冲正已发出' },
      acknowledged: { en: 'reversal acknowledged', zh: '冲正已获确认' },
      dropped: { en: 'reversal dropped by the terminal', zh: '终端放弃冲正' },
    },
    repeat: {
      owed: { en: 'in doubt: to be sent again', zh: '结果不明，待重发' },
      sentAgain: { en: 'sent again', zh: '已重发' },
      acknowledged: { en: 'repeat acknowledged', zh: '重发已获确认' },
      dropped: { en: 'repeat dropped by the terminal', zh: '终端放弃重发' },
    },
  }

export const outcomeWords: Readonly<Record<Outcome, Translations>> = {
  approved: { en: 'approved', zh: '成功' },
  declined: { en: 'declined', zh: '拒绝' },
  timedOut: { en: 'timed out', zh: '超时无应答' },
  failed: { en: 'failed', zh: '失败' },
  unsent: { en: 'not sent', zh: '未发出' },
}

export const owedStateWords = {
  pending: { en: 'not acknowledged yet', zh: '尚未确认' },
  acknowledged: { en: 'acknowledged', zh: '已确认' },
  dropped: { en: 'dropped by the terminal', zh: '终端已放弃' },
} as const satisfies Record<string, Translations>

export const payoutStateWords = {
  paid: { en: 'paid', zh: '已到账' },
  awaited: { en: 'not paid by the end of the run', zh: '截至本次运行结束尚未到账' },
  voided: { en: 'none due: the transaction was voided', zh: '交易已撤销，无需结算' },
} as const satisfies Record<string, Translations>

/** Cycles of payouts whose names are words; others stand for themselves. */
export const cycleWords: Readonly<Record<string, Translations>> = {
  instant: { en: 'instant', zh: '实时到账' },
  daily: { en: 'daily', zh: '每日日切后' },
  onSettlement: { en: 'when the terminal settles', zh: '终端结算后' },
}

/** Transactions of the built-in dialects; others go by their own name. */
export const typeWords: Readonly<Record<string, Translations>> = {
  sale: { en: 'sale', zh: '消费' },
  saleChip: { en: 'sale by chip', zh: '消费（IC 卡）' },
  salePin: { en: 'sale with PIN', zh: '消费（凭密）' },
  void: { en: 'void', zh: '消费撤销' },
  refund: { en: 'refund', zh: '退货' },
  preauth: { en: 'pre-authorisation', zh: '预授权' },
  preauthVoid: { en: 'void of a pre-authorisation', zh: '预授权撤销' },
  completion: { en: 'completion', zh: '预授权完成' },
  completionAdvice: { en: 'completion advice', zh: '预授权完成通知' },
  completionVoid: { en: 'void of a completion', zh: '预授权完成撤销' },
  balance: { en: 'balance inquiry', zh: '余额查询' },
  none: { en: 'none: no terminal was free', zh: '无空闲终端' },
}

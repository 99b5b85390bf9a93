// The reasons for which payouts are held, in both languages. A reason in the words of a settlement file stays as it is.

import { outsideHolds } from '../../measure/money/hold-reasons.js'
import type { Language } from './language.js'

const chinese: Readonly<Record<string, string>> = {
  'below minimum': '未达最低结算金额',
  balance: '账户余额不足',
  'payout limit': '超过单笔限额',
  'day limit': '超过日限额',
  'sale above payout limit': '单笔交易超过单笔限额',
  'sale above day limit': '单笔交易超过日限额',
  [outsideHolds.risk]: '风险冻结',
  [outsideHolds.account]: '账户有误或已销户',
  [outsideHolds.quota]: '账户限额（II 类户）',
  [outsideHolds.window]: '不在银行入账时间内',
  [outsideHolds.returned]: '银行退汇',
}

export const holdIn = (language: Language, reason: string): string =>
  language === 'zh' && Object.hasOwn(chinese, reason) ? (chinese[reason] ?? reason) : reason

/** A reason behind the name of a merchant, as lines have it. */
export const holdPattern = new RegExp(
  `(?<=[：:] ?)(?:${Object.keys(chinese)
    .sort((one, other) => other.length - one.length)
    .join('|')})`,
  'g',
)

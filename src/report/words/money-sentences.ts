// The sentences of evidence about money in Chinese.

import { date, n, type Phrase, q, w } from './sentence-patterns.js'

/** English to Chinese; the longer phrases first. */
export const moneyPhrases: readonly Phrase[] = [
  [
    `merchant ${w} was never paid in ${q}, ${w} cycles, though its sales are above the agreed minimum`,
    '商户 $1 在 $2（$3 个结算周期）内从未入账，而其交易额已超过约定的最低结算金额',
  ],
  [
    `merchant ${w} was paid ${n} times, and then no more for ${q}, ${w} cycles`,
    '商户 $1 入账 $2 次后，$3（$4 个结算周期）内再未入账',
  ],
  [
    `it gave back more than what waits: ${n} times beside ${n} sales; that has to be covered before anything is paid`,
    '该商户 $2 笔消费之外另有 $1 笔退款，退款额超过待结算额：须先补足差额，方可结算',
  ],
  [`it gave money back ${n} times beside ${n} sales`, '该商户 $2 笔消费之外另有 $1 笔退款'],
  [`${w} have to be covered by its account`, '须由其账户补足 $1'],
  ['its account does not cover what it owes', '其账户余额不足以支付应付款项'],
  [
    'the settlement file says that the account does not cover what the merchant owes',
    '对账文件注明：账户余额不足以支付该商户的应付款项',
  ],
  [
    `the acquirer held all payouts of merchant ${w} from ${date} to ${date}: `,
    '收单机构自 $2 至 $3（UTC）暂停商户 $1 的全部入账：',
  ],
  [
    `the acquirer held all payouts of merchant ${w} from ${date} on: `,
    '收单机构自 $2（UTC）起暂停商户 $1 的全部入账：',
  ],
  [`${w} waited for that`, '因此待入账 $1'],
  [`the settlement file says of this payment of ${w}: `, '对账文件中本笔 $1 的状态：'],
  [`, since ${date}`, '，自 $1（UTC）起'],
  [
    'ask the acquirer for the release of the risk hold, with the slips of these sales',
    '携签购单向收单机构申请解除风险冻结',
  ],
  [
    'prove the account: its holder, number and bank as the contract has them, or name another',
    '按合同核实结算账户的户名、账号、开户行，或更换结算账户',
  ],
  [
    'name an account without this quota, such as a class I account, or wait for the next day or year',
    '更换为不受该限额约束的账户（如 I 类户），或待次日、次年额度恢复',
  ],
  [
    "have it paid before the bank's window closes: an earlier cut-off, or the next working day as agreed",
    '在银行入账时间内结算：提前日切时间，或按约定于下一工作日入账',
  ],
  [
    'ask the bank why it sent the money back, correct the account, and have it paid again',
    '向银行查明退汇原因，更正账户后重新付款',
  ],
  ['returned by the bank', '银行退汇'],
  ['risk hold', '风险冻结'],
  ['account wrong or closed', '账户有误或已销户'],
  ['quota of the account', '账户限额（II 类户）'],
  ["outside the bank's window", '不在银行入账时间内'],
  ['not said why', '未说明原因'],
  [`${q} of the amounts paid differ from the agreed fee`, '$1 的入账金额与约定费率不符'],
  [`money came up to ${q} after the answer`, '应答后最长 $1 资金才到账'],
  [`a payout every ${q} was agreed, later than the ${q} that are timely`, '约定结算周期为 $1，长于及时标准 $2'],
  [`a payout every ${q} was agreed`, '约定结算周期为 $1'],
  [`the money is due at ${w} ${w} UTC, as agreed`, '按约定，资金应于 $1 $2（UTC）到账，尚未到期'],
  [`the money came by ${w} ${w} UTC, as agreed`, '资金已按约定于 $1 $2（UTC）前到账'],
  [`${q} are timely`, '及时标准为 $1'],
  [
    `nothing was paid in ${q}, though every ${q} was agreed, and the merchant gave back less than waits`,
    '$1 内没有入账，而约定周期为 $2，且商户退款少于待结算额',
  ],
  [
    `nothing was paid in ${q}, though every ${q} is timely, and the merchant gave back less than waits`,
    '$1 内没有入账，而及时标准为 $2，且商户退款少于待结算额',
  ],
  [`${w} wait, less than the agreed minimum of ${w}`, '待结算 $1，低于约定的最低结算金额 $2'],
  [`${w} wait`, '待结算 $1'],
  [`the agreed minimum is ${w}`, '约定的最低结算金额为 $1'],
]

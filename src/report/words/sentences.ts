// The sentences of a cause's evidence in Chinese. They are made in English, with figures in them; what is in no row here stays so.

import type { Language } from './language.js'

/** A quantity with its unit: `4.1 s`, `12 %`. */
const q = String.raw`(-?[\d.]+ (?:ms|s|%))`
const n = String.raw`(\d+)`
/** A rate, an amount, a code or an id. */
const w = String.raw`([^\s,;]+)`
const share = String.raw`\(${n} of ${n}(?: \w+)? as slow\)`

/** English to Chinese; the longer phrases first. */
const phrases: readonly (readonly [pattern: string, chinese: string])[] = [
  [
    `echoes took ${q} and new connections ${q} at the time ${share}`,
    '当时回响测试耗时 $1，新建连接耗时 $2（$4 次中 $3 次同样缓慢）',
  ],
  [`echoes took ${q} at the time ${share}`, '当时回响测试耗时 $1（$3 次中 $2 次同样缓慢）'],
  [`new connections ${q} at the time ${share}`, '当时新建连接耗时 $1（$3 次中 $2 次同样缓慢）'],
  ['no echo and no new connection was seen at the time', '当时没有回响测试，也没有新建连接'],
  [
    'an echo on the same connection came back quickly while the answer was awaited',
    '等待应答期间，同一连接上的回响测试很快返回',
  ],
  [`, the financial answer ${q}`, '，金融交易应答耗时 $1'],
  [`no financial answer came within ${q}`, '$1 内未收到金融交易应答'],
  [`it waited ${q} for its turn and was not sent`, '排队 $1 仍未发出'],
  [`it waited ${q} for its turn`, '排队等待 $1'],
  [`an answer came that could not be read: `, '收到应答但无法解析：'],
  [
    `nothing came on any connection for ${q}, less than the timeout of ${q}, though ${n} messages were sent`,
    '所有连接 $1 未收到任何数据（短于超时时间 $2），期间已发出 $3 个报文',
  ],
  [
    `nothing came on any connection for ${q}, longer than the timeout of ${q}, though ${n} messages were sent`,
    '所有连接 $1 未收到任何数据（长于超时时间 $2），期间已发出 $3 个报文',
  ],
  [
    `nothing came on any connection for ${q}, and ${n} new connections did not open either`,
    '所有连接 $1 未收到任何数据，期间 $2 个新建连接也未能建立',
  ],
  [`${n} new connections opened meanwhile, in ${q}: the line was there`, '期间 $1 个新建连接成功，耗时 $2：线路正常'],
  [`${n} new connections opened meanwhile: the line was there`, '期间 $1 个新建连接成功：线路正常'],
  [`${n} such answers came within ${q} around it`, '前后 $2 内共有 $1 笔同类应答'],
  [
    `${n} new connections were refused one after another for ${q}, none was opened`,
    '连续 $2 内 $1 个新建连接被拒绝，无一成功',
  ],
  [`${n} open connections were cut when it began`, '故障开始时 $1 个已有连接被切断'],
  [`in the middle of the whole run an echo took ${q}`, '整个期间回响测试的中位耗时为 $1'],
  [`the line took ${q} of the ${q} that a usual transaction took`, '一般交易耗时 $2，其中线路占 $1'],
  [`the line took ${q} of the ${q} that the transaction took`, '该笔交易耗时 $2，其中线路占 $1'],
  [`the connection ended while the answer was awaited \\(${w}\\)`, '等待应答时连接中断（$1）'],
  [`no connection could be had \\(${w}\\)`, '无法建立连接（$1）'],
  [`, connection ${n}`, '，连接编号 $1'],
  [
    `${n} connections were lost within half a second, while ${n} other transactions were answered`,
    '半秒内 $1 个连接中断，同时另有 $2 笔交易得到应答',
  ],
  [`it waited ${q} for a connection, which takes ${q} as a rule`, '等待连接 $1，通常只需 $2'],
  [`it waited ${q} for a connection`, '等待连接 $1'],
  [`its connection had been lost \\(${w}\\)`, '其连接此前已中断（$1）'],
  [`${n} connections were lost around it`, '前后有 $1 个连接中断'],
  [`, ${q} at best`, '，最快 $1'],
  [`the transaction took ${q}`, '该笔交易耗时 $1'],
  [`the host refused the data with code ${w}, ${q} after the card`, '主机以应答码 $1 拒绝该数据，距刷卡 $2'],
  [`the host refused the data with code ${w}`, '主机以应答码 $1 拒绝该数据'],
  [`the host answered with code ${w}`, '主机应答码为 $1'],
  [`${n} tries were needed`, '共提交 $1 次'],
  [`${q} of ${q} \\(${q}\\) passed before the last try was sent`, '最后一次提交前已用去 $2 中的 $1（$3）'],
  [`${w} arrived instead of ${w}, most of the rest from merchant ${w}`, '交易到达率由 $2 升至 $1，增量主要来自商户 $3'],
  [`answers took ${q} on average then and ${q} otherwise`, '高峰期应答平均耗时 $1，平时 $2'],
  [`${q} were not timely then, ${q} otherwise`, '高峰期不及时占 $1，平时 $2'],
  [
    `merchant ${w} was never paid in ${q}, ${w} cycles, though its sales are above the agreed minimum`,
    '商户 $1 在 $2（$3 个结算周期）内从未入账，而其交易额已超过约定的最低结算金额',
  ],
  [
    `merchant ${w} was paid ${n} times, and then no more for ${q}, ${w} cycles`,
    '商户 $1 入账 $2 次后，$3（$4 个结算周期）内再未入账',
  ],
  [
    `it gave money back ${n} times beside ${n} sales: refunds and fees have to be covered before anything is paid`,
    '该商户 $2 笔消费之外另有 $1 笔退款：须先足额支付退款和手续费，方可结算',
  ],
  [`${q} of the amounts paid differ from the agreed fee`, '$1 的入账金额与约定费率不符'],
  [`money came up to ${q} after the answer`, '应答后最长 $1 资金才到账'],
  [`a payout every ${q} was agreed, later than the ${q} that are timely`, '约定结算周期为 $1，长于及时标准 $2'],
  [`a payout every ${q} was agreed`, '约定结算周期为 $1'],
  [`${q} are timely`, '及时标准为 $1'],
  [
    `nothing was paid in ${q}, though every ${q} was agreed, and the merchant gave nothing back`,
    '$1 内没有入账，而约定周期为 $2，且商户无退款',
  ],
  [
    `nothing was paid in ${q}, though every ${q} is timely, and the merchant gave nothing back`,
    '$1 内没有入账，而及时标准为 $2，且商户无退款',
  ],
  [`${w} wait, less than the agreed minimum of ${w}`, '待结算 $1，低于约定的最低结算金额 $2'],
  [`${w} wait`, '待结算 $1'],
  [`the agreed minimum is ${w}`, '约定的最低结算金额为 $1'],
  [`the terminal gave up after ${q}, earlier than the ${q} that are timely`, '终端等待 $1 即放弃，短于及时标准 $2'],
  [`the terminal gave up after ${q}`, '终端等待 $1 即放弃'],
  [
    `the answer came ${q} after the card, within the ${q} that are timely`,
    '应答在刷卡后 $1 到达，仍在及时标准 $2 之内',
  ],
  [`${n} answers of the run came after such a timer and still in time`, '有 $1 笔应答在该超时之后、及时标准之内到达'],
  [`a tenth of the others took ${q} and more`, '其余应答中有十分之一耗时不少于 $1'],
  ['the answer could not be used', '应答无法使用'],
  [`, as in ${q} of the transactions of terminal ${w}`, '，终端 $2 有 $1 的交易如此'],
  [`none of the ${n} transactions of terminal ${w} was decided`, '终端 $2 的 $1 笔交易均无结果'],
  [`, while ${q} of all were`, '，而全部交易中 $1 有结果'],
  [`it began ${q} late, ${q} of the time that it took`, '延迟 $1 才开始，占总耗时的 $2'],
  [`event-loop delay p99 ${q}`, '事件循环延迟 p99 为 $1'],
  ['it was not sent in time', '未能及时发出'],
  [', though the peer took what it was sent', '，而对端接收正常'],
  [`${n} new connections were slow or failed meanwhile`, '期间 $1 个新建连接缓慢或失败'],
  [`never less than ${w} came at once`, '每次入账不少于 $1'],
  ['nothing that was observed tells why', '所观察到的情况不能说明原因'],
  ['; ', '；'],
]

const compiled = phrases.map(([pattern, chinese]) => [new RegExp(pattern, 'g'), chinese] as const)

/** Two words in a row: something was not translated. */
const english = /[a-z]{2,}[ ,:]+[a-z]{2,}/i

/** The sentence in the language; whole, or as it was made. */
export function sentenceIn(language: Language, sentence: string): string {
  if (language === 'en') return sentence
  const translated = compiled.reduce((text, [pattern, chinese]) => text.replace(pattern, chinese), sentence)
  return english.test(translated) ? sentence : translated
}

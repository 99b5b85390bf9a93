// Each cause of a transaction that was not timely, and what would help, in both languages.

import type { Language, Translations } from './language.js'

interface CauseWords {
  readonly name: Translations
  readonly remedy: Translations
}

const causes: Readonly<Record<string, CauseWords>> = {
  'host-slow': {
    name: { en: 'the host is slow', zh: '系统处理速度缓慢' },
    remedy: {
      en: 'faster processing at the host, or more workers',
      zh: '由收单机构优化后台处理（缩短服务时间），或增加处理能力',
    },
  },
  'host-down': {
    name: { en: 'the host is down or in maintenance', zh: '后台系统故障，或正在维护、升级' },
    remedy: {
      en: 'a second host to fail over to; or wait for the end of the maintenance',
      zh: '启用备用主机自动切换（硬件冗余）；维护期间待窗口结束后重试',
    },
  },
  issuer: {
    name: { en: "the cards' issuer, behind the host, is slow or away", zh: '发卡行（或通往发卡行的转接）缓慢或不可用' },
    remedy: {
      en: 'ask the issuer of these cards, or whoever routes to it; stand-in processing, another route, another card',
      zh: '联系相关发卡行或转接机构；启用代授权（stand-in）、切换路由，或更换银行卡',
    },
  },
  hsm: {
    name: { en: "the host's PIN or key service (HSM) is slow or away", zh: '主机加密机（PIN／密钥服务）缓慢或不可用' },
    remedy: {
      en: 'the security module: its load, its connection, a second one',
      zh: '检查加密机负载与连接，或增加备用加密机',
    },
  },
  connections: {
    name: { en: 'some of the connections are bad, the others are not', zh: '部分连接失效，其余正常' },
    remedy: {
      en: 'dial anew after a timeout; a health check of the load balancer; a higher limit of connections',
      zh: '超时后重新拨号建立连接；为负载均衡启用健康检查；提高连接数上限',
    },
  },
  'idle-drop': {
    name: { en: 'idle connections are forgotten on the way', zh: '空闲连接被中间设备（NAT、防火墙）丢弃' },
    remedy: {
      en: 'echo messages or keep-alive more often than the idle timer on the way, or a connection for each payment',
      zh: '以短于中间设备空闲时限的间隔发送回响测试或保活，或改用短连接',
    },
  },
  lost: {
    name: { en: 'requests or answers are swallowed on the way', zh: '请求或应答在途中丢失' },
    remedy: {
      en: 'find where messages are dropped or renumbered: queues, message switches; reversals tell which half is lost',
      zh: '排查丢弃或改号报文的环节（队列、报文交换）；冲正的应答可判断丢失的是请求还是应答',
    },
  },
  'sign-on': {
    name: { en: 'keys, batch or certificate have lapsed: a sign-on is due', zh: '密钥、批次或证书失效，需要重新签到' },
    remedy: { en: 'sign on anew', zh: '重新签到' },
  },
  'network-slow': {
    name: { en: 'the network is slow', zh: '网络延迟大，或带宽不足' },
    remedy: {
      en: 'a better network (Wi-Fi or a line instead of mobile data), more bandwidth, a better route',
      zh: '更换网络（以 Wi-Fi 或专线代替移动网络）、增加带宽或优化路由',
    },
  },
  'network-unstable': {
    name: { en: 'the network is unstable', zh: '网络连接不稳定' },
    remedy: {
      en: 'a second route or a better network; a shorter pause before reconnecting',
      zh: '增加备用线路或更换网络，并缩短断线重连的间隔',
    },
  },
  'data-error': {
    name: { en: 'transaction data were entered wrongly or left out', zh: '交易数据录入错误或遗漏' },
    remedy: {
      en: 'checks at the terminal before sending, or a check by a third party at the host',
      zh: '发送前在终端加强审核，或由后台接入第三方数据验证',
    },
  },
  surge: {
    name: { en: "a surge of other merchants' transactions", zh: '交易高峰，其他商户占用处理能力' },
    remedy: {
      en: 'more capacity at the host, a rate limit per merchant, or priority',
      zh: '由收单机构扩容、按商户限流，或设置优先级',
    },
  },
  'merchant-balance': {
    name: { en: "the merchant's settlement account lacks funds", zh: '商户结算账户余额不足' },
    remedy: { en: 'top up the settlement account', zh: '补足商户结算账户余额' },
  },
  parameters: {
    name: { en: 'settlement parameters are not as agreed', zh: '交易参数设置不当（费率、最低结算金额、结算周期）' },
    remedy: {
      en: 'correct fee rate, minimum settlement amount and settlement cycle to what the contract says',
      zh: '按合同更正费率、最低结算金额和结算周期',
    },
  },
  'payout-hold': {
    name: { en: 'payouts are held back by the acquirer or the bank', zh: '结算款被收单机构或银行暂停入账' },
    remedy: {
      en: 'prove the settlement account, ask for the release of a risk hold, name another account, or be paid before the bank closes',
      zh: '核实结算账户信息、申请解除风险冻结、更换结算账户，或在银行入账时间内结算',
    },
  },
  'terminal-setup': {
    name: { en: 'the terminal is set up wrongly', zh: '终端参数设置错误' },
    remedy: {
      en: 'correct the setting that the evidence names: key, timer, framing, message format or terminal id',
      zh: '按证据所示更正终端设置：密钥、超时时间、报文长度格式、报文规范或终端号',
    },
  },
  'terminal-slow': {
    name: { en: 'the terminal itself is slow', zh: '终端自身处理缓慢（机型、软件版本）' },
    remedy: {
      en: 'a newer software version of the terminal, or another model',
      zh: '更新POS机软件版本，或更换终端机型',
    },
  },
  generator: {
    name: { en: 'the machine that ran isochron was the bottleneck', zh: '压测机自身性能不足' },
    remedy: {
      en: 'fewer transactions per second, or more machines',
      zh: '降低每秒交易笔数，或增加压测机',
    },
  },
  unknown: {
    name: { en: 'not decided by the evidence', zh: '现有证据不足以判定原因' },
    remedy: { en: 'the times and messages above', zh: '请以上述时间和报文为准核查' },
  },
}

/** An id that is not in the table is its own name. */
export function causeName(id: string, language: Language): string {
  return causes[id]?.name[language] ?? id
}

/** Null where no cause is named: then there is nothing to be sure of. */
export const confidenceOf = ({ cause, confidence }: { readonly cause: string; readonly confidence: number }) =>
  cause === 'unknown' ? null : confidence

/** Undefined for an id that is not in the table. */
export function causeRemedy(id: string, language: Language): string | undefined {
  return causes[id]?.remedy[language]
}

export const knownCauses: readonly string[] = Object.keys(causes)

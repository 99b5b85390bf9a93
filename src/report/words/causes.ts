// Each cause of a transaction that was not timely, and what would help, in both languages.

import type { Language, Words } from './language.js'

interface CauseWords {
  readonly name: Words
  readonly remedy: Words
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
  'terminal-setup': {
    name: { en: 'the terminal is set up wrongly', zh: '终端参数设置错误' },
    remedy: {
      en: 'correct the setting that the evidence names: key, timer, framing, message format or terminal id',
      zh: '按证据所示更正终端设置：密钥、超时时间、报文长度格式、报文规范或终端号',
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

/** Undefined for an id that is not in the table. */
export function causeRemedy(id: string, language: Language): string | undefined {
  return causes[id]?.remedy[language]
}

export const knownCauses: readonly string[] = Object.keys(causes)

// Names of data elements of ISO 8583, in both languages, for sheets that people read.

import type { Language } from './language.js'

const fieldNames: Readonly<Record<string, readonly [en: string, zh: string]>> = {
  2: ['card number (PAN)', '主账号'],
  3: ['processing code', '交易处理码'],
  4: ['amount', '交易金额'],
  5: ['settlement amount', '清算金额'],
  7: ['transmission date and time', '传输日期时间'],
  11: ['trace number (STAN)', '受卡方系统跟踪号'],
  12: ['local time', '受卡方所在地时间'],
  13: ['local date', '受卡方所在地日期'],
  14: ['expiry date', '卡有效期'],
  15: ['settlement date', '清算日期'],
  18: ['merchant type', '商户类型'],
  22: ['entry mode', '服务点输入方式码'],
  23: ['card sequence number', '卡序列号'],
  24: ['function code', '功能码'],
  25: ['condition code', '服务点条件码'],
  26: ['PIN capture code', '服务点 PIN 获取码'],
  30: ['original amounts', '原交易金额'],
  32: ['acquiring institution', '受理机构标识码'],
  33: ['forwarding institution', '发送机构标识码'],
  35: ['track 2', '第二磁道数据'],
  36: ['track 3', '第三磁道数据'],
  37: ['retrieval reference number', '检索参考号'],
  38: ['authorisation code', '授权标识应答码'],
  39: ['response code', '应答码'],
  41: ['terminal', '受卡机终端标识码'],
  42: ['merchant', '受卡方标识码'],
  43: ['name and location', '受卡方名称地址'],
  44: ['additional response data', '附加响应数据'],
  48: ['additional data', '附加数据'],
  49: ['currency', '交易货币代码'],
  52: ['PIN block', '个人标识码数据'],
  53: ['security control', '安全控制信息'],
  54: ['balance', '余额'],
  55: ['chip data', 'IC 卡数据域'],
  56: ['original data elements', '原始数据元'],
  60: ['private data (batch)', '自定义域（批次号等）'],
  61: ['original transaction', '原始信息域'],
  62: ['private data', '自定义域'],
  63: ['private data', '自定义域'],
  64: ['MAC', '报文鉴别码'],
  70: ['network management code', '网络管理信息码'],
  90: ['original data elements', '原始数据元'],
  95: ['replacement amounts', '替换金额'],
  128: ['MAC', '报文鉴别码'],
}

/** Empty for a field that is in no table. */
export function fieldName(field: string, language: Language): string {
  const names = fieldNames[field]
  return names === undefined ? '' : names[language === 'en' ? 0 : 1]
}

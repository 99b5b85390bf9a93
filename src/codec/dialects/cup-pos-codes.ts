// The response codes of China UnionPay POS (data element 39) with their words and classes.
// Class: A success, B failed and may be tried again, C failed, D the operator acts, E system fault.

export interface CupPosCode {
  readonly code: string
  readonly class: 'A' | 'B' | 'C' | 'D' | 'E'
  readonly en: string
  readonly zh: string
}

const row = (code: string, codeClass: CupPosCode['class'], en: string, zh: string): CupPosCode => ({
  code,
  class: codeClass,
  en,
  zh,
})

export const cupPosCodes: readonly CupPosCode[] = [
  row('00', 'A', 'approved', '承兑或交易成功'),
  row('01', 'C', 'refer to issuer', '查发卡方'),
  row('03', 'C', 'invalid merchant', '无效商户'),
  row('04', 'D', 'pick up card', '没收卡'),
  row('05', 'C', 'do not honour', '身份认证失败'),
  row('10', 'A', 'approved for a partial amount', '部分承兑'),
  row('11', 'A', 'approved, VIP', '重要人物批准'),
  row('12', 'C', 'invalid transaction', '无效的关联交易'),
  row('13', 'B', 'invalid amount', '无效金额'),
  row('14', 'B', 'invalid card number', '无效卡号'),
  row('15', 'C', 'no such issuer', '无此发卡方'),
  row('21', 'C', 'card not initialised', '卡未初始化'),
  row('22', 'C', 'related transaction wrong', '关联交易错误'),
  row('25', 'C', 'original not found', '找不到原始交易'),
  row('30', 'C', 'format error', '报文格式错误'),
  row('34', 'D', 'suspected fraud, retain card', '有作弊嫌疑'),
  row('38', 'D', 'PIN tries exceeded, retain card', '超过密码试输入次数'),
  row('40', 'C', 'function not supported', '功能不支持'),
  row('41', 'D', 'lost card', '挂失卡'),
  row('43', 'D', 'stolen card', '被窃卡'),
  row('51', 'C', 'insufficient funds', '资金不足'),
  row('54', 'C', 'expired card', '过期卡'),
  row('55', 'C', 'wrong PIN', '密码错'),
  row('57', 'C', 'not permitted to cardholder', '不允许持卡人进行的交易'),
  row('58', 'C', 'not permitted to terminal', '不允许终端进行的交易'),
  row('59', 'C', 'suspected fraud', '有作弊嫌疑'),
  row('61', 'C', 'exceeds amount limit', '超出金额限制'),
  row('62', 'C', 'restricted card', '受限制的卡'),
  row('64', 'C', 'original amount incorrect', '原始金额错误'),
  row('65', 'C', 'exceeds frequency limit', '超出次数限制'),
  row('68', 'C', 'response received too late', '发卡行响应超时'),
  row('75', 'C', 'PIN tries exceeded', '密码错误次数超限'),
  row('77', 'D', 'batch differs, sign on again', '批次号不一致，请签到'),
  row('78', 'D', 'data must be downloaded', '需下载数据'),
  row('79', 'C', 'offline totals out of balance', '脱机数据对账不平'),
  row('90', 'C', 'cut-over in progress', '日切处理中'),
  row('91', 'C', 'issuer inoperative', '发卡方不能操作'),
  row('92', 'C', 'institution unreachable', '机构或线路不可达'),
  row('93', 'C', 'violation of law', '交易违法'),
  row('94', 'C', 'duplicate transaction', '重复交易'),
  row('95', 'C', 'reconcile error', '核对差错'),
  row('96', 'C', 'system malfunction', '系统异常、失效'),
  row('97', 'D', 'terminal not registered', '终端号找不到'),
  row('98', 'E', 'no response from issuer', '银联收不到发卡方应答'),
  row('99', 'B', 'PIN format error, sign on again', '密码格式错'),
  row('A0', 'B', 'MAC failure, sign on again', 'MAC鉴别失败'),
  row('A1', 'C', 'currency mismatch', '转账货币不一致'),
  row('A2', 'A', 'qualified success', '有缺陷的成功'),
  row('A3', 'C', 'no such destination account', '到账行无此账户'),
  row('A4', 'A', 'qualified success', '有缺陷的成功'),
  row('A5', 'A', 'qualified success', '有缺陷的成功'),
  row('A6', 'A', 'qualified success', '有缺陷的成功'),
  row('A7', 'C', 'security processing failed', '安全处理失败'),
]

// The lines and cells of text reports in Chinese. They are made in English, with figures in them; a name of the user's own stays.

import { bookParts } from './book-lines.js'
import { causeName, knownCauses } from './causes.js'
import { holdIn, holdPattern } from './holds.js'
import type { Language } from './language.js'
import { sentenceIn } from './sentences.js'

/** Whole cells, titles and names of rows. */
const cells: Readonly<Record<string, string>> = {
  Thresholds: '指标',
  'Why transactions were not timely': '不及时的原因',
  Latency: '时延分布',
  Answers: '应答',
  Hosts: '主机',
  Money: '资金与账务',
  Generator: '压测机',
  Slowest: '最慢的交易',
  'By type': '按交易类型',
  'By phase': '按阶段',
  'By merchant': '按商户',
  'By target': '按主机',
  'by type': '按交易类型',
  'by phase': '按阶段',
  threshold: '指标',
  actual: '实测',
  met: '达标',
  'NOT MET': '未达标',
  cause: '原因',
  transactions: '笔数',
  share: '占比',
  confidence: '置信度',
  'what helps': '建议措施',
  what: '项目',
  count: '笔数',
  type: '交易类型',
  phase: '阶段',
  merchant: '商户',
  target: '主机',
  terminal: '终端',
  STAN: '流水号',
  'intended at': '应刷卡时刻',
  outcome: '结果',
  code: '应答码',
  why: '原因',
  offered: '提交',
  approved: '批准',
  declined: '拒绝',
  timedOut: '超时',
  failed: '失败',
  unsent: '未发出',
  'response time': '响应时间',
  'service time': '服务时间',
  'echo time': '回响时间',
  'connect time': '建连时间',
  'time to funds': '资金到账时间',
  'response codes': '应答码',
  failures: '失败原因',
  'tried again': '重新提交',
  'late answers': '迟到应答',
  'unmatched answers': '无法匹配的应答',
  'substituted by a sale': '以消费代替',
  'turned away': '被限额拒绝',
  evidence: '证据',
  generator: '压测机',
  'changes of host or route': '主机或线路切换',
  reversals: '冲正',
  settlements: '批结',
  books: '账务',
  lies: '虚假请求',
  payouts: '入账',
  fees: '手续费',
  terms: '结算条款',
  held: '暂扣',
  'was held': '曾暂扣',
  'lag behind the intended time': '相对应刷卡时刻的延迟',
  'event-loop delay': '事件循环延迟',
  'pause for garbage': '垃圾回收停顿',
  'timely rate': '及时率',
  'funds timely rate': '资金及时率',
  'funds p99': '到账 p99',
  thresholds: '指标',
  agree: '一致',
  'DO NOT AGREE': '不一致',
  'could not run': '未能运行',
  interrupted: '被中断',
}

const count = String.raw`([\d,]+)`

/** Parts of a line, the longer ones first. */
const parts: readonly (readonly [pattern: RegExp, chinese: string])[] = (
  [
    [
      'Response time counts from the intended time of a transaction. It holds approved, declined and timed-out ones; failed and unsent ones are not in it.',
      '响应时间从应刷卡时刻起算，含批准、拒绝和超时交易，不含失败和未发出的交易。',
    ],
    [
      'generator SATURATED: this machine was the bottleneck, do not trust the latencies',
      '压测机已饱和：瓶颈在本机，时延数据不可信',
    ],
    [
      "warning: no threshold asks how many must be approved; --threshold 'outcomes.approved >= 99%' makes such a run fail",
      "注意：没有指标约束批准率；--threshold 'outcomes.approved >= 99%' 会使此类运行不通过",
    ],
    ['TLS INSECURE: the certificate of the host was not checked', 'TLS 不安全：未校验主机证书'],
    ['INTERRUPTED: only what was measured until then', '运行被中断：仅含此前的数据'],
    ['ENDED EARLY by a threshold', '有指标未达标，提前结束'],
    ['NOT WHOLE: ', '结果不完整：'],
    ['BOOKS DO NOT AGREE', '账务不一致'],
    ['DO NOT AGREE', '不一致'],
    ['^saturated because: ', '饱和原因：'],
    [
      '1 % of the arrivals began more than (\\S+ ms) late \\(limit (\\S+ ms)\\)',
      '1 % 的交易发起延迟超过 $1（上限 $2）',
    ],
    [
      'the event loop kept 1 % of its work waiting for more than (\\S+ ms) \\(limit (\\S+ ms)\\)',
      '事件循环使 1 % 的工作等待超过 $1（上限 $2）',
    ],
    [
      String.raw`(\d+) arrivals? (?:was|were) not sent in time though the peer took what it was sent`,
      '$1 笔未能及时发出，而对端一直在接收',
    ],
    ['only the first 2 s were late: cold code, so give a warm-up', '仅前 2 秒延迟：代码尚未预热，请设置 warmup'],
    ['the process took ([\\d.]+) cores', '进程占用 $1 核'],
    [
      'other processes kept the processor from it for ([\\d.]+ %) of the time',
      '其他进程占用处理器，本机有 $1 的时间在等待',
    ],
    [
      'collecting garbage stopped it for ([\\d.]+ %) of the time, (\\S+ ms) at the longest',
      '垃圾回收停顿占 $1，最长 $2',
    ],
    [
      String.raw`(\d+) writes? filled a connection, which its peer did not empty in time`,
      '$1 次写满连接，对端未及时读取',
    ],
    ['generator: simulated time', '压测机：模拟时间'],
    ['generator not saturated', '压测机未饱和'],
    ['generator SATURATED', '压测机已饱和'],
    [String.raw`failed\+unsent `, '失败+未发出 '],
    [`offered ${count}  `, '提交 $1  '],
    [`approved ${count}`, '批准 $1'],
    [`declined ${count}`, '拒绝 $1'],
    [`timedOut ${count}`, '超时 $1'],
    [`failed ${count}`, '失败 $1'],
    [`unsent ${count}`, '未发出 $1'],
    ['timely within (\\S+): ', '及时标准 $1，及时率 '],
    ['offered (\\S+/s), answered (\\S+/s)', '提交 $1，应答 $2'],
    ['from (\\S+) to (\\S+), seed (\\d+), virtual time', '$1 至 $2，随机种子 $3，模拟时间'],
    ['from (\\S+) to (\\S+), seed (\\d+), real time', '$1 至 $2，随机种子 $3，真实时间'],
    ['scenario sha256 ', '场景 sha256 '],
    [', keys: test keys$', ', keys: 测试密钥'],
    ['^scenario (.+), seed (\\d+)(?:, keys: (.+))?$', '场景 $1，随机种子 $2，密钥：$3'],
    [`^and ${count} more$`, '另有 $1 行'],
    [`${count} more are in result.json\\.`, '另有 $1 行，见 result.json。'],
    [`${count} transactions? in evidence.jsonl`, 'evidence.jsonl 中 $1 笔'],
    [`, ${count} more found no place`, '，另有 $1 笔未能保留'],
    [`${count}, acknowledged ${count}, pending ${count}`, '$1，已确认 $2，待确认 $3'],
    [`\\(unanswered ${count}\\)`, '（其中 $1 笔无应答）'],
    [`balanced ${count}, out of balance ${count}, no verdict ${count}`, '平账 $1，不平 $2，无结论 $3'],
    [`(?<=^|: )agree \\(${count} transactions?\\)`, '一致（$1 笔）'],
    ...bookParts,
    ['(?<=^|: )not known(?=: | \\(|$)', '未知'],
    ['not connected', '未连接'],
    ['queue full', '队列已满'],
    ['peer does not read', '对端不接收数据'],
    ['too many in flight', '在途过多'],
    ['waited too long', '等待过久'],
    ['too late', '过期'],
    [`${count} told, none taken for the truth`, '发送 $1 笔，均未被主机接受'],
    [`${count} told, TAKEN FOR THE TRUTH: `, '发送 $1 笔，被主机接受：'],
    [`(\\S+ \\w{3}) to ${count} of ${count} merchants?, fees (\\S+ \\w{3})`, '$1，$3 家商户中 $2 家，手续费 $4'],
    [`(\\S+ \\w{3}) to ${count} merchants?, fees (\\S+ \\w{3})`, '$1，$2 家商户，手续费 $3'],
    ['NOT AS AGREED: ', '与约定不符：'],
    ['not as agreed: ', '与约定不符：'],
    ['merchant (\\S+): kept (\\S+ \\w{3}), agreed (\\S+ \\w{3})', '商户 $1：实收 $2，约定 $3'],
    ['merchant (\\S+): ', '商户 $1：'],
    ['not set, agreed ', '未设置，约定 '],
    [', agreed none', '，未约定'],
    [', agreed ', '，约定 '],
    [' since (\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d) UTC', '，自 $1（UTC）起'],
    [
      ' from (\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d) to (\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d) UTC, ',
      '，$1 至 $2（UTC），',
    ],
    [' from (\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d) UTC, ', '，自 $1（UTC）起，'],
    [`; and ${count} more`, '；另有 $1 项'],
    [`, ${count} found by the terminal's own checks`, '，其中 $1 笔由终端自检发现'],
    [', ([\\d.]+) cores(?=,|$)', '，$1 核'],
    [', without a processor (?=[\\d.]+ %)', '，等待处理器 '],
    [', garbage (?=[\\d.]+ %)', '，垃圾回收 '],
    ['lag p99 (.+), event loop p99 (.+), terminal busy ', '延迟 p99 $1，事件循环 p99 $2，终端忙 '],
    ['what helps against ', '建议措施，'],
    ['^(.*), seed (\\d+), virtual time: before and after$', '$1，随机种子 $2，模拟时间：措施前后对比'],
    ['^(.*), seed (\\d+), real time: before and after$', '$1，随机种子 $2，真实时间：措施前后对比'],
    [`${count} of ${count} thresholds met without a remedy`, '$2 项指标中 $1 项达标（无措施）'],
    [`${count} of ${count} thresholds met with `, '$2 项指标中 $1 项达标，措施：'],
    ['no threshold was set without a remedy', '未设置指标（无措施）'],
    ['no threshold was set with ', '未设置指标，措施：'],
    [`${count} of ${count} met`, '$2 项中 $1 项达标'],
    ['^Best: ', '最佳措施：'],
    [', all thresholds met\\.', '，全部指标达标。'],
    [', thresholds still NOT MET\\.', '，仍有指标未达标。'],
    ['; interrupted: not everything was tried', '；被中断：未全部尝试'],
    [' INTERRUPTED: not everything was tried\\.', ' 被中断：未全部尝试。'],
    ['No remedy was run to its end\\.', '没有措施运行完毕。'],
    ['No remedy does better than the baseline; ', '没有措施优于现状；'],
    ['thresholds are met without any\\.', '无需措施即达标。'],
    ['thresholds are not met\\.', '指标未达标。'],
    ['Nothing ran\\.', '没有运行。'],
    ['^nothing ran$', '没有运行'],
    [' could not run: ', ' 未能运行：'],
    ['^Also helps: ', '另可采取：'],
    ['^(.*): before and after$', '$1：措施前后对比'],
    [
      '^Seed (\\d+), virtual time; every run meets the same cards, amounts and faults\\.$',
      '随机种子 $1，模拟时间；每轮的卡、金额和故障相同。',
    ],
    [
      '^Seed (\\d+), real time; every run meets the same cards, amounts and faults\\.$',
      '随机种子 $1，真实时间；每轮的卡、金额和故障相同。',
    ],
  ] as const
).map(([pattern, chinese]) => [new RegExp(pattern, 'g'), chinese])

const names: ReadonlySet<string> = new Set(knownCauses)
/** Never inside of brackets, where a sentence may have a part of its own. */
const betweenSentences = /; (?![^(]*\))/
const namedCause = /^([a-z]+(?:-[a-z]+)*)(?=: )/

/** The line or cell in the language; what is in no row here stays as it was made. */
export function reportLineIn(language: Language, text: string): string {
  if (language === 'en') return text
  if (names.has(text)) return causeName(text, 'zh')
  if (Object.hasOwn(cells, text)) return cells[text] as string
  const titled = /^(.+?)(: .*)$/s.exec(text)
  const head = titled?.[1] !== undefined && Object.hasOwn(cells, titled[1]) ? cells[titled[1]] : undefined
  const whole = head === undefined ? text : `${head}${titled?.[2]}`
  const replaced = parts.reduce((line, [pattern, chinese]) => line.replace(pattern, chinese), whole)
  const held = replaced.replace(holdPattern, (reason) => holdIn('zh', reason))
  const caused = namedCause.exec(held)?.[1]
  if (caused === undefined || !names.has(caused)) return sentenceIn('zh', held)
  // The sentences behind the name of a cause are translated one by one: one without a translation leaves the others.
  const sentences = held.slice(caused.length + 2).split(betweenSentences)
  return `${causeName(caused, 'zh')}：${sentences.map((each) => sentenceIn('zh', each)).join('；')}`
}

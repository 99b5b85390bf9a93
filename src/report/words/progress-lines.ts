// The lines of a command under way in Chinese. They are made in English, with figures and names in them.

import type { Language } from './language.js'
import { reportLineIn } from './report-lines.js'

const count = String.raw`([\d,]+)`
const last = '(?=$|  )'

const parts: readonly (readonly [pattern: RegExp, chinese: string])[] = (
  [
    ['^warning: ', '注意：'],
    ['^acquirer: ', '主机：'],
    [`^generator ${count}/${count}: `, '压测机 $1/$2：'],
    ['^keys: none; MACs and PIN blocks are neither sent nor checked$', '密钥：无；不发送也不校验 MAC 和 PIN 块'],
    ['^keys: test keys \\(', '密钥：测试密钥（'],
    ['^keys: (\\S+) \\(', '密钥：$1（'],
    [`, ${count} more\\)`, ' 等，另有 $1 个）'],
    ['; they are public: give your own with --keys FILE$', '；测试密钥是公开的：请用 --keys 给出自己的密钥'],
    ['^keys: (.+) lacks (.+) of (\\S+): messages go without$', '密钥：$1 缺少 $3 的 $2：相应报文不带这些域'],
    ['a key \\((\\S+)(?: or (\\S+))*\\) for ', '密钥，用于 '],
    ['(?<=用于 )PIN and MAC', 'PIN、MAC'],
    [
      'TLS is INSECURE: the certificate of the peer is not checked \\(--insecure\\)',
      'TLS 不安全：未校验对端证书（--insecure）',
    ],
    [`^${count} of ${count} terminals could not connect: `, '$2 台终端中 $1 台无法连接：'],
    [`^${count} of ${count} terminals could not sign on: `, '$2 台终端中 $1 台无法签到：'],
    [`^${count} of ${count} terminals could not sign off: `, '$2 台终端中 $1 台无法签退：'],
    [`^${count} terminals did not sign off: their batch is open$`, '$1 台终端未签退：其批次未结'],
    ['the terminals did not settle: ', '终端未批结：'],
    ['^switched from (\\S+) to (\\S+): ', '由 $1 切换至 $2：'],
    ['^rehearsed for ([\\d.]+) s$', '已预演 $1 s'],
    [`^payouts: ${count} of ${count} lines named a known transaction$`, '入账：$2 行中 $1 行对应已知交易'],
    [
      `^${count} of them are not sent in this run: they stay in the journal, and in doubt$`,
      '其中 $1 笔本次不发送：仍留在日志中，结果存疑',
    ],
    [`the last ${count} bytes are no whole record and were left out`, '末尾 $1 字节不是完整记录，已略去'],
    [`^the journal owes the host ${count} messages of an earlier run: `, '日志中尚有上次运行欠主机的 $1 条报文：'],
    [`^the journal owes the host ${count} messages of (\\S+): `, '日志中尚有 $2 欠主机的 $1 条报文：'],
    ['they are sent first$', '先行发送'],
    ['they stay there$', '保留在日志中'],
    ['they are dropped$', '予以丢弃'],
    [
      `settlement totals of ${count} terminals were never answered on its day\\. That day is closed, so they are not sent again\\.`,
      '$1 台终端的批结总额当日未得到应答。该日已结，不再发送。',
    ],
    [
      `${count} transactions wait for their money, and at most ${count} can: further ones are not followed, so the share of funds in time is not known`,
      '有 $1 笔交易等待到账，最多可跟踪 $2 笔：超出部分不再跟踪，资金及时率未知',
    ],
    [
      `^注意：(.+) has ${count} transactions and keeps ${count} at the most: end this run before that, or the books cannot be known$`,
      '注意：$1 已有 $2 笔交易，最多保留 $3 笔：请在此之前结束运行，否则账务无法核对',
    ],
    ['^注意：the books ', '注意：账务'],
    [`(.+) may need ${count} MB, and ${count} MB are free at `, '$1可能需要 $2 MB，可用 $3 MB，位置：'],
    [
      `the evidence of ${count} late transactions would need ${count} MB of memory, and Node may use ${count} MB: give it more with NODE_OPTIONS`,
      '$1 笔不及时交易的证据需要 $2 MB 内存，Node 最多可用 $3 MB：请用 NODE_OPTIONS 增加',
    ],
    [
      `about (\\S+) (?:million )?transactions may need ${count} MB of memory, and ${count} MB are free: run a shorter one, or on a larger machine`,
      '约 $1 笔交易可能需要 $2 MB 内存，可用 $3 MB：请缩短运行，或换用更大的机器',
    ],
    [`^${count} of ${count}: `, '第 $1 轮（共 $2 轮）：'],
    ['：baseline$', '：现状'],
    [`^run ${count} of ${count}: `, '第 $1 次（共 $2 次）：'],
    [`^${count}/s for (\\S+) s$`, '$1/s，持续 $2 s'],
    [
      '^wrote (\\S+)/remedies\\.json and remedies\\.md, and a folder for each run$',
      '已写入 $1/remedies.json、remedies.md 及每次运行的目录',
    ],
    [
      '^wrote (\\S+)/report\\.html, result\\.json, junit\\.xml and more$',
      '已写入 $1/report.html、result.json、junit.xml 等',
    ],
    ['^wrote (\\S+)/capacity\\.json and capacity\\.csv$', '已写入 $1/capacity.json、capacity.csv'],
    [
      '^wrote (\\S+)/repeats\\.html, repeats\\.md, repeats\\.json and junit\\.xml$',
      '已写入 $1/repeats.html、repeats.md、repeats.json、junit.xml',
    ],
    ['^wrote (\\S+)/report\\.html and evidence\\.jsonl$', '已写入 $1/report.html、evidence.jsonl'],
    ['^metrics on ', '指标地址：'],
    ['^interrupted: ', '已中断：'],
    ['waiting for open answers; no further remedy is tried', '等待未完成的应答，不再尝试其他措施'],
    ['closing the connection', '正在关闭连接'],
    [`^waiting for ${count} s: `, '已等待 $1 s：'],
    ['connected, the echo was sent, ', '已连接，回响测试已发出，'],
    ['not connected yet, ', '尚未连接，'],
    ['waiting for open answers', '等待未完成的应答'],
    ['; once more exits at once$', '；再按一次立即退出'],
    // The figures of a run under way.
    ['^starting (\\S+)', '启动中 $1'],
    [`^starting${last}`, '启动中'],
    [`signed on ${count} of ${count}`, '已签到 $1/$2'],
    [`connected ${count} of ${count}`, '已连接 $1/$2'],
    [`connections made ${count}`, '已建连接 $1'],
    [`^connected ${count}`, '已连接 $1'],
    [`waiting for the sign-on of ${count} more`, '等待另外 $1 台签到'],
    [`waiting for connections of ${count} more`, '等待另外 $1 个连接'],
    ['waiting for what is owed to the host from an earlier run', '等待发送上次运行欠主机的报文'],
    ['waiting for the agreed start of the load', '等待约定的开始时间'],
    ['waiting for the load to begin', '等待加压开始'],
    [' warm-up(?=  )', '（预热）'],
    [' draining(?=  )', '（收尾）'],
    [`offered ${count}`, '提交 $1'],
    [`in flight ${count}`, '在途 $1'],
    ['(?<=^|  )faults now: none', '当前无故障注入'],
    ['(?<=^|  )faults now: ', '当前故障：'],
    ['(?<=  )faults ', '故障 '],
    ['^asked (\\S+)', '请求速率 $1'],
    ['^ended (\\S+)', '完成速率 $1'],
    ['^(\\S+) of (\\S+)$', '$1/$2'],
    ['^draining, at most (\\S+) more$', '收尾，至多再 $1'],
    ['^warm-up for (\\S+) more$', '预热，还有 $1'],
    ['^(\\S+) left$', '剩余 $1'],
    ['^response time p50 ', '响应时间 p50 '],
    ['^timely ', '及时率 '],
    ['^codes none yet$', '应答码：尚无'],
    ['^codes ', '应答码 '],
    ['^generator keeps up$', '压测机跟得上'],
    ['^generator IS LATE: do not trust the latencies$', '压测机已跟不上：时延数据不可信'],
    ['^lag p99 ', '延迟 p99 '],
    ['^event loop p99 ', '事件循环 p99 '],
    ['nothing came yet', '尚未收到任何字节'],
    ['bytes came that are no whole message yet', '收到的字节尚不构成完整报文'],
    ['bytes came that are no message', '收到的字节不是报文'],
    ['(?<=：)no answer$', '无应答'],
    ['(?<=：)declined with ', '被拒绝，应答码 '],
  ] as const
).map(([pattern, chinese]) => [new RegExp(pattern, 'g'), chinese])

/** The line, or a part of the live view, in the language; a name of the user's own stays. */
export function progressLineIn(language: Language, text: string): string {
  if (language === 'en') return text
  return reportLineIn(
    'zh',
    parts.reduce((line, [pattern, chinese]) => line.replace(pattern, chinese), text),
  )
}

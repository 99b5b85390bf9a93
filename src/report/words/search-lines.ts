// The lines and cells of a search for capacity, and of several runs, in Chinese. They are made in English, with figures in them.

import type { Language } from './language.js'
import { reportLineIn } from './report-lines.js'

/** Whole cells and titles. */
const cells: Readonly<Record<string, string>> = {
  rate: '速率',
  timely: '及时率',
  'no answer': '无应答',
  condition: '条件',
  kept: '满足',
  missed: '未满足',
  'kept up': '跟得上',
  generator: '压测机',
  SATURATED: '已饱和',
  run: '运行',
  verdict: '结论',
  'failed+unsent': '失败+未发出',
  answered: '应答速率',
  figure: '指标',
  base: '基准',
  now: '本次',
  change: '变化',
  interval: '区间',
  WORSE: '变差',
  better: '变好',
  same: '相同',
  undecided: '未定',
  'too few data': '数据太少',
  Figures: '指标',
  Runs: '各次运行',
  Compared: '比较',
  second: '秒',
  'Runs over each other': '各次运行叠加',
  'Response time by percentile': '响应时间（按百分位）',
  'p99 second by second': '逐秒 p99',
  'Scripts are off here: the charts are not drawn. The table says what was judged.':
    '此处脚本被禁用，图表未绘制；判断依据见表格。',
}

const count = String.raw`([\d,]+)`
const rate = String.raw`([\d.,]+)/s`

const parts: readonly (readonly [pattern: RegExp, chinese: string])[] = (
  [
    ['^CAPACITY (?=[\\d–])', '最大速率 '],
    ['^capacity (?=[\\d–])', '最大速率 '],
    ['^the search was interrupted: ', '搜索被中断：'],
    [' so far$', '（至此为止）'],
    ['^this generator is the limit, not the host: ', '瓶颈是本压测机，而非主机：'],
    [', the highest rate that was looked for$', '，即所搜索的最高速率'],
    ['^the terminals are the limit: ', '瓶颈是终端数：'],
    [`, and at ${rate} `, '，而在 $1/s 时'],
    [
      `${count} arrivals? found every terminal busy; raise terminals\\.count to load the host further$`,
      '有 $1 笔到达时所有终端均忙；请调大 terminals.count',
    ],
    [`^the host keeps (.+) up to ${rate}, and not at ${rate}$`, '主机在 $2/s 以内满足 $1，$3/s 时不满足'],
    ['no rate was kept', '没有速率满足条件'],
    [`${rate} was kept`, '$1/s 满足条件'],
    [
      '^no earlier run of this scenario in (.+) passed: nothing to compare with$',
      '$1 中没有同一场景此前通过的运行，无从比较',
    ],
    ['^(.+): compared$', '$1：比较'],
    ['^(.+): repeated$', '$1：重复运行'],
    ['interrupted: not every run was made', '被中断：并非每次都已运行'],
    [`${count} of ${count} runs? failed`, '$2 次中 $1 次未通过'],
    [`${count} of ${count} runs? passed`, '$2 次中 $1 次通过'],
    ['; nothing is worse; ', '；没有变差；'],
    ['^nothing is worse; ', '没有变差；'],
    ['(?<=；)better: ', '变好：'],
    ['(?<=；)same$', '相同'],
    ['(?<=；)undecided$', '未定'],
    ['(?<=；)too few data to judge$', '数据太少，无法判断'],
    ['not comparable: ', '不可比较：'],
    [': its generator was saturated: it measured itself', '：压测机已饱和，测到的是它自己'],
    [': it was interrupted', '：运行被中断'],
    [': a threshold with abortOnFail ended it early', '：因指标未达标（abortOnFail）提前结束'],
    [': a part of it is missing', '：缺少部分数据'],
    [': nothing was measured in it', '：没有测到任何数据'],
    [
      String.raw`: it has no warm-up: its first seconds are not like the others \((warmup: 5s)\)`,
      '：没有预热，开头几秒与其余不同（$1）',
    ],
    [': it is of scenario ([^;]+), not ([^;]+?)(?=;|$)', '：场景是 $1，而不是 $2'],
    [': it ran with other remedies', '：采用的措施不同'],
    [': it ran in virtual time, not in real', '：用的是模拟时间，而不是真实时间'],
    [': it ran in real time, not in virtual', '：用的是真实时间，而不是模拟时间'],
    [': isochron (\\S+) made it, not (\\S+?)(?=;|$)', '：由 isochron $1 生成，而不是 $2'],
    [`: it was offered ${rate}, not ${rate}`, '：提交速率为 $1/s，而不是 $2/s'],
    [
      ': its scenario is another text, and one of the folders does not say which',
      '：场景文本不同，且其中一个目录没有说明是哪个场景',
    ],
    [': its scenario differs in ', '：场景不同之处：'],
    [' and (\\d+) more(?=;|$)', ' 等，另有 $1 项'],
    [' worse(?=$|; )', ' 变差'],
    [`, ${count} runs?, `, '，$1 次运行，'],
    ['，seed (\\d+), virtual time$', '，随机种子 $1，模拟时间'],
    ['，seed (\\d+), real time$', '，随机种子 $1，真实时间'],
    ['，seeds (\\d+) to (\\d+), virtual time$', '，随机种子 $1 至 $2，模拟时间'],
    ['，seeds (\\d+) to (\\d+), real time$', '，随机种子 $1 至 $2，真实时间'],
    ['^median of base$', '基准的中位数'],
    ['^min of base$', '基准的最小值'],
    ['^max of base$', '基准的最大值'],
    ['^median of now$', '本次的中位数'],
    ['^min of now$', '本次的最小值'],
    ['^max of now$', '本次的最大值'],
    [' points(?=$| )', ' 个百分点'],
    ['^base: (.+); now: ', '基准：$1；本次：'],
    ['^--force compares them all the same, and says so$', '--force 仍可比较，并会注明'],
    ['^interval of (\\S+ %); a change below (\\S+ %) is none; ', '区间置信度 $1；小于 $2 的变化不算变化；'],
    [
      'one run a side, resampled by seconds; one run a side says nothing of the difference between runs',
      '每侧一次运行，按秒重抽样；每侧仅一次，无法说明各次运行之间的差异',
    ],
    [`${count} pairs? of runs, by exact signed ranks`, '$1 对运行，精确符号秩检验'],
    [
      `${count} against ${count} runs?, by exact ranks; fewer than 4 a side are never judged`,
      '$1 次对 $2 次，精确秩检验；每侧少于 4 次不作判断',
    ],
    ['^the scenarios were to differ, and do, in ', '两个场景有意不同，不同之处：'],
    [`, ${count} more$`, ' 等，另有 $1 项'],
    ['^FORCED, though: ', '强制比较，尽管：'],
  ] as const
).map(([pattern, chinese]) => [new RegExp(pattern, 'g'), chinese])

/** The line or cell in the language; what is in no row here or in a report's stays as it was made. */
export function searchLineIn(language: Language, text: string): string {
  if (language === 'en') return text
  if (Object.hasOwn(cells, text)) return cells[text] as string
  return reportLineIn(
    'zh',
    parts.reduce((line, [pattern, chinese]) => line.replace(pattern, chinese), text),
  )
}

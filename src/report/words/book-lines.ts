// The verdict on the books in Chinese, and why they cannot be known.

import { differenceKinds } from '../../measure/money/books.js'
import { pageWords } from './page.js'

const count = String.raw`([\d,]+)`

/** Parts of a line: a pattern and its Chinese. */
export const bookParts: readonly (readonly [pattern: string, chinese: string])[] = [
  ...differenceKinds.map((kind) => [`${count} ${pageWords[kind].en}`, `$1 笔${pageWords[kind].zh}`] as const),
  ['(?<=^|: )not known, ', '未知：'],
  ["the host's ledger cannot be seen from here", '无法查看主机的账本'],
  ['the host does not say', '主机未说明'],
  ['more transactions than can be kept', '交易数超出可保留的上限'],
  ['the journal had more transactions than it can keep: begin another', '日志中的交易数超出上限：请另建日志'],
  ['neither disk nor memory has room to compare so many transactions', '磁盘和内存均不足以核对这么多交易'],
  ['a generator was lost, or had more transactions than it can keep', '有压测机丢失，或其交易数超出上限'],
  ['a part of the run was lost', '运行的一部分已丢失'],
  [`${count} of ${count} settlements? brought no verdict on the totals`, '$2 次批结中 $1 次没有总额结论'],
  [`${count} transactions? (?:is|are) in no batch that was settled`, '$1 笔交易不在任何已结批次中'],
  [
    String.raw`\(the journal is of an earlier run, and the ledger is new: run with the --ledger of that run, or begin another --journal\)`,
    '（日志属于先前的运行，而账本是新的：请使用那次运行的 --ledger，或另建 --journal）',
  ],
  [String.raw`(?<=：.*) \(${count} transactions?\)`, '（$1 笔）'],
]

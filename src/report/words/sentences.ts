// The sentences of a cause's evidence in Chinese. They are made in English, with figures in them; what is in no row here stays so.

import { systemWords } from '../../base/text/system-words.js'
import { causeName, knownCauses } from './causes.js'
import type { Language } from './language.js'
import { moneyPhrases } from './money-sentences.js'
import { at, n, type Phrase, q, w } from './sentence-patterns.js'
import { certificateName, tlsPhrases } from './tls-sentences.js'

const share = String.raw`\(${n} of ${n}(?: \w+)? as slow\)`

/** English to Chinese; the longer phrases first. */
const phrases: readonly Phrase[] = [
  ...tlsPhrases,
  ['bytes came that are no answer in this framing and dialect', '收到的字节在此长度格式与报文规范下不是应答'],
  [`new connections were refused \\(${n}\\): nobody listens there`, '新连接被拒绝（$1 次）：该处无人监听'],
  [
    `${n} connections opened, in ${q} as a rule, and none of ${n} sign-ons was answered: the line is there, and the host accepts and never answers`,
    '$1 个连接建立成功（通常 $2），$3 次签到均无应答：线路通，主机接受连接而从不应答',
  ],
  [`the host refused ${n} sign-ons \\(${w}\\)`, '主机拒绝 $1 次签到（$2）'],
  [`${n} connections were reset by the host`, '主机重置了 $1 个连接'],
  [`${n} connections were reset by the terminals`, '终端重置了 $1 个连接'],
  [`${n} connections were refused by the host \\(RST\\)`, '主机拒绝了 $1 个连接（RST）'],
  [
    `answers took ${q} before nothing came in time any more, ${q} at best: the host is behind with its work`,
    '在不再有及时应答之前，应答耗时已达 $1（最快 $2）：主机处理积压',
  ],
  [
    `it waited ${q} for its turn: of ${n} late transactions that kept terminals busy meanwhile ${n} had this cause`,
    '排队等待 $1：期间占用终端的 $2 笔不及时交易中有 $3 笔为此原因',
  ],
  [
    `${n} of ${n} requests without an answer were on connections that never answered a transaction \\(${n}\\)`,
    '$2 笔无应答请求中有 $1 笔位于从未应答过交易的连接（$3 个）',
  ],
  [`, or answered none from ${at} on \\(${n}\\)`, '，或自$1起不再应答的连接（$2 个）'],
  [`${n} others answered all`, '其余 $1 个连接全部应答'],
  [`on other connections ${n} of ${n} got no answer meanwhile`, '同期其他连接 $2 笔中有 $1 笔无应答'],
  [`this one took ${q} on connection `, '本笔耗时 $1，连接编号 '],
  [`this one carried a PIN and took ${q}`, '本笔含 PIN，耗时 $1'],
  [`this one took ${q}`, '本笔耗时 $1'],
  [
    `it waited ${q} for a terminal; clerks had to try again in ${q} of the transactions, and kept their terminals busy meanwhile`,
    '等待终端 $1；$2 的交易需要收银员重新录入，期间占用终端',
  ],
  [`nine in ten answers took less than ${q}`, '九成应答耗时少于 $1'],
  ['no new connection was tried meanwhile', '期间没有尝试新建连接'],
  [
    `the financial answer took ${q}; ${n} connections opened in ${q} as a rule, and none was lost`,
    '金融交易应答耗时 $1；$2 个连接通常在 $3 内建立，无一中断',
  ],
  [
    'there was no echo and no new connection at the time: echo probes would tell more',
    '当时没有回响测试和新建连接：启用回响测试可提供更多证据',
  ],
  [
    `its connection had been idle for ${q}: of requests after ${q} and more of silence ${n} of ${n} got no answer, after less ${n} of ${n}`,
    '其连接已空闲 $1：空闲不少于 $2 的 $4 笔请求中有 $3 笔无应答，空闲较短的 $6 笔中有 $5 笔',
  ],
  [`it took ${q}`, '耗时 $1'],
  [`they pile up at ${q}: a timer of the switch behind the host`, '耗时集中在 $1：主机之后转接系统的定时器'],
  [
    `, and ${n} of ${n} answers within ${q} around it decided \\(${q}\\)`,
    '，而前后 $3 内 $2 笔应答中有 $1 笔正常处理（$4）',
  ],
  ['a host that is down says so to everybody', '主机若不可用，会对所有交易如此应答'],
  [
    `no answer came within ${q}; ${n} of ${n} transactions were never answered \\(${q}\\), and nine in ten of the others took less than ${q}`,
    '$1 内没有应答；$3 笔交易中有 $2 笔始终无应答（$4），其余九成耗时少于 $5',
  ],
  [
    `${n} answers came that belong to no request: they carry another trace number or terminal`,
    '收到 $1 笔不属于任何请求的应答：流水号或终端号不符',
  ],
  [
    'they are spread over connections, cards and time, and none came late',
    '分散于各连接、卡片和时间，且没有迟到的应答',
  ],
  [
    `nothing came on any connection for ${q}, and ${n} requests had to be sent again by TCP`,
    '所有连接 $1 未收到任何数据，期间 $2 个请求须由 TCP 重传',
  ],
  [
    `nothing came on any connection for ${q}; then what was asked later was answered before ${n} of ${n} that had waited: a host takes them in turn, a line sends each again at its own time`,
    '所有连接 $1 未收到任何数据；此后较晚的请求先于 $3 笔等待请求中的 $2 笔得到应答：主机会依次处理，而线路各自重传',
  ],
  ['an echo on the same connection was as slow, or never came back', '同一连接上的回响测试同样缓慢，或没有返回'],
  [
    `${n} of ${n} echoes were late alone, while those on other connections were quick`,
    '$2 次回响测试中有 $1 次单独迟到，同时其他连接正常',
  ],
  [
    `${n} of ${n} new connections were late alone, while others were quick`,
    '$2 次新建连接中有 $1 次单独迟缓，同时其他连接正常',
  ],
  [
    `${n} of ${n} that were late at about that time were late because of the line`,
    '前后迟到的 $2 笔交易中有 $1 笔由线路造成',
  ],
  [
    `it waited ${q} for the reversal of its terminal's last transaction, which had this cause`,
    '为等待本终端上一笔交易的冲正而等待 $1，上一笔即由此原因造成',
  ],
  [
    `it comes again every ${q} \\(${n} times, for about ${q}\\), first at ${at}`,
    '每隔 $1 重现一次（共 $2 次，每次约 $3），首次在 $4',
  ],
  [
    `answers take longer and longer: ${q} at first and ${q} at the end, ${q} more each second`,
    '应答越来越慢：开始时 $1，结束时 $2，每秒增加 $3',
  ],
  [
    `from ${at} the host refused ${n} transactions of ${n} terminals \\(${w}\\), and served all before`,
    '自$1起主机拒绝了 $3 台终端的 $2 笔交易（$4），此前全部正常',
  ],
  [`it was over after ${q}, when terminals had signed on`, '$1 后终端签到完毕，恢复正常'],
  ['it was not over when the run ended', '至结束时尚未恢复'],
  [`the request was sent once and never acknowledged by the host's TCP`, '请求发送 1 次，主机 TCP 始终未确认'],
  [`the request was sent ${n} times and never acknowledged by the host's TCP`, '请求发送 $1 次，主机 TCP 始终未确认'],
  [
    `the request was sent ${n} times before the host's TCP acknowledged it, after ${q}`,
    '请求发送 $1 次后主机 TCP 才确认，历时 $2',
  ],
  [
    `the host's TCP acknowledged the request in ${q}, and the answer took ${q}`,
    '主机 TCP 在 $1 内确认请求，而应答耗时 $2',
  ],
  [`the host's TCP acknowledged the request in ${q}, and no answer came`, '主机 TCP 在 $1 内确认请求，但没有应答'],
  [
    `it waited ${q} for a connection that had ended because what came over it could not be read \\(framing\\)`,
    '等待连接 $1：该连接因收到无法解析的数据（报文长度格式）而断开',
  ],
  [`, while ${q} of those of ${n} other terminals were`, '，而其他 $2 台终端有 $1 得到处理'],
  ['no answer came', '没有应答'],
  [`its answer came ${q} after the request`, '发出请求后 $1 收到应答'],
  [`the terminal worked ${q} on the card before it sent anything`, '终端自身处理 $1 后才发出请求'],
  [`\\(model ([^()]+)\\)`, '（机型 $1）'],
  [
    'echoes on the same connection \\(terminals: echoProbe\\), or a capture of the line \\(explain\\), would tell',
    '在同一连接上发回响测试（echoProbe），或抓取线路报文（explain），即可区分',
  ],
  [
    'a new connection after each timeout \\(terminals: dialAnew\\), and more transactions on each, would tell',
    '超时后重新建立连接（dialAnew），并在各连接上多做交易，即可区分',
  ],
  [
    'more transactions with other cards, and with and without a PIN, would tell',
    '用其他卡片、以及含与不含 PIN 的更多交易，即可区分',
  ],
  ['new connections in the time of the silence would tell', '在无应答期间新建连接，即可区分'],
  ['a capture of the line \\(explain\\), or echo probes, would tell', '抓取线路报文（explain）或发回响测试，即可区分'],
  [`${w} \\(${q}\\) is the likeliest, and not likely enough`, '最可能为 $1（$2），但不足以判定'],
  [`${w} \\(${q}\\) and ${w} \\(${q}\\) explain it alike`, '$1（$2）与 $3（$4）同样可以解释'],
  [
    `${n} of ${n} late transactions had ([a-z]+(?: model)?) ([^()]*) \\(${q} of those; of all others ${n} of ${n}\\)`,
    '$2 笔不及时交易中有 $1 笔的 $3 为 $4（占该类的 $5；其余 $7 笔中有 $6 笔）',
  ],
  [`${n} of ${n} attempts to connect were refused`, '$2 次连接尝试中有 $1 次被拒绝'],
  [`${n} of ${n} untimely probes were refused: `, '$2 次不及时探测中有 $1 次被拒绝：'],
  [`${n} of ${n} attempts to connect failed \\(${w}\\)`, '$2 次连接尝试中有 $1 次失败（$3）'],
  [`the connection was lost once \\(${w}\\)`, '连接中断 1 次（$1）'],
  [`the connection was lost ${n} times \\(${w}\\)`, '连接中断 $1 次（$2）'],
  [`${n} probes? without an answer, while a new connection took `, '$1 次探测无应答，而新建连接耗时 '],
  [`${n} (?:answer|probe)s? with code ${w}`, '$1 次应答码为 $2'],
  ['nothing that was seen tells why', '所观察到的情况不能说明原因'],
  [`an answer took (.+), a new connection `, '应答耗时 $1，新建连接耗时 '],
  ['an unknown time', '时间未知'],
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
  [`the financial answer ${q}`, '金融交易应答耗时 $1'],
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
  [
    `${n} requests on different connections, sent in ${q}, were answered within ${q} of each other, ${at}`,
    '不同连接上在 $2 内发出的 $1 笔请求，于$4在 $3 内同时得到应答',
  ],
  [`${n} more had been given up by then`, '此前另有 $1 笔已放弃等待'],
  [`${n} others were answered at once meanwhile`, '同期其余 $1 笔立即得到应答'],
  [`its connection had been lost \\(${w}\\)`, '其连接此前已中断（$1）'],
  [`${n} connections were lost around it`, '前后有 $1 个连接中断'],
  [`, ${q} at best`, '，最快 $1'],
  [`the transaction took ${q}`, '该笔交易耗时 $1'],
  ['nothing was sent', '报文未发出'],
  [`the host refused the data with code ${w}, ${q} after the card`, '主机以应答码 $1 拒绝该数据，距刷卡 $2'],
  [`the host refused the data with code ${w}`, '主机以应答码 $1 拒绝该数据'],
  [`the host answered with code ${w}`, '主机应答码为 $1'],
  [`${n} tries were needed`, '共提交 $1 次'],
  [`${q} of ${q} \\(${q}\\) passed before the last try was sent`, '最后一次提交前已用去 $2 中的 $1（$3）'],
  [`${w} arrived instead of ${w}, most of the rest from merchant ${w}`, '交易到达率由 $2 升至 $1，增量主要来自商户 $3'],
  [`answers took ${q} on average then and ${q} otherwise`, '高峰期应答平均耗时 $1，平时 $2'],
  [`${q} were not timely then, ${q} otherwise`, '高峰期不及时占 $1，平时 $2'],
  ...moneyPhrases,
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
  [
    `this process stood still for ${q} of the ${q}: what was to begin meanwhile began so late`,
    '耗时 $2 中，压测进程自身停顿了 $1：其间应开始的交易都晚了这么久才开始',
  ],
  [`event-loop delay p99 ${q}`, '事件循环延迟 p99 为 $1'],
  ['it was not sent in time', '未能及时发出'],
  [', though the peer took what it was sent', '，而对端接收正常'],
  [`${n} new connections were slow or failed meanwhile`, '期间 $1 个新建连接缓慢或失败'],
  [`never less than ${w} came at once`, '每次入账不少于 $1'],
  ['nothing that was observed tells why', '所观察到的情况不能说明原因'],
  [`(-?[\\d.]+) s into the run`, '运行开始后 $1 s '],
  [`at the time ${share}`, '（当时，$2 次中 $1 次同样缓慢）'],
  ['no connection could be had', '无法建立连接'],
  ['the connection ended while the answer was awaited', '等待应答时连接中断'],
  [`${n} h ${n} min`, '$1 小时 $2 分'],
  [`${n} days? ${n} h`, '$1 天 $2 小时'],
  [
    `${n} bytes? of messages (?:is|are) missing: a missing answer may be (?:among them|there)`,
    '缺少 $1 字节报文：可能含有未见的应答',
  ],
  [
    `${n} of ${n} connections (?:was|were) open before the capture began: no connect time is known of (?:it|them)`,
    '$2 个连接中有 $1 个在抓包开始前已建立：其建立时间未知',
  ],
  [`${n} segments? (?:was|were) sent again \\(TCP retransmission\\)`, '$1 个报文段经 TCP 重传'],
  [`${n} duplicate acknowledgements?: something was lost or overtaken`, '$1 次重复确认：有数据丢失或乱序'],
  [`${n} times? a side said that it takes no more \\(zero window\\)`, '$1 次一方声明不再接收（零窗口）'],
  [`${n} places? could not be cut into messages`, '$1 处无法切分为报文'],
  [`${n} messages? could not be read`, '$1 个报文无法解析'],
  [`${n} answers? belongs? to no request of the capture`, '$1 笔应答在抓包中没有对应请求'],
  [`${n} segments of further connections were left out`, '其他连接的 $1 个报文段未计入'],
  ['the capture file ends inside a packet', '抓包文件在一个数据包中间结束'],
  [
    'there is no echo message in the capture: network and host can only be told apart by how connections open',
    '抓包中没有回响测试：只能根据建立连接的情况区分网络与主机',
  ],
  [`the host's name leads nowhere \\(([^()]*)\\)`, '主机名无法解析（$1）'],
  ['the run ended before it could be sent', '运行结束前未能发出'],
  ['every terminal was busy', '所有终端均被占用'],
  ['a reversal had to go first', '须先完成冲正'],
  ['answer that cannot be read', '应答无法解析'],
  ['this machine was too slow to begin it', '压测机过慢，未能开始'],
  ['with PIN', '含 PIN'],
  ['without PIN', '不含 PIN'],
  [`, dialled ${n} times`, '（第 $1 次拨号）'],
  [`and ${n} more`, '等另 $1 个'],
  ['的 messages 为', '的报文'],
  ['的 cards 为', '的卡号为'],
  ['的 kind 为', '的交易类型为'],
  ['的 host 为', '的主机为'],
  ['的 merchant 为', '的商户为'],
  ['的 amounts 为', '的金额为'],
  ['的 connection 为', '的连接为'],
  ['的 terminal model 为', '的机型为'],
  ['的 terminal 为', '的终端为'],
  ['; ', '；'],
]

/** A phrase with a count also fits the sentence of a single one: `1 connection was`. */
const ofAnyNumber = (pattern: string) =>
  pattern
    .replace(/(?<=\(\\d\+\)(?: [a-z-]+)? [a-z-]+)s\b(?!\?)/g, 's?')
    .replace(/\b(?<!\|)were\b(?!\))/g, '(?:was|were)')
    .replace('belong to', 'belongs? to')
    .replace('they carry', '(?:it carries|they carry)')

const compiled = phrases.map(([pattern, chinese]) => [new RegExp(ofAnyNumber(pattern), 'g'), chinese] as const)

const causeIds = new RegExp(
  `(?<![\\w-])(?:${knownCauses.filter((id) => id.includes('-')).join('|')}|issuer|hsm|connections|lost|surge|parameters)(?![\\w-])`,
  'g',
)

/** The system's words for what went wrong with a connection. */
const errnos: Readonly<Record<string, string>> = {
  ECONNREFUSED: '连接被拒绝',
  ECONNRESET: '连接被重置',
  ETIMEDOUT: '连接超时',
  EHOSTUNREACH: '主机不可达',
  ENETUNREACH: '网络不可达',
  ENOTFOUND: '没有主机使用此名称',
  EAI_AGAIN: '域名暂时无法解析，请检查网络',
  EPIPE: '连接已断开',
  reset: '连接被重置',
  ended: '对端关闭连接',
  refused: '连接被拒绝',
  connectTimeout: '连接超时',
  badFrame: '报文长度格式错误',
}
const codes = new RegExp(`\\b(?:${Object.keys(errnos).join('|')})\\b`, 'g')
/** Each code that is told with its meaning, `ENOTFOUND: no host has this name`. */
const explained = Object.keys(errnos).map((code) => [systemWords(code), code] as const)

/** Two words in a row: something was not translated. */
const english = /[a-z]{2,}[ ,:]+[a-z]{2,}/i

/** The sentence in the language; whole, or as it was made. */
export function sentenceIn(language: Language, sentence: string): string {
  if (language === 'en') return sentence
  const bare = explained.reduce((text, [words, code]) => text.replaceAll(words, code), sentence)
  const phrased = compiled.reduce((text, [pattern, chinese]) => text.replace(pattern, chinese), bare)
  const translated = phrased
    .replace(causeIds, (id) => causeName(id, 'zh'))
    .replace(codes, (word) => errnos[word] ?? word)
  return english.test(translated.replace(certificateName, '')) ? sentence : translated
}

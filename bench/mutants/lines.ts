// The lines of src/ that keep a promise each, at least forty: how the line is broken, and the tests that must notice it.

export interface BrokenLine {
  /** The promise that is broken, in a few words. */
  readonly name: string
  /** Under src/. */
  readonly file: string
  /** Stands in the file exactly once. */
  readonly from: string
  readonly to: string
  /** Under test/, without `.test.ts`: the tests that are named for the promise. */
  readonly tests: readonly string[]
}

const measured: readonly BrokenLine[] = [
  {
    name: 'response time starts at the intended time (coordinated omission)',
    file: 'measure/sample.ts',
    from: 'return sample.endedAt - sample.intendedAt',
    to: 'return sample.endedAt - (sample.startedAt ?? sample.intendedAt)',
    tests: ['measure/latency/recorder'],
  },
  {
    name: 'timely counts from the intended time',
    file: 'measure/sample.ts',
    from: 'sample.endedAt - sample.intendedAt <= withinMs',
    to: 'sample.endedAt - (sample.startedAt ?? sample.intendedAt) <= withinMs',
    tests: ['measure/latency/recorder'],
  },
  {
    name: 'service time starts when the request is written',
    file: 'measure/sample.ts',
    from: 'sample.endedAt - sample.writtenAt : undefined',
    to: 'sample.endedAt - sample.intendedAt : undefined',
    tests: ['measure/latency/recorder'],
  },
  {
    name: 'p99 is the 99th percentile',
    file: 'measure/latency/histogram.ts',
    from: 'p99: this.percentile(99),',
    to: 'p99: this.percentile(98),',
    tests: ['measure/latency/recorder', 'measure/latency/histogram'],
  },
  {
    name: 'p99.9 is the 99.9th percentile',
    file: 'measure/latency/histogram.ts',
    from: 'p999: this.percentile(99.9),',
    to: 'p999: this.percentile(99),',
    tests: ['measure/latency/recorder', 'measure/latency/histogram'],
  },
  {
    name: 'p99.99 is the 99.99th percentile',
    file: 'measure/latency/histogram.ts',
    from: 'p9999: this.percentile(99.99),',
    to: 'p9999: this.percentile(99.9),',
    tests: ['measure/latency/recorder', 'measure/latency/histogram'],
  },
  {
    name: 'a percentile never exceeds the greatest value',
    file: 'measure/latency/histogram.ts',
    from: 'Math.min(this.#max, Math.max(this.#min, this.#whole().getValueAtPercentile(percentile)))',
    to: 'this.#whole().getValueAtPercentile(percentile)',
    tests: ['measure/latency/histogram'],
  },
  {
    name: 'a generator that is late is called saturated',
    file: 'measure/saturation.ts',
    from: 'lagP99Ms <= limit',
    to: 'lagP99Ms >= 0',
    tests: ['measure/saturation'],
  },
  {
    name: 'a failed threshold gives its exit code',
    file: 'measure/verdict.ts',
    from: 'thresholds: thresholds.some(({ met }) => !met),',
    to: 'thresholds: false,',
    tests: ['cli/exit-codes'],
  },
  {
    name: 'books that do not agree win over a threshold',
    file: 'measure/verdict.ts',
    from: "['books', exitCode.books],",
    to: "['books', exitCode.notMet],",
    tests: ['cli/exit-codes'],
  },
  {
    name: 'SIGINT and SIGTERM have exit codes of their own',
    file: 'cli/exit-codes.ts',
    from: "if (interruptedBy === 'SIGTERM') return exitCode.terminated",
    to: "if (interruptedBy === 'SIGTERM') return exitCode.interrupted",
    tests: ['cli/exit-codes'],
  },
]

const clockAndLoad: readonly BrokenLine[] = [
  {
    name: 'events of one instant happen in the order in which they were set',
    file: 'base/virtual-clock.ts',
    from: 'a.at < b.at || (a.at === b.at && a.order < b.order)',
    to: 'a.at < b.at || (a.at === b.at && a.order > b.order)',
    tests: ['base/virtual-clock'],
  },
  {
    name: 'Poisson arrivals stretch with the rate',
    file: 'load/arrivals.ts',
    from: 'reached += random.exponential(1)',
    to: 'reached += 1',
    tests: ['load/arrivals'],
  },
  {
    name: 'evenly paced arrivals begin at once',
    file: 'load/arrivals.ts',
    from: 'const time = timeOf(rate, arrival)',
    to: 'const time = timeOf(rate, arrival + 1)',
    tests: ['load/arrivals'],
  },
  {
    name: 'a duration adds its parts',
    file: 'base/units.ts',
    from: 'sum + Number(number) * (msOf[unit as string] as number), 0)',
    to: 'sum + Number(number), 0)',
    tests: ['base/units'],
  },
]

const codec: readonly BrokenLine[] = [
  {
    name: 'a bit of the bitmap is the field of its number',
    file: 'codec/head/bitmap.ts',
    from: 'numbers[count++] = index * 8 + bit + 1',
    to: 'numbers[count++] = index * 8 + bit',
    tests: ['codec/head/bitmap'],
  },
  {
    name: 'an odd count of digits is filled up where the dialect says',
    file: 'codec/encodings/packed.ts',
    from: 'if (alignsRight && value.length % 2 === 1) {',
    to: 'if (false) {',
    tests: ['codec/fields'],
  },
  {
    name: 'a BER-TLV value ends where its length says',
    file: 'codec/inside/ber-tlv.ts',
    from: 'const next = length.at + length.size',
    to: 'const next = length.at + length.size + 1',
    tests: ['codec/nested'],
  },
  {
    name: 'a card number shows six digits and four',
    file: 'base/mask.ts',
    from: 'pan.slice(-4)',
    to: 'pan.slice(-6)',
    tests: ['base/mask', 'canaries/masks'],
  },
  {
    name: 'a message that may be read wrongly shows its shape alone',
    file: 'codec/mask-message.ts',
    from: 'if (doubtOf(dialect, message) !== undefined) return lengthsOnly(message)',
    to: '',
    tests: ['codec/mask-message', 'canaries/masks'],
  },
  {
    name: 'a frame ends where its length says',
    file: 'framing/deframer.ts',
    from: 'return this.#prefix.bytes + bytes',
    to: 'return this.#prefix.bytes + bytes + 1',
    tests: ['framing/deframer'],
  },
  {
    name: 'a length over the limit is refused',
    file: 'framing/deframer.ts',
    from: "this.#fail('TOO_LONG', problem, source.subarray(at, end))",
    to: '',
    tests: ['framing/deframer'],
  },
]

const security: readonly BrokenLine[] = [
  {
    name: 'the acquirer refuses a wrong MAC',
    file: 'acquirer/keys/security.ts',
    from: 'return isValid ? undefined : this.#setup.codec.dialect.rules.codes.macError',
    to: 'return undefined',
    tests: ['acquirer/keys/security'],
  },
  {
    name: 'the terminal refuses an answer with a wrong MAC',
    file: 'terminal/keys/answer-check.ts',
    from: 'return macFields.isSigned(mac(), field, body) ? judgement : unusable(badMacReason)',
    to: 'return judgement',
    tests: ['terminal/keys/terminal-keys'],
  },
  {
    name: 'every byte of a MAC is compared',
    file: 'transport/wire/mac-field.ts',
    from: 'for (let index = 0; index < shape.width; index++) {\n        if (written',
    to: 'for (let index = 0; index < 1; index++) {\n        if (written',
    tests: ['transport/wire/mac-field'],
  },
  {
    name: 'a PIN block of format 0 has the account number in it',
    file: 'crypto/pin/pin-block.ts',
    from: "'iso-0': { control: '0', usesPan: true, fill: 'F' },",
    to: "'iso-0': { control: '0', usesPan: false, fill: 'F' },",
    tests: ['crypto/pin/pin-block'],
  },
  {
    name: 'a verification value takes its decimals first',
    file: 'crypto/card/cvv.ts',
    from: "return hex.replaceAll(/\\D/g, '') + letters.join('')",
    to: "return letters.join('') + hex.replaceAll(/\\D/g, '')",
    tests: ['crypto/card/cvv'],
  },
  {
    name: 'a DUKPT counter skips values with too many one bits',
    file: 'crypto/dukpt-counter.ts',
    from: 'ones.length > rule.mostOnes;',
    to: 'ones.length > rule.bits;',
    tests: ['crypto/dukpt-tdes', 'crypto/dukpt-aes'],
  },
]

const exchanges: readonly BrokenLine[] = [
  {
    name: 'a request whose time is over is not sent',
    file: 'terminal/fleet/fleet.ts',
    from: 'if (hasWaited && clock.now() >= transaction.sendBefore)',
    to: 'if (clock.now() > 2 * transaction.sendBefore)',
    tests: ['terminal/fleet/fleet'],
  },
  {
    name: 'an arrival that found no terminal has a sample',
    file: 'terminal/fleet/fleet.ts',
    from: 'events.onSample(neverTaken(arrival, at, target), undefined, undefined)',
    to: '',
    tests: ['terminal/fleet/fleet'],
  },
  {
    name: 'a request that waits is held as a copy',
    file: 'acquirer/intake/work.ts',
    from: 'work.body = Buffer.from(work.body)',
    to: '',
    tests: ['acquirer/acquirer'],
  },
  {
    name: 'fields that were peeked are looked up again after waiting',
    file: 'acquirer/intake/work.ts',
    from: 'putAside(work: QueuedRequest): void {\n    work.peek = undefined',
    to: 'putAside(work: QueuedRequest): void {',
    tests: ['acquirer/acquirer'],
  },
  {
    name: 'an answer belongs to the request with its key',
    file: 'transport/wire/match-key.ts',
    from: 'for (const field of matchBy) joined.addField(answer, field)',
    to: "for (const _ of matchBy) joined.add('')",
    tests: ['transport/client/pending', 'transport/wire/wire', 'transport/pure'],
  },
  {
    name: 'a request times out when its time is over',
    file: 'transport/client/pending.ts',
    from: 'entry.deadline = now + timeoutMs',
    to: 'entry.deadline = now + timeoutMs + 1000',
    tests: ['transport/client/pending'],
  },
  {
    name: 'bytes are used again only when they have left',
    file: 'transport/client/outbox.ts',
    from: 'this.#isTold = link.hasLeft === true',
    to: 'this.#isTold = true',
    tests: ['transport/client/outbox'],
  },
  {
    name: 'values that were counted are in the percentiles',
    file: 'measure/latency/histogram.ts',
    from: 'this.#hasFresh = true',
    to: 'this.#hasFresh = times > 1',
    tests: ['measure/latency/histogram'],
  },
  {
    name: 'waiting before a new connection grows',
    file: 'transport/client/backoff.ts',
    from: 'ceiling = Math.min(2 * ceiling, toMs)',
    to: 'ceiling = Math.min(ceiling, toMs)',
    tests: ['transport/pure'],
  },
  {
    name: 'a path that failed too often is given up',
    file: 'terminal/paths/target-health.ts',
    from: 'if (++this.#failures >= this.#limits.afterFailures)',
    to: 'if (++this.#failures > this.#limits.afterFailures)',
    tests: ['terminal/paths/target-health'],
  },
  {
    name: 'latency delays every chunk',
    file: 'faults/network/latency.ts',
    from: "[{ do: 'deliver', bytes, at: release(arrivedAt) }]",
    to: "[{ do: 'deliver', bytes, at: arrivedAt }]",
    tests: ['faults/line-faults'],
  },
  {
    name: 'bandwidth is bytes over time',
    file: 'faults/network/bandwidth.ts',
    from: 'busyUntil += piece.length / rate',
    to: 'busyUntil += 1 / rate',
    tests: ['faults/line-faults'],
  },
]

const money: readonly BrokenLine[] = [
  {
    name: 'what a terminal owes leaves in order',
    file: 'terminal/money/owed.ts',
    from: 'known.items.push(item)',
    to: 'known.items.unshift(item)',
    tests: ['terminal/money/owed'],
  },
  {
    name: 'a host that could not read a reversal has undone nothing',
    file: 'terminal/money/owed.ts',
    from: "return outcome !== 'failed' && !retryCode && !this.#options.notRead.includes(code)",
    to: "return outcome !== 'failed'",
    tests: ['terminal/money/owed'],
  },
  {
    name: 'a transaction in doubt is reversed',
    file: 'terminal/money/money-desk.ts',
    from: 'else this.#doubt(found, this.#reasonOf(transaction, ended))',
    to: "else this.#close(found, 'declined')",
    tests: ['terminal/money/money-desk'],
  },
  {
    name: 'a trace number is used once',
    file: 'terminal/terminal.ts',
    from: 'terminal.stan++',
    to: 'terminal.stan += terminal.stan % 2 === 0 ? 1 : 0',
    tests: ['terminal/requests/request-maker'],
  },
  {
    name: 'a reversal of another amount undoes nothing',
    file: 'acquirer/ledger/post-reversal.ts',
    from: 'if (amount !== undefined && amount !== 0 && amount !== entry.asked) return true',
    to: '',
    tests: ['acquirer/ledger/ledger', 'acquirer/ledger/iso-ledger'],
  },
  {
    name: 'fees are rounded half up',
    file: 'acquirer/settlement/fee.ts',
    from: 'const doubled = 2n * parts + partsPerUnit',
    to: 'const doubled = 2n * parts',
    tests: ['acquirer/settlement/terms'],
  },
  {
    name: 'a charge that the terminal does not know is a difference',
    file: 'measure/money/books.ts',
    from: "if (own === undefined) found.add('chargedButNotKnown', undefined, row)",
    to: 'if (own === undefined) return',
    tests: ['measure/money/books'],
  },
  {
    name: 'a damaged frame of the journal is noticed',
    file: 'terminal/journal/journal-frames.ts',
    from: 'return crc32(payload) === buffer.readUInt32BE(at + 12) ? { payload, end } : undefined',
    to: 'return { payload, end }',
    tests: ['terminal/journal/journal-frames', 'terminal/journal/journal'],
  },
]

export const brokenLines: readonly BrokenLine[] = [
  ...measured,
  ...clockAndLoad,
  ...codec,
  ...security,
  ...exchanges,
  ...money,
]

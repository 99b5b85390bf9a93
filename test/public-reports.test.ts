// The kinds of fault that users of other tools have reported in public, each with the test that keeps it out of here. A test
// that moves or is renamed fails here: whoever moves it says where the kind is tested now.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

type Row = readonly [report: string, kind: string, file: string, title: string]

const [decode, doctor, headers] = ['cli/reported.test.ts', 'doctor/misfit.test.ts', 'cli/pasted.test.ts'] as const
const [strangers, containers] = ['cli/strangers.test.ts', 'codec/importers/jpos/jpos-containers.test.ts'] as const
const [nested, fields, mac] = [
  'codec/nested.test.ts',
  'codec/fields.test.ts',
  'run/keys/mac-diagnosis.test.ts',
] as const
const [masks, toxiproxy, third] = [
  'canaries/masks.test.ts',
  'control/toxiproxy-client.test.ts',
  'codec/head/third-bitmap.test.ts',
] as const

const rows: readonly Row[] = [
  // Lengths, encodings, headers.
  ['j8583 62', 'lengths in binary, asked of the doctor', doctor, 'writes its lengths in binary'],
  ['j8583 62', 'the wrong dialect stops behind the MTI', decode, 'says where the wrong dialect stops'],
  ['j8583 62', 'a dialect with binary lengths', fields, 'a prefix in binary'],
  ['jmeter 6371', 'a currency in two packed bytes', doctor, 'packs its currency in two bytes'],
  [
    'jmeter 6371',
    'a packager with the header of VIP',
    'codec/importers/jpos/jpos-xml.test.ts',
    'with headerLength has so',
  ],
  ['moov 132', 'BCD, EBCDIC and binary lengths at once', 'doctor/plain-terms.test.ts', 'Visa BASE I is ISO 8583:1987'],
  ['pyiso8583 8', 'a header of twelve characters and an ETX', decode, 'a base24 frame with its header'],
  ['CSDN 130776447', 'the 46 bytes of a CUPS switch', headers, 'the header of a CUPS switch'],
  ['7424204', 'a TPDU and two bytes', headers, 'a TPDU and a version'],
  ['7424204', 'a length that counts hex digits', headers, 'a length that counts hex digits'],
  ['7424204', 'a TPDU and six bytes', headers, 'a TPDU and six bytes'],
  ['iso-8583-socket-queue 47', 'zeros behind an ASCII length', headers, "['zeros'"],
  ['iso-8583-socket-queue 47', 'ISO 8583:1993 in BCD behind it', 'doctor/guess.test.ts', 'a capture of'],
  ['techqa 77726312', 'a length twice', headers, "['a second length'"],
  ['techqa 77726312', 'a length twice, in ASCII', headers, 'a second length in ASCII'],
  ['devpeace 21282257', 'Ethernet, IP and TCP in front', headers, 'Wireshark, an Ethernet packet as hex'],
  [
    'jmeter-iso8583 41',
    'a TPDU, ASCII fields, a binary bitmap',
    'doctor/plain-terms.test.ts',
    'a binary bitmap among ASCII',
  ],
  ['jmeter 6371', 'a packed currency alone', doctor, 'packs its currency in two bytes'],
  ['ISO8583-Message-Client 12', 'the spare half byte in front', decode, 'the spare half byte in front'],
  ['pyiso8583 6', 'a card whose length counts bytes', decode, 'a card whose length counts bytes'],
  ['ISO8583-Message-Client 12', 'a track whose length counts bytes', doctor, 'counts the bytes of track 2'],
  ['ISO8583-Message-Client 12', 'a track with a zero in front', decode, 'a track with a zero in front of its card'],
  ['j8583 38', 'a variable field of no length', fields, 'an empty value has length 0'],
  // Pasted text.
  ['on-september 2010', 'text and a newline', headers, 'the characters and a newline'],
  ['on-september 2010', 'text without one', headers, 'the characters of the message'],
  ['iso_8583 81', 'text with letters', headers, 'the characters and a newline'],
  ['variant', 'an odd count of digits', decode, 'an odd count of digits'],
  ['variant', 'lines that hold no message', decode, 'of lines that hold no message says so'],
  ['jpos-users dXOR7', 'a dump of jPOS', headers, "['jPOS'"],
  ['jmeter-iso8583 41', 'a dump of xxd', headers, "'xxd'"],
  ['CSDN', 'hex wrapped over lines', headers, 'hex wrapped at 32 digits'],
  ['ppmy 154975', 'a C array', headers, "'a C array'"],
  ['Wireshark', 'hex with colons', headers, 'hex with 0x, blanks and colons'],
  // Chip data and nested fields.
  ['jPOS 314', 'a value that begins with zeros', nested, 'BER-TLV in the order of its tags'],
  ['jPOS 315', 'a tag of no length', decode, 'repeated and empty tags'],
  ['jPOS 77', 'zeros between tags', decode, 'reads chip data with padding'],
  ['jPOS 77', 'the fields behind them', decode, 'and every field behind it'],
  ['ber-tlv 11', 'padding that is no tag 00', decode, 'reads chip data with padding'],
  ['EMV', 'a tag twice', decode, 'repeated and empty tags'],
  ['j8583 37', 'Chinese, whose length counts bytes', fields, 'GBK counts bytes'],
  ['j8583 7d71b893', 'tables with the length first', nested, "{ SP: '01ZZZ'"],
  [
    'j8583 7d71b893',
    'a length that says nothing of itself',
    'codec/importers/layers.test.ts',
    'a length of tags that does not say',
  ],
  ['jpos-users _3fjA', 'no category code', containers, 'without their optional code, the first one blank'],
  ['jpos-users 50d98', 'data elements of four digits', containers, 'Mastercard PDS with tags of four digits'],
  [
    'iso-8583-socket-queue 14',
    'a number instead of a text',
    'codec/message-json.test.ts',
    'numbers lose their leading zeros',
  ],
  // Bitmaps and specs.
  ['pyiso8583 29', 'a third bitmap without a second', 'codec/importers/jpos/jpos-xml.test.ts', 'a bitmap of 24 bytes'],
  ['pyiso8583 35', 'a third bitmap in field 65', third, 'is written only where a field above 128 is there'],
  ['moov connection 100', 'a header in field 0', 'codec/importers/first-try.test.ts', 'a header in field 0 is sent to'],
  // Secrets.
  ['jmeter-iso8583 13', 'a clear PIN in field 52', masks, 'is hidden in every field of a PIN'],
  ['pyiso8583 6', 'a card, misread by bytes', masks, 'counts bytes of packed digits'],
  ['iso_8583 81', 'a card, misread as packed digits', masks, 'writes everything in ASCII'],
  ['j8583 62', 'a card behind a binary length', masks, 'writes lengths in binary'],
  ['ask.csdn 73040', 'a MAC of another algorithm', mac, 'x9.9 with the left half of the key'],
  ['jmeter-iso8583 32', 'a MAC of another padding', mac, 'x9.9 with padding 2'],
  ['variant', 'a MAC of 32 bits and zeros', mac, 'only the first 4 bytes stand in the field, then 4 bytes of filler'],
  ['jmeter-iso8583 77', 'X9.19', mac, 'a valid one is valid'],
  ['dukpt-php 6', 'counters of DUKPT', 'crypto/dukpt-tdes.test.ts', 'never has more than ten one bits'],
  // Answers.
  ['baseline', 'a message and its answer', 'cli/trace.test.ts', "['send', '--trace', ...flags()]"],
  ['iso-8583-socket-queue 64', 'an answer that cannot be read whole', strangers, 'a host with a field of letters'],
  ['iso-8583-socket-queue 64', 'letters in an amount', strangers, 'a host with a field of letters'],
  ['moov connection 95', 'an answer in another framing', strangers, 'a host with another framing'],
  ['jmeter-iso8583 40', 'an answer with the MTI of a request', 'transport/tcp.test.ts', 'message 0200 is no answer'],
  ['jmeter-iso8583 54', 'a sign-on whose answer names no terminal', strangers, 'signs on one by one where the answer'],
  [
    'moov connection 95',
    'sales answered in another framing',
    strangers,
    'names the framing of answers that it cannot read',
  ],
  ['moov connection 95', 'a host that closes each time', strangers, 'is answered by a host that closes behind each'],
  ['jPOS', 'an answer twice', strangers, 'takes an answer that comes twice once'],
  ['jmeter-iso8583 55', 'a wrong STAN', 'transport/client/pending.test.ts', 'there DE11 differs'],
  ['CUP', 'an approval of another amount', strangers, 'takes no approval of another amount'],
  ['iso-8583-socket-queue 64', 'a terminal with another framing', 'framing/deframer.test.ts', 'try --framing ascii4'],
  [
    'iso-8583-socket-queue 64',
    'a request that cannot be read',
    strangers,
    'an acquirer says at once which message it cannot',
  ],
  ['jPOS 234', 'the connections beside it', 'transport/tcp.test.ts', 'sends garbage, says why, and serves the others'],
  // The proxy, the ledger, the figures.
  ['toxiproxy 41', 'reset twice', toxiproxy, 'populate and reset'],
  [
    'toxiproxy 149',
    'a toxic taken away amid data',
    'proxy/busy.test.ts',
    'taking a toxic away while data is under way',
  ],
  ['toxiproxy 536', 'latency that delays data, and no connection', toxiproxy, 'latency delays what is sent, and no'],
  [
    'better-sqlite3 836',
    'a reader of the ledger',
    'acquirer/ledger/file.test.ts',
    'goes on while another process reads',
  ],
  ['wrk 99', 'a host that stands still', 'run/real-run.test.ts', 'a host that is stopped delays every payment'],
  ['sysbench 242', 'latencies of minutes', 'measure/latency/histogram.test.ts', 'outside the range count at its edge'],
  [
    'loadtest 204',
    'a host that refuses everything',
    'run/real-run.test.ts',
    'what cannot start is one line and an exit code',
  ],
  [
    'HdrHistogramJS 24',
    'histograms that others read',
    'report/reports.test.ts',
    'those that HdrHistogram itself prints',
  ],
  ['tsung 341', 'arrivals as many as asked for', 'load/arrivals.test.ts', 'has as many as its time allows'],
  ['k6', 'a duration of two units', 'base/units.test.ts', "'1m30s'"],
]

test('81 reports have a test', () => expect(rows).toHaveLength(81))

test.each(rows)('%s: %s', (_report, _kind, file, title) => {
  expect(readFileSync(join(import.meta.dirname, file), 'utf8')).toContain(title)
})

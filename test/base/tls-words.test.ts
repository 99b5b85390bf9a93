// Sentences of TLS: each is known for what it is, wherever a reason is judged, and has its Chinese.

import { expect, test } from 'vitest'
import { isExpiry, isTlsRefusal, unwelcome } from '../../src/base/text/tls-words.js'
import { sentenceIn } from '../../src/report/words/sentences.js'
import { explainTls, tlsSentences } from '../../src/transport/network/tls-detail.js'

const own = 'CN=Shop of Mr Li, O=Shop, valid 2020-01-01 to 2020-01-02'
const words = (code: string) => explainTls({ name: '', message: '', code }, { own, peer: own })
const codes = Object.keys(tlsSentences)
const ofTheLine = ['ERR_TLS_HANDSHAKE_TIMEOUT', 'ECONNRESET']

test.each([...codes, 'ERR_SSL_NO_CIPHERS'])('%s is a refusal where it is one', (code) => {
  expect(isTlsRefusal(words(code))).toBe(!ofTheLine.includes(code))
  expect(isExpiry(words(code))).toBe(code.endsWith('_EXPIRED'))
})

test('so is an end without a word, and no reason of the system is', () => {
  expect(isTlsRefusal(unwelcome(own))).toBe(true)
  for (const reason of ['ECONNRESET', 'ended', 'ENOTFOUND', 'answer that cannot be read', undefined])
    expect(isTlsRefusal(reason)).toBe(false)
})

test.each([...codes.map(words), unwelcome(own)])('in Chinese: %s', (sentence) => {
  const chinese = sentenceIn('zh', `TLS ended the connection: ${sentence}`)
  expect(chinese).toMatch(/^TLS 终止了连接：.*[\u4e00-\u9fff]/)
  expect(chinese.replace(own.slice(0, own.indexOf(', valid')), '')).not.toMatch(/[a-z]{2,}[ ,:]+[a-z]{2,}/i)
})

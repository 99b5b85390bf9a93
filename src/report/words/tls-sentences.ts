// The end of a connection by TLS in Chinese: the sentences of `transport/network/tls-detail.ts` and `base/text/tls-words.ts`.

import { n, type Phrase } from './sentence-patterns.js'

export const tlsPhrases: readonly Phrase[] = [
  ['TLS ended the connection: ', 'TLS 终止了连接：'],
  [`${n} transactions had been answered over TLS before`, '此前有 $1 笔交易经 TLS 得到应答'],
  ['the certificate of the peer has expired and must be renewed', '对端证书已过期，需更新'],
  ['the certificate of the peer is not valid yet: check the clocks', '对端证书尚未生效：请核对时钟'],
  ['the certificate of the peer is signed by itself: name it with --ca FILE', '对端证书为自签名：请用 --ca 指定'],
  [
    'the authority that signed the certificate of the peer is not known: name it with --ca FILE',
    '签发对端证书的机构未知：请用 --ca 指定',
  ],
  ['the certificate of the peer is for another host name', '对端证书属于另一主机名'],
  [
    'the peer asks for a certificate of ours: give --cert FILE and --key FILE',
    '对端要求本方证书：请给出 --cert 与 --key',
  ],
  ['the client showed no certificate', '客户端未出示证书'],
  ['the peer does not speak TLS: leave out --tls, or check the port', '对端不使用 TLS：请去掉 --tls 或核对端口'],
  ['the peer speaks HTTP without TLS', '对端使用不带 TLS 的 HTTP'],
  ['the peer speaks only an older version of TLS than is allowed', '对端仅支持低于允许版本的 TLS'],
  ['the peer refuses this version of TLS', '对端拒绝此 TLS 版本'],
  [
    'the peer does not know the authority that signed our certificate: give it that authority, or --cert FILE of one that it knows',
    '对端不认识签发本方证书的机构：请向对端提供该机构证书，或用 --cert 换用其认可的证书',
  ],
  ['the peer could not verify our certificate', '对端无法验证本方证书'],
  ['our certificate has expired, says the peer: renew it', '对端称本方证书已过期：请更新'],
  ['the peer does not accept our certificate', '对端不接受本方证书'],
  ['the peer found no cipher in common, or misses a certificate of ours', '双方没有共同的加密套件，或对端要求本方证书'],
  ['the peer did not finish the TLS handshake', '对端未完成 TLS 握手'],
  ['the peer closed the connection during the TLS handshake', '对端在 TLS 握手中关闭连接'],
  [
    'the peer ended the connection after the TLS handshake, before any answer: it may not accept our certificate, which is ',
    '对端在 TLS 握手后、应答前断开：可能不接受本方证书，该证书为 ',
  ],
  ['; it is (?=[^;]* valid )', '；该证书为 '],
  [String.raw`, valid (\d{4}-\d\d-\d\d|an unknown day) to (\d{4}-\d\d-\d\d|an unknown day)`, '，有效期 $1 至 $2'],
  ['an unknown day', '未知日期'],
  ['TLS error ', 'TLS 错误 '],
]

/** The name of a certificate's owner: it stays as it was written. */
export const certificateName = /\b(?:CN|OU?|C|ST|L|serialNumber|emailAddress)=[^，；（]*/g

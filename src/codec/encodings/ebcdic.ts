// EBCDIC code pages 037, 500 and 1047 (IBM CDRA), each a permutation of the 256 Latin-1 characters.

export type EbcdicPage = 'ebcdic037' | 'ebcdic500' | 'ebcdic1047'

/** Row by row, the Latin-1 code of each byte of code page 037. */
const page037 = `
000102039c09867f978d8e0b0c0d0e0f 101112139d8508871819928f1c1d1e1f
80818283840a171b88898a8b8c050607 909116939495960498999a9b14159e1a
20a0e2e4e0e1e3e5e7f1a22e3c282b7c 26e9eaebe8edeeefecdf21242a293bac
2d2fc2c4c0c1c3c5c7d1a62c255f3e3f f8c9cacbc8cdcecfcc603a2340273d22
d8616263646566676869abbbf0fdfeb1 b06a6b6c6d6e6f707172aabae6b8c6a4
b57e737475767778797aa1bfd0dddeae 5ea3a5b7a9a7b6bcbdbe5b5dafa8b4d7
7b414243444546474849adf4f6f2f3f5 7d4a4b4c4d4e4f505152b9fbfcf9faff
5cf7535455565758595ab2d4d6d2d3d5 30313233343536373839b3dbdcd9da9f`

/** Where the other pages differ: byte to Latin-1 code. */
const differences: Record<EbcdicPage, Readonly<Record<number, number>>> = {
  ebcdic037: {},
  ebcdic500: { 74: 0x5b, 79: 0x21, 90: 0x5d, 95: 0x5e, 176: 0xa2, 186: 0xac, 187: 0x7c },
  ebcdic1047: { 95: 0x5e, 173: 0x5b, 176: 0xac, 186: 0xdd, 187: 0xa8, 189: 0x5d },
}

/** For each byte of the page, the Latin-1 code of its character. */
export function ebcdicToLatin1(page: EbcdicPage): Readonly<Uint8Array> {
  const table = new Uint8Array(Buffer.from(page037.replace(/\s/g, ''), 'hex'))
  for (const [byte, code] of Object.entries(differences[page])) table[Number(byte)] = code
  return table
}

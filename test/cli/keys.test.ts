// Keys on the command line: check values, and MACs that are checked and made.

import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { isochron } from './fake-io.js'

/** A published 0200 of the CUP POS dialect, and the MAC key that is published with it. */
const published =
  '007F600003000060321032007202003020048000C08015000000000000001234000002030099303030303030303139353237313831383232313738373531353600192600000100060000000000435F01123238343431323334353637383930313233345F03063136303033365F04063230303832365C0230314233413039324145'
const secret = '0723C80DB5F4CD3D'

let folder: string
let keys: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'isochron-cli-keys-'))
  keys = join(folder, 'keys.yaml')
  writeFileSync(keys, `tak: { usage: mak, key: ${secret} }\n`, { mode: 0o600 })
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('keys check', () => {
  test('shows names, uses and check values, and never a key', async () => {
    const { code, stdout, stderr } = await isochron(['keys', 'check', keys])
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toBe('name  usage  algorithm  KCV\ntak   mak    des 64     CE410E\n')
    expect(stdout).not.toContain(secret)
  })

  test('warns of a weak key', async () => {
    const weak = join(folder, 'weak.yaml')
    writeFileSync(weak, 'w: { usage: mak, key: "0101010101010101" }\n', { mode: 0o600 })
    expect((await isochron(['keys', 'check', weak])).stderr).toContain("warning: key 'w' holds a weak")
  })

  test('says what a dialect does with each key, and refuses those of no use to it by name', async () => {
    const derivation = join(folder, 'bdk.yaml')
    const text = 'mine: { usage: bdk, key: 0123456789ABCDEFFEDCBA9876543210, ksn: FFFF9876543210E00000 }\n'
    writeFileSync(derivation, text, { mode: 0o600 })
    const used = await isochron(['keys', 'check', derivation, '--dialect', 'iso93-ascii'])
    expect(used).toMatchObject({ code: 0, stderr: '' })
    expect(used.stdout).toContain('PIN blocks and MACs under DUKPT')
    const unused = await isochron(['keys', 'check', derivation, '--dialect', 'cup-pos'])
    expect(unused.code).toBe(2)
    expect(unused.stderr).toContain("dialect cup-pos has no use for key 'mine' (usage bdk)")
  })

  test('says that a DES key is of no use for PIN blocks of format 4', async () => {
    const file = join(folder, 'pik.yaml')
    writeFileSync(file, `pin: { usage: pik, key: ${secret}${secret} }\n`, { mode: 0o600 })
    const spec = join(folder, 'format-4.yaml')
    const pin = 'pin: { field: 52, format: iso-4, panFrom: [2, 35], together: [], formatError: "30" }'
    writeFileSync(spec, `base: iso87-ascii\ndialectRules: { security: { terminalField: 41, ${pin} } }\n`)
    const { code, stdout, stderr } = await isochron(['keys', 'check', file, '--dialect', spec])
    expect({ code, stderr }).toMatchObject({ code: 2, stderr: expect.stringContaining("'pin' (usage pik, des)") })
    expect(stderr).toContain('pik takes aes')
    expect(stdout).toContain('no use')
  })

  test.each([
    { name: 'of another length', ksn: 'FFFF98', says: 'its ksn has 3 bytes; 10 are needed for des keys' },
    { name: 'that is no hex', ksn: 'no', says: 'is not hex' },
  ])('refuses a key serial number $name', async ({ ksn, says }) => {
    const wrong = join(folder, 'ksn.yaml')
    writeFileSync(wrong, `mine: { usage: bdk, key: ${secret}${secret}, ksn: ${ksn} }\n`, { mode: 0o600 })
    const { code, stderr } = await isochron(['keys', 'check', wrong])
    expect(code).toBe(2)
    expect(stderr).toContain(says)
  })

  test('is the only action', async () => {
    expect(await isochron(['keys', 'show', keys])).toMatchObject({ code: 2 })
  })
})

describe('decode --keys', () => {
  test.each([
    { mode: 0o644, code: 0, says: "warning: KEYS: mode 0644 lets others read the keys: run chmod 600 'KEYS'" },
    { mode: 0o666, code: 2, says: "KEYS: mode 0666 lets others change the keys: run chmod 600 'KEYS'" },
  ])('of a file that others may open, exit $code', async ({ mode, code, says }) => {
    const file = join(folder, `open-${mode}.yaml`)
    writeFileSync(file, `tak: { usage: mak, key: ${secret} }\n`)
    chmodSync(file, mode)
    const decoded = await isochron(['decode', '--dialect', 'cup-pos', '--keys', file], published)
    expect(decoded.code).toBe(code)
    expect(decoded.stderr).toContain(says.replaceAll('KEYS', file))
  })

  test('says that a published MAC is valid', async () => {
    const { code, stderr } = await isochron(['decode', '--json', '--unmask', '--keys', keys], published)
    expect(code).toBe(0)
    expect(stderr).toContain('MAC valid (key tak)')
  })

  test('says that it is wrong when a digit of the amount was changed, exit 3', async () => {
    const changed = published.replace('000000001234', '000000001235')
    expect(await isochron(['decode', '--keys', keys], changed)).toMatchObject({
      code: 3,
      stderr: 'MAC wrong: no known algorithm, padding or coverage gives it with the keys of the file\n',
    })
  })

  test('names the line of a file with several', async () => {
    const { code, stderr } = await isochron(['decode', '--keys', keys], `${published}\n${published.slice(4)}\n`)
    expect({ code, stderr }).toEqual({ code: 0, stderr: 'line 1: MAC valid (key tak)\nline 2: MAC valid (key tak)\n' })
  })

  test('keeps exit 2 for what cannot be read', async () => {
    expect(await isochron(['decode', '--keys', keys], published.slice(0, 80))).toMatchObject({ code: 2 })
  })

  test('says so without a key for MACs', async () => {
    const other = join(folder, 'tmk.yaml')
    writeFileSync(other, `tmk: { usage: tmk, key: ${secret}${secret} }\n`, { mode: 0o600 })
    const { code, stderr } = await isochron(['decode', '--keys', other], published)
    expect(code).toBe(0)
    expect(stderr).toContain('MAC in field 64 not checked: no key for it (usage mak)\n')
  })
})

describe('encode', () => {
  test.each(['cup-pos', 'iso87-ascii', 'iso87-binary', 'iso93-binary'])('signs a message of %s', async (dialect) => {
    const message = JSON.stringify({ mti: '0200', fields: { 3: '000000', 11: '000001', 64: '{mac}' } })
    const encoded = await isochron(['encode', '-', '--dialect', dialect, '--keys', keys], message)
    expect(encoded).toMatchObject({ code: 0, stderr: 'signed with tak KCV CE410E\n' })
    const decoded = await isochron(['decode', '--dialect', dialect, '--keys', keys], encoded.stdout)
    expect(decoded).toMatchObject({ code: 0, stderr: 'MAC valid (key tak)\n' })
  })

  test('without a key for MACs says what is missing', async () => {
    const message = JSON.stringify({ mti: '0200', fields: { 3: '000000', 64: '{mac}' } })
    const { code, stderr } = await isochron(['encode', '-', '--keys', 'none'], message)
    expect({ code, stderr }).toEqual({ code: 2, stderr: "no key has usage 'mak'; add it to the key file\n" })
  })
})

test.each([['--ca'], ['--cert'], ['--key'], ['--tls-min'], ['--server-name']])(
  '%s without --tls is refused',
  async (flag) => {
    const { code, stderr } = await isochron(['send', '-', '--target', ':1', flag, 'x'], '{"mti":"0800","fields":{}}')
    expect({ code, stderr }).toMatchObject({
      code: 2,
      stderr: expect.stringContaining(`${flag}: only together with --tls`),
    })
  },
)

test.each([
  { flags: ['--require-client-certificate'], says: '--require-client-certificate: only together with --tls' },
  { flags: ['--tls', '--ca', 'ca.pem'], says: '--ca: without --require-client-certificate no client is asked' },
])('a listener that would check nobody is refused: $flags', async ({ flags, says }) => {
  const { code, stderr } = await isochron(['acquirer', '--listen', '127.0.0.1:0', ...flags])
  expect({ code, stderr }).toMatchObject({ code: 2, stderr: expect.stringContaining(says) })
})

test('a PEM file that is none is named', async () => {
  const { code, stderr } = await isochron(
    ['send', '-', '--target', ':1', '--tls', '--ca', keys],
    '{"mti":"0800","fields":{}}',
  )
  expect({ code, stderr }).toEqual({ code: 2, stderr: `${keys}: not a certificate in PEM form (-----BEGIN …-----)\n` })
})

describe('run and validate with a key file', () => {
  const scenario = () => {
    const file = join(folder, 'pin.yaml')
    writeFileSync(
      file,
      'name: pin\nseed: 1\nterminals: { count: 1, mix: { salePin: 1 } }\nload: [ { hold: { rate: 1/s, for: 1s } } ]\n',
    )
    return file
  }
  const keyFile = (name: string, text: string) => {
    const file = join(folder, name)
    writeFileSync(file, text, { mode: 0o600 })
    return file
  }

  test('of a use that cup-pos does not know: refused, with what the file lacks', async () => {
    const bdk = keyFile('only-bdk.yaml', `mine: { usage: bdk, key: ${secret}${secret} }\n`)
    const refused = "has no use for key 'mine' (usage bdk): its usages are tmk, mak, pik, zpk, cvk, mk-ac"
    const lacks = 'the file lacks a key (tmk or mak) for MAC and a key (tmk or pik or zpk) for PIN of cup-pos'
    for (const command of [
      ['run', scenario(), '--keys', bdk, '--clock', 'virtual'],
      ['validate', scenario(), '--set', `keys=${bdk}`],
      ['acquirer', '--listen', '127.0.0.1:0', '--keys', bdk],
    ]) {
      const { code, stderr } = await isochron(command)
      expect({ code, refused: stderr.includes(refused), lacks: stderr.includes(lacks) }).toEqual({
        ...{ code: 2, refused: true, lacks: true },
      })
    }
  })

  test('without a PIN key: the run says that PIN blocks are left out', async () => {
    const mak = keyFile('only-mak.yaml', `mine: { usage: mak, key: ${secret} }\n`)
    const { code, stderr } = await isochron(['run', scenario(), '--keys', mak, '--clock', 'virtual'])
    expect(code).toBe(0)
    expect(stderr).toContain('lacks a key (tmk or pik or zpk) for PIN of cup-pos: messages go without')
    const none = await isochron(['run', scenario(), '--keys', 'none', '--clock', 'virtual'])
    expect(none.stderr).not.toContain('lacks')
  })
})

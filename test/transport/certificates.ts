// Certificates for tests, made fresh by the openssl command: an authority, what it signed, and what it should not have.

import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface Certificate {
  readonly cert: string
  readonly key: string
}

export interface Certificates {
  readonly ca: string
  readonly server: Certificate
  readonly client: Certificate
  readonly expired: Certificate
  /** Signed by nobody but itself. */
  readonly stranger: Certificate
}

export function makeCertificates(): Certificates {
  const folder = mkdtempSync(join(tmpdir(), 'isochron-certificates-'))
  const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' })
  const key = (name: string) => openssl('ecparam', '-name', 'prime256v1', '-genkey', '-noout', '-out', `${name}.key`)
  const read = (name: string) => readFileSync(join(folder, name), 'utf8')

  const selfSigned = (name: string) => {
    key(name)
    openssl('req', '-x509', '-new', '-key', `${name}.key`, '-subj', `/CN=${name}`, '-days', '2', '-out', `${name}.crt`)
    return { cert: read(`${name}.crt`), key: read(`${name}.key`) }
  }
  // `openssl ca` is what sets both dates in every version of the command.
  const signed = (name: string, from: string, to: string) => {
    key(name)
    openssl('req', '-new', '-key', `${name}.key`, '-subj', `/CN=${name}`, '-out', `${name}.csr`)
    const dates = ['-startdate', from, '-enddate', to]
    openssl('ca', '-batch', '-config', 'ca.conf', '-notext', ...dates, '-in', `${name}.csr`, '-out', `${name}.crt`)
    return { cert: read(`${name}.crt`), key: read(`${name}.key`) }
  }

  try {
    writeFileSync(join(folder, 'ca.conf'), configuration)
    writeFileSync(join(folder, 'index.txt'), '')
    const { cert: ca } = selfSigned('authority')
    return {
      ca,
      server: signed('server', '20200101000000Z', '20490101000000Z'),
      client: signed('client', '20200101000000Z', '20490101000000Z'),
      expired: signed('expired', '20200101000000Z', '20200102000000Z'),
      stranger: selfSigned('stranger'),
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

const configuration = `
[ca]
default_ca = authority
[authority]
database = index.txt
new_certs_dir = .
rand_serial = yes
certificate = authority.crt
private_key = authority.key
default_md = sha256
policy = anything
x509_extensions = host
[anything]
commonName = supplied
[host]
subjectAltName = IP:127.0.0.1, DNS:host.test
`

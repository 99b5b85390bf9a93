// Where a shared ledger is: a URL as libpq writes it (PostgreSQL 15, 34.1.1.2), without a password in it. Data only.

import { UsageError } from '../../../base/errors.js'

export interface PostgresPlace {
  /** In the order in which they are tried; a folder is that of a Unix socket. */
  readonly hosts: readonly { readonly host: string; readonly port: number }[]
  readonly database: string
  /** Left out: PGUSER, or the user of this process. */
  readonly user: string | undefined
  /** Left out: PGPASSWORD, or ~/.pgpass. */
  readonly password?: string | undefined
  readonly schema: string
  readonly tls: 'off' | 'unverified' | 'authority' | 'full'
  /** PEM files, as the URL names them. */
  readonly files: { readonly ca?: string; readonly cert?: string; readonly key?: string }
  /** The contents of the certificate files. */
  readonly pem?: { readonly ca?: string; readonly cert?: string; readonly key?: string } | undefined
  /** For people: no password. */
  readonly shown: string
}

/** A ledger at a URL is in a database, not in a file. */
export const isPostgresUrl = (place: string): boolean => /^postgres(ql)?:\/\//i.test(place)

const parameters = ['host', 'port', 'schema', 'sslmode', 'sslrootcert', 'sslcert', 'sslkey']
const sslModes = { disable: 'off', require: 'unverified', 'verify-ca': 'authority', 'verify-full': 'full' } as const

/** Throws UsageError for a URL that cannot be used, and for one that shows a password to everybody who lists processes. */
export function parsePostgresUrl(text: string): PostgresPlace {
  const refuse = (why: string) => new UsageError(why, { where: '--ledger:' })
  // More hosts than one are no URL for Node.
  const [, user, authority = '', rest = ''] = /^postgres(?:ql)?:\/\/(?:([^@/?]*)@)?([^/?]*)(.*)$/i.exec(text) ?? []
  if (user?.includes(':'))
    throw refuse(
      'a password in the URL is seen by everybody who lists processes: put it into a file of --ledger-password, into PGPASSWORD or into ~/.pgpass',
    )
  const url = new URL(`postgres://at${rest.startsWith('/') ? rest : `/${rest}`}`)
  const unknown = [...url.searchParams.keys()].find((name) => !parameters.includes(name))
  if (unknown !== undefined) throw refuse(`'${unknown}' is not understood: a URL may say ${parameters.join(', ')}`)
  const given = (name: string) => url.searchParams.get(name) ?? undefined
  const hosts = hostsOf(authority, given('host'), given('port'), refuse)
  const schema = given('schema') ?? 'isochron'
  if (!/^[a-z_][a-z0-9_]{0,62}$/.test(schema))
    throw refuse(`schema: expected small letters, digits and _, got '${schema}'`)
  const database = decodeURIComponent(url.pathname.slice(1))
  if (database === '') throw refuse('the URL names no database: postgres://USER@HOST/DATABASE')
  const [ca, cert, key] = [given('sslrootcert'), given('sslcert'), given('sslkey')]
  return {
    ...{ hosts, database, schema, user: user === undefined || user === '' ? undefined : decodeURIComponent(user) },
    tls: tlsOf(given('sslmode'), hosts, refuse),
    files: { ...(ca && { ca }), ...(cert && { cert }), ...(key && { key }) },
    shown: `postgres://${hosts.map(({ host, port }) => `${host}:${port}`).join(',')}/${database}`,
  }
}

type Refuse = (why: string) => UsageError

function hostsOf(authority: string, host: string | undefined, port: string | undefined, refuse: Refuse) {
  const texts = (host ?? (authority === '' ? 'localhost' : authority)).split(',')
  return texts.map((text) => {
    if (text.startsWith('/')) return { host: text, port: portOf(port ?? '5432', refuse) }
    const [, name = '', own] = /^(\[[0-9a-fA-F:]+\]|[^:]*)(?::(.*))?$/.exec(text) ?? []
    const plain = decodeURIComponent(name.replace(/^\[|\]$/g, ''))
    if (plain === '') throw refuse(`'${text}' is no HOST or HOST:PORT`)
    return { host: plain, port: portOf(own ?? port ?? '5432', refuse) }
  })
}

function portOf(text: string, refuse: Refuse): number {
  const port = Number(text)
  if (!/^\d{1,5}$/.test(text) || port === 0 || port > 65_535) throw refuse(`'${text}' is no port`)
  return port
}

const isNear = ({ host }: { readonly host: string }) =>
  host.startsWith('/') || host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host)

/** Off this machine the server has to show who it is, unless the user says otherwise. */
function tlsOf(mode: string | undefined, hosts: PostgresPlace['hosts'], refuse: Refuse): PostgresPlace['tls'] {
  if (mode === undefined) return hosts.every(isNear) ? 'off' : 'full'
  const known = Object.entries(sslModes).find(([name]) => name === mode)?.[1]
  if (known === undefined) throw refuse(`sslmode: expected ${Object.keys(sslModes).join(', ')}, got '${mode}'`)
  return known
}

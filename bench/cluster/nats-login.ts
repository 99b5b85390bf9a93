// Runs of workers that log in with the seed of an nkey, or with the credentials file of an operator. A stranger with other keys is refused.

import { mkdirSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { type Checks, checkWhole, natsEndOf, parts, type Setting, startCoordinator, startWorker } from './nats-run.js'
import { createNats } from './nats-server.js'

interface KeyPair {
  getPublicKey(): string
  getSeed(): Uint8Array
  sign(bytes: Uint8Array): Uint8Array
}
interface Nkeys {
  createUser(): KeyPair
  createAccount(): KeyPair
  createOperator(): KeyPair
}

/** The keys of NATS come with its client. */
const nkeys = createRequire(
  createRequire(createRequire(import.meta.url).resolve('@nats-io/transport-node')).resolve('@nats-io/nats-core'),
)('@nats-io/nkeys') as Nkeys

/** The server's settings, and the credential files of a user and of a stranger. */
interface Login {
  readonly settings: string
  readonly user: string
  readonly stranger: string
}

export const nkeyLogin = (setting: Setting, name: string, checks: Checks): Promise<string> =>
  loggedIn(setting, name, checks, nkeyOf())

export const credsLogin = (setting: Setting, name: string, checks: Checks): Promise<string> =>
  loggedIn(setting, name, checks, credsOf())

async function loggedIn(setting: Setting, name: string, checks: Checks, login: Login): Promise<string> {
  const server = await createNats((folder) => `jetstream { store_dir: "${folder}/js" }\n${login.settings}`)
  if (server === undefined) return 'left out'
  const own = { ...setting, server }
  const place = join(setting.folder, `${name}-login`)
  mkdirSync(place)
  const creds = (who: 'user' | 'stranger') => {
    const path = join(place, who)
    writeFileSync(path, login[who], { mode: 0o600 })
    return ['--bus-creds', path]
  }
  try {
    const { coordinator, files } = startCoordinator(own, name, creds('user'))
    const workers = Array.from({ length: parts }, () => startWorker(own, name, files, creds('user')))
    const stranger = startWorker(own, name, files, creds('stranger'))
    const refused = await stranger.ended
    checks.check(refused === 5, `a stranger ended with ${refused}: ${stranger.text()}`)
    checks.check(/authorization/i.test(stranger.text()), `a stranger is told: ${stranger.text()}`)
    const codes = await natsEndOf([coordinator, ...workers])
    const seen = checkWhole({ setting: own, name, coordinator, workers }, codes, checks)
    const all = [coordinator, ...workers, stranger].map((each) => each.text()).join('\n')
    checks.check(!/\bS[UAO][A-Z2-7]{20}/.test(all), 'a seed is shown')
    return `${seen}; a stranger ${refused}`
  } finally {
    await server.remove()
  }
}

function nkeyOf(): Login {
  const [user, stranger] = [nkeys.createUser(), nkeys.createUser()]
  return {
    settings: `authorization { users: [ { nkey: ${user.getPublicKey()} } ] }`,
    user: `${textOf(user.getSeed())}\n`,
    stranger: `${textOf(stranger.getSeed())}\n`,
  }
}

/** An operator with one account; the stranger's account is another operator's. */
function credsOf(): Login {
  const [ours, theirs] = [operator(), operator()]
  return {
    settings: `operator: ${ours.operatorToken}
system_account: ${ours.system}
resolver: MEMORY
resolver_preload: { ${ours.account}: ${ours.accountToken}, ${ours.system}: ${ours.systemToken} }`,
    user: ours.creds,
    stranger: theirs.creds,
  }
}

function operator() {
  const [operator, account, user] = [nkeys.createOperator(), nkeys.createAccount(), nkeys.createUser()]
  const system = nkeys.createAccount().getPublicKey()
  const unlimited = { mem_storage: -1, disk_storage: -1, streams: -1, consumer: -1 }
  const all = { subs: -1, data: -1, payload: -1, imports: -1, exports: -1, wildcards: true, conn: -1, leaf: -1 }
  const token = sign(user.getPublicKey(), account, { type: 'user', subs: -1, data: -1, payload: -1, pub: {}, sub: {} })
  return {
    operatorToken: sign(operator.getPublicKey(), operator, { type: 'operator' }),
    account: account.getPublicKey(),
    accountToken: sign(account.getPublicKey(), operator, { type: 'account', limits: { ...all, ...unlimited } }),
    // JetStream wants an account of the server's own.
    system,
    systemToken: sign(system, operator, { type: 'account', limits: all }),
    creds: `-----BEGIN NATS USER JWT-----
${token}
------END NATS USER JWT------

-----BEGIN USER NKEY SEED-----
${textOf(user.getSeed())}
------END USER NKEY SEED------
`,
  }
}

/** A token of NATS: a JWT (RFC 7519) that is signed with the issuer's nkey. */
function sign(subject: string, issuer: KeyPair, claims: object): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const [iat, iss] = [1_700_000_000, issuer.getPublicKey()]
  const body = { jti: subject, iat, iss, sub: subject, name: 'isochron', nats: { ...claims, version: 2 } }
  const signed = `${part({ typ: 'JWT', alg: 'ed25519-nkey' })}.${part(body)}`
  return `${signed}.${Buffer.from(issuer.sign(Buffer.from(signed))).toString('base64url')}`
}

const textOf = (bytes: Uint8Array) => Buffer.from(bytes).toString('utf8')

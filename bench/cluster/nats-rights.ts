// A run over mutual TLS in which a worker has the rights of the guide and no others.

import { spawnSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { start } from '../crash/processes.js'
import { type Checks, natsEndOf, type Setting, writeScenario } from './nats-run.js'
import { createNats } from './nats-server.js'

/** The rights that docs/guide/many-machines.md gives to generators, over mutual TLS. */
export async function restricted(setting: Setting, name: string, checks: Checks): Promise<string> {
  const keys = join(setting.folder, `${name}-tls`)
  if (!makeCertificates(keys)) return 'left out, this machine has no openssl: apt-get install openssl'
  const server = await createNats((folder) => restrictedSettings(folder, keys, name))
  if (server === undefined) return 'left out'
  const { program, folder } = setting
  const { file, files } = writeScenario(setting, name)
  const tls = [
    '--bus-ca',
    join(keys, 'ca.pem'),
    '--bus-cert',
    join(keys, 'client.pem'),
    '--bus-key',
    join(keys, 'client.key'),
  ]
  const creds = (user: string) => {
    const path = join(keys, user)
    writeFileSync(path, `${user}:secret-${user}\n`, { mode: 0o600 })
    return ['--bus-creds', path]
  }
  const url = `tls://127.0.0.1:${server.port}`
  const bus = ['--on', url, '--run', name]
  try {
    const out = ['--out', join(folder, name, 'out'), '--allow-saturated']
    const coordinator = start(program, ['run', file, ...bus, '--parts', '1', ...tls, ...creds('coordinator'), ...out])
    const bare = start(program, [
      'worker',
      ...bus,
      '--files',
      files,
      ...creds('worker'),
      '--bus-ca',
      join(keys, 'ca.pem'),
    ])
    const refused = await bare.ended
    checks.check(refused === 5, `without a certificate a worker ended with ${refused}: ${bare.text()}`)
    const worker = start(program, [
      'worker',
      ...bus,
      '--files',
      files,
      '--pacing',
      'economy',
      ...tls,
      ...creds('worker'),
    ])
    const codes = await natsEndOf([coordinator, worker])
    checks.check(codes.join() === '0,0', `exit codes are ${codes.join()}: ${coordinator.text()} ${worker.text()}`)
    const thief = start(program, ['run', '--on', url, '--resume', name, ...tls, ...creds('worker')])
    const end = await thief.ended
    checks.check(end === 5, `a worker's rights let it read the stream: ${end}: ${thief.text().slice(-300)}`)
    return `run ${codes.join()}; without certificate ${refused}; reading with a worker's rights ${end}`
  } finally {
    await server.remove()
  }
}

function restrictedSettings(folder: string, keys: string, run: string): string {
  const all = `isochron.${run}`
  const asked = ['hello', 'bundle', 'clock', 'ready'].map((subject) => `"${all}.${subject}"`)
  return `jetstream { store_dir: "${folder}/js" }
tls { cert_file: "${keys}/server.pem", key_file: "${keys}/server.key", ca_file: "${keys}/ca.pem", verify: true }
authorization { users: [
  { user: coordinator, password: "secret-coordinator" }
  { user: worker, password: "secret-worker", permissions: {
    publish: [${asked.join(', ')}, "${all}.d.parcel.*", "${all}.d.left.*"]
    subscribe: ["_INBOX.>", "${all}.start", "${all}.stop", "${all}.alive.>"]
    allow_responses: true } }
] }`
}

function makeCertificates(folder: string): boolean {
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'names'), 'subjectAltName=DNS:localhost,IP:127.0.0.1\n')
  const steps = [
    'req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout ca.key -out ca.pem -days 2 -subj /CN=ca',
    ...['server', 'client'].flatMap((who) => [
      `req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout ${who}.key -out ${who}.csr -subj /CN=${who}`,
      `x509 -req -in ${who}.csr -CA ca.pem -CAkey ca.key -CAcreateserial -out ${who}.pem -days 2 -extfile names`,
    ]),
  ]
  return steps.every((step) => spawnSync('openssl', step.split(' '), { cwd: folder, stdio: 'ignore' }).status === 0)
}

// A third party over real HTTP, asked by a real acquirer about what real terminals send.

import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import { acquirerSchema } from '../../../src/acquirer/options.js'
import { startAcquirer } from '../../../src/run/hosts/start-acquirer.js'
import { runScenario } from '../../../src/run/run-scenario.js'
import { parseScenario } from '../../../src/scenario/reader.js'

test('what it says is wrong reaches the clerk, and no whole card number reaches it', async () => {
  const asked: string[] = []
  const server = http.createServer((request, response) => {
    let body = ''
    request.on('data', (chunk) => {
      body += chunk
    })
    request.on('end', () => {
      asked.push(body)
      const { found } = JSON.parse(body) as { found: { check: string; words: string } | null }
      response.end(JSON.stringify(found === null ? { ok: true } : { ok: false, check: found.check, hint: found.words }))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/check`
  await using host = await startAcquirer({
    dialect: 'cup-pos',
    listen: { host: '127.0.0.1', port: 0 },
    acquirer: acquirerSchema.parse({ thirdPartyCheck: { url, timeout: '10s' } }),
    seed: 1,
  })
  const text = `
name: third party
seed: 1
terminals: { count: 10, target: ["127.0.0.1:${host.address.port}"], checkTime: 10ms, dataErrors: { share: 50%, think: 20s } }
load: [ { hold: { rate: 40/s, for: 500ms } } ]
`
  const { outcomes, retries, responseTime } = await runScenario(parseScenario(text, 't.yaml'), { source: text })
  server.close()
  server.closeAllConnections()
  expect(outcomes.approved).toBe(20)
  const again = retries?.transactions ?? 0
  expect(again).toBeGreaterThan(2)
  // Nobody had to think.
  expect(responseTime.max).toBeLessThan(20_000)
  expect(asked).toHaveLength(20 + again)
  expect(host.counts().thirdParty).toMatchObject({ asked: 20 + again, silent: 0, skipped: 0 })
  expect(asked.join('\n')).not.toMatch(/(?:62000000|41111111|55555555|35660020)\d{8}/)
})

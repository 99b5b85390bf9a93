// `--metrics`: what a scrape of each role says, and that dashboard and alerts ask for nothing else.

import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { metricNames } from '../../src/control/exposition.js'
import { addMetered, Meter, meterBoundsMs } from '../../src/measure/meter.js'
import { createRoleMeter, type RunningMetrics } from '../../src/run/metrics/role-metrics.js'
import { type RunMetrics, startRunMetrics } from '../../src/run/metrics/run-metrics.js'
import { running, starting } from '../report/live-samples.js'

const assets = resolve(import.meta.dirname, '../../assets/metrics')
const place = { host: '127.0.0.1', port: 0 }
const scrape = async ({ address }: RunningMetrics, headers: Record<string, string> = {}) => {
  const answer = await fetch(`http://127.0.0.1:${address.port}/metrics`, { headers })
  return { status: answer.status, type: answer.headers.get('content-type'), text: await answer.text() }
}

let run: RunMetrics
let host: RunningMetrics
let texts: string

beforeAll(async () => {
  const meter = new Meter()
  for (const ms of [0.5, 40, 41, 250_000])
    meter.record({ type: 'sale', phase: '1 hold 60/s', outcome: 'approved', ms, timely: ms < 1000 })
  meter.record({ type: 'a"b\\c\n6225881234567890121', phase: '1', outcome: 'failed', ms: undefined, timely: false })
  run = await startRunMetrics(place)
  run.snapshot(starting)
  run.snapshot({ ...running, metered: meter.read() })
  run.snapshot({ ...running, metered: meter.read(), faults: [] })
  const role = createRoleMeter('acquirer')
  role.onAnswered({ mti: '0200', outcome: 'approved', ms: 12 })
  host = await role.listen(place, () => ({
    ...{ connections: 3, inFlight: 1, turnedAway: { tooMany: 2 } },
    appliedFaults: [{ name: 'slow', type: 'latency', applied: 7 }],
  }))
  texts = (await scrape(run)).text + (await scrape(host)).text
})
afterAll(async () => {
  await run.close()
  await host.close()
})

describe('a scrape of a run', () => {
  test('counts by type, phase and outcome, with cumulative buckets', async () => {
    const { status, type, text } = await scrape(run)
    expect([status, type]).toEqual([200, 'text/plain; version=0.0.4; charset=utf-8'])
    const labels = 'role="terminal",type="sale"'
    expect(text).toContain(`isochron_transactions_total{${labels},phase="1 hold 60/s",outcome="approved"} 4\n`)
    expect(text).toContain('isochron_timely_transactions_total{role="terminal"} 3\n')
    expect(text).toContain(`isochron_response_seconds_bucket{${labels},le="0.001"} 1\n`)
    expect(text).toContain(`isochron_response_seconds_bucket{${labels},le="100"} 3\n`)
    expect(text).toContain(`isochron_response_seconds_bucket{${labels},le="+Inf"} 4\n`)
    expect(text).toContain(`isochron_response_seconds_count{${labels}} 4\n`)
    expect(text).toContain('isochron_fault_active{role="terminal",fault="stall"} 0\n')
    expect(text).toContain('isochron_generator_saturated{role="terminal"} 0\n')
  })

  test('is well-formed whatever the names are, and holds no card number', async () => {
    const { text } = await scrape(run)
    expect(text).not.toContain('6225881234567890121')
    for (const line of text.trimEnd().split('\n'))
      expect(line).toMatch(/^(?:# (?:HELP|TYPE) \w+ .+|\w+\{(?:\w+="(?:[^"\\]|\\["\\n])*",?)+\} -?[\d.e+-]+)$/)
  })

  test('has buckets whose bounds rise', async () => {
    const { text } = await scrape(run)
    const bounds = [...text.matchAll(/type="sale",le="([^"]+)"/g)].map(([, le]) =>
      Number(le === '+Inf' ? Infinity : le),
    )
    expect(bounds).toHaveLength(62)
    expect(bounds.slice(1).every((bound, index) => bound > (bounds[index] as number))).toBe(true)
  })

  test('is refused to a page in a browser, and elsewhere than on /metrics', async () => {
    expect((await scrape(run, { origin: 'http://evil.example' })).status).toBe(403)
    expect((await fetch(`http://127.0.0.1:${run.address.port}/proxies`)).status).toBe(404)
  })

  test('off loopback a token is mandatory', async () => {
    await expect(startRunMetrics({ host: '0.0.0.0', port: 0 })).rejects.toThrow('off loopback a token is mandatory')
  })

  test('a port in use is said with its flag', async () => {
    await expect(startRunMetrics({ host: '127.0.0.1', port: run.address.port })).rejects.toThrow(
      /metrics cannot listen on .*EADDRINUSE.*--metrics/,
    )
  })
})

test('an acquirer has the same names', async () => {
  const { text } = await scrape(host)
  expect(text).toContain('isochron_transactions_total{role="acquirer",type="0200",phase="",outcome="approved"} 1\n')
  expect(text).toContain('isochron_response_seconds_bucket{role="acquirer",type="0200",le="0.0121"} 1\n')
  expect(text).toContain('isochron_peers_turned_away_total{role="acquirer",why="tooMany"} 2\n')
})

describe('what is asked for is there:', () => {
  const names = (text: string) => [...new Set(text.match(/\bisochron_\w+/g) ?? [])].sort()
  const exposed = () => names(texts.replace(/^#.*$/gm, ''))

  test('every name of the program was scraped', () => {
    const bare = exposed().map((name) => name.replace(/_(?:bucket|sum|count)$/, ''))
    expect([...new Set(bare)].sort()).toEqual([...metricNames].sort())
  })
  test('the dashboard', () => {
    const text = readFileSync(resolve(assets, 'grafana-dashboard.json'), 'utf8')
    const { panels, uid, templating } = JSON.parse(text)
    expect(uid).toBe('isochron-run')
    expect(templating.list[0]).toMatchObject({ name: 'datasource', type: 'datasource' })
    expect(new Set(panels.map(({ id }: { id: number }) => id)).size).toBe(panels.length)
    expect(names(text).filter((name) => !exposed().includes(name))).toEqual([])
  })
  test('the alert rules', () => {
    const text = readFileSync(resolve(assets, 'alert-rules.yaml'), 'utf8')
    const rules = parse(text).groups.flatMap((group: { rules: Record<string, unknown>[] }) => group.rules)
    expect(rules.map(({ alert }: { alert?: string }) => alert)).toContain('IsochronTimelyRateLow')
    for (const rule of rules) expect(rule).toHaveProperty('expr')
    expect(names(text).filter((name) => !exposed().includes(name))).toEqual([])
  })
})

test('61 bounds from 1 ms to 100 s; generators are added', () => {
  expect(meterBoundsMs).toHaveLength(61)
  expect([meterBoundsMs[0], meterBoundsMs.at(-1)]).toEqual([1, 100_000])
  const [one, two] = [new Meter(), new Meter()]
  for (const each of [one, two, two])
    each.record({ type: 'sale', phase: 'x', outcome: 'approved', ms: 10, timely: true })
  const sum = addMetered([one.read(), two.read()])
  expect(sum).toMatchObject({ timely: 3, transactions: [{ type: 'sale', count: 3 }] })
  expect(sum.times.sale).toMatchObject({ count: 3, sumMs: 30 })
})

// GET /metrics for Prometheus: Toxiproxy's two counters of bytes, and ours.

import { Counter, Gauge, Registry as MetricsRegistry } from 'prom-client'
import { maskText } from '../base/mask.js'
import type { Registry } from './registry.js'
import type { ApiAnswer } from './routes.js'

const flowLabels = ['direction', 'listener', 'proxy', 'upstream'] as const

/** Reads the figures when it is asked; nothing is counted twice. */
export function createMetrics(registry: Registry): () => Promise<ApiAnswer> {
  const metrics = new MetricsRegistry()
  const registers = [metrics]
  const received = new Counter({
    name: 'toxiproxy_proxy_received_bytes_total',
    help: 'Bytes received from the sender of a direction',
    labelNames: flowLabels,
    registers,
  })
  const sent = new Counter({
    name: 'toxiproxy_proxy_sent_bytes_total',
    help: 'Bytes sent to the receiver of a direction',
    labelNames: flowLabels,
    registers,
  })
  const connections = new Gauge({
    name: 'isochron_proxy_connections',
    help: 'Connections that are open now',
    labelNames: ['proxy'],
    registers,
  })
  const applied = new Counter({
    name: 'isochron_fault_applied_total',
    help: 'Messages or connections that a fault hit',
    labelNames: ['proxy', 'fault', 'type'],
    registers,
  })
  const turnedAway = new Counter({
    name: 'isochron_turned_away_total',
    help: 'Peers that were not let in, or were cut off, by why',
    labelNames: ['proxy', 'why'],
    registers,
  })

  return async () => {
    metrics.resetMetrics()
    for (const [given, { proxy }] of registry.entries) {
      const name = maskText(given)
      const figures = proxy.figures()
      for (const direction of ['upstream', 'downstream'] as const) {
        const labels = { direction, listener: proxy.listen, proxy: name, upstream: maskText(proxy.upstream) }
        received.inc(labels, figures[direction].received)
        sent.inc(labels, figures[direction].sent)
      }
      connections.set({ proxy: name }, figures.connections)
      for (const [why, count] of Object.entries(figures.turnedAway)) turnedAway.inc({ proxy: name, why }, count)
      for (const each of proxy.faults.applied())
        applied.inc({ proxy: name, fault: maskText(each.name), type: each.type }, each.applied)
    }
    return { kind: 'text', status: 200, text: await metrics.metrics(), type: metrics.contentType }
  }
}

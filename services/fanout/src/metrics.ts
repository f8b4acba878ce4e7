// What fanout counts, for Prometheus.
import type { AlarmMetrics } from '@ronda/contracts/alarm-metrics'
import { Counter, Gauge, Registry, collectDefaultMetrics } from 'prom-client'

export type Metrics = ReturnType<typeof createMetrics>

/** What is asked for at each scrape. */
export interface Gauges {
  connections(): number
  queuedBytes(): number
  subscribers(): { live: number; behind: number }
  openFaults(): number
  feedLagEvents(): Promise<number>
  detectorLagS(): number
  /** Figures of all faults together. */
  alarms(): AlarmMetrics
}

export function createMetrics() {
  const registry = new Registry()
  const registers = [registry]
  collectDefaultMetrics({ register: registry })

  const counter = (name: string, help: string) => new Counter({ name: `ronda_fanout_${name}_total`, help, registers })
  const counterBy = <L extends string>(label: L, name: string, help: string) =>
    new Counter({ name: `ronda_fanout_${name}_total`, help, labelNames: [label], registers })

  return {
    registry,
    events: counter('events', 'Fault events that were news'),
    repeated: counter('repeated_events', 'Fault events that had been said before and were suppressed'),
    deliveries: counter('deliveries', 'Fault events sent, one for each receiver'),
    snapshots: counter('snapshots', 'Snapshots begun'),
    gaps: counter('gaps', 'Readers who could not be told everything they missed and began anew'),
    slowReaders: counter('slow_readers', 'Times that a live reader did not keep up'),
    refused: counterBy('code', 'refused', 'Upgrades and requests that were not admitted'),
    invalidMessages: counter('invalid_messages', 'Messages from clients that were invalid or too many'),
    ended: counterBy('reason', 'ended', 'Connections that fanout ended'),
    upstreamFailures: counter('upstream_failures', 'Proxied requests that ingest did not answer'),

    gauges(gauges: Gauges): void {
      const gauge = (name: string, help: string, read: () => number | Promise<number>) =>
        new Gauge({
          name: `ronda_fanout_${name}`,
          help,
          registers,
          async collect() {
            this.set(await read())
          },
        })
      gauge('connections', 'Open WebSocket connections', gauges.connections)
      gauge('queued_bytes', 'Bytes that wait in the sockets of all connections', gauges.queuedBytes)
      gauge('open_faults', 'Open faults in memory', gauges.openFaults)
      gauge('feed_lag_events', 'Fault events that are stored and not yet read', gauges.feedLagEvents)
      gauge('detector_lag_seconds', 'Stamped time since which the detector has decided nothing', gauges.detectorLagS)
      new Gauge({
        name: 'ronda_fanout_faults',
        help: 'Open faults by what is to be done about them; a fault may be counted in several states',
        labelNames: ['state'],
        registers,
        collect() {
          const { open, floods } = gauges.alarms()
          const { standing, stale, shelved, overdue } = open
          const states = { standing, stale: stale.value, shelved, overdue }
          for (const [state, count] of Object.entries(states)) this.set({ state }, count)
          flood.set(floods.since === null ? 0 : 1)
        },
      })
      // Made after the one that sets it, because in this order they are read.
      const flood = new Gauge({
        name: 'ronda_fanout_alarm_flood',
        help: '1 while an alarm flood is under way',
        registers,
      })
      gauge('live_readers', 'Subscribers who get events as they come', () => gauges.subscribers().live)
      gauge('catching_up_readers', 'Subscribers who are sent what they missed', () => gauges.subscribers().behind)
    },
  }
}

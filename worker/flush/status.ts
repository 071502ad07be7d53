import { roundExact } from '../../src/protocol/exact-sum.ts'
import { exportsKey } from './push-metrics.ts'
import type { ExportSetup } from './export-settings.ts'
import type { Ledger } from '../state/state.ts'
import { trackOf } from './backlog-of.ts'
import type { AggregatorStatus, DestinationStatus } from '../model/aggregator-api.ts'

/** The answer to `GET /v1/status`. */
export function statusOf(
  { config, destinations, groups }: ExportSetup,
  ledger: Ledger,
  nowMs: number,
): AggregatorStatus {
  const { totals, marks, letters, tracks } = ledger
  const requests = (name: string, outcome: string): number =>
    roundExact((totals.get(exportsKey(name, outcome))?.total as number[] | undefined) ?? [])

  return {
    timeMs: nowMs,
    series: totals.size(),
    flushIntervalMs: config.flushIntervalMs,
    hasOverride: ledger.override() !== undefined,
    destinations: destinations.map((destination): DestinationStatus => {
      const { name } = destination
      const mark = marks.get(name)
      const group = config.groups.find((one) => one.destinations.includes(name))
      const isDelta = destination.temporality === 'delta'
      return {
        ...destination.status(),
        ...(group ? { group: group.name } : {}),
        ...(mark ? { lagSeconds: Math.max(0, nowMs - (mark.acceptedMs || mark.sinceMs)) / 1_000 } : {}),
        sent: requests(name, 'accepted'),
        retried: requests(name, 'retry'),
        refused: requests(name, 'refused'),
        deadLetters: letters.of(name).size,
        ...(isDelta ? { waiting: tracks.pending(trackOf(name, groups)).size } : {}),
      }
    }),
  }
}

import { roundExact } from '../../src/protocol/exact-sum.ts'
import { exportsKey } from './push-metrics.ts'
import type { FlushSetup } from './effective-config.ts'
import type { State } from '../state/state.ts'
import { backlogOf } from './backlog-of.ts'
import { lagSeconds } from './self-gauges.ts'
import type { AggregatorStatus, DestinationStatus } from '../model/aggregator-api.ts'

/** The answer to `GET /v1/status`. */
export function statusOf({ config, destinations, groups }: FlushSetup, state: State, nowMs: number): AggregatorStatus {
  const { totals, cursors, deadLetters, backlogs } = state
  const requests = (name: string, outcome: string): number =>
    roundExact((totals.get(exportsKey(name, outcome))?.total as number[] | undefined) ?? [])

  return {
    timeMs: nowMs,
    series: totals.size(),
    flushIntervalMs: config.flushIntervalMs,
    hasOverride: state.override() !== undefined,
    destinations: destinations.map((destination): DestinationStatus => {
      const { name } = destination
      const cursor = cursors.get(name)
      const group = config.groups.find((one) => one.destinations.includes(name))
      const isDelta = destination.temporality === 'delta'
      return {
        ...destination.status(),
        ...(group ? { group: group.name } : {}),
        ...(cursor ? { lagSeconds: lagSeconds(cursor, nowMs) } : {}),
        sent: requests(name, 'accepted'),
        retried: requests(name, 'retry'),
        refused: requests(name, 'refused'),
        deadLetters: deadLetters.of(name).size,
        ...(isDelta ? { waiting: backlogs.pending(backlogOf(name, groups)).size } : {}),
      }
    }),
  }
}

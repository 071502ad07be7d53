import type { DestinationGroup } from '../config/types.ts'
import { runGroups } from './groups.ts'
import type { Destination, PushReport } from '../delivery/types.ts'
import { selfRoom } from '../state/cardinality.ts'
import { selfGauges } from './self-gauges.ts'
import type { Snapshot } from '../model/types.ts'
import { attend } from './sync-destinations.ts'
import type { Change, FlushMark } from '../state/change.ts'
import type { CommitLog } from '../storage/commit-log.ts'
import { createDeadLetterOffice, type DeadLetterOffice } from './dead-letter-admin.ts'
import { createExportBooks } from './push-metrics.ts'
import type { ExportPorts } from './flush-ports.ts'
import type { ExportSetup } from './export-settings.ts'
import type { Gauges } from '../state/backlog.ts'
import { removable, inPhase, nextMark, type FlushRules } from './series-phase.ts'
import { gaugeSeries } from './gauge-series.ts'
import { isDue } from './is-due.ts'
import type { Ledger } from '../state/state.ts'
import { pushTotals } from './push-totals.ts'
import { pushWindow } from './push-window.ts'
import { flushGroups, trackOf } from './backlog-of.ts'

/** Hands what is counted to the destinations, and keeps what they settled. */
export interface Exports {
  /** Begins to count for delta destinations that are new, and forgets destinations that are gone. Before anything is counted, and after every change of the setup. */
  readonly attend: () => void
  /**
   * Begins a flush at every destination that has none in flight. Resolves when all are done, or after one interval: a
   * slow destination delays no other. Throws when the beginning could not be committed; then nothing was sent.
   */
  readonly flush: () => Promise<void>
  /** All totals at this moment, for no particular destination. */
  readonly snapshot: () => Snapshot
  readonly letters: DeadLetterOffice
}

export interface ExportsPorts {
  readonly setup: () => ExportSetup
  readonly ledger: Ledger
  readonly log: CommitLog
  /** The edge clock, ms since 1970. */
  readonly now: () => number
  readonly schedule: (callback: () => void, delayMs: number) => () => void
  readonly onError: (message: string, error: unknown) => void
}

/** How many gauges a snapshot carries. */
export const gaugeCount = (destinations: number): number => 1 + destinations

export function createExports({ setup, ledger, log, now, schedule, onError }: ExportsPorts): Exports {
  const { totals, marks, tracks } = ledger
  const inFlight = new Set<string>()
  const clockMs = (): number => Math.max(now(), ledger.nowMs())
  const books = createExportBooks(log, onError)

  const gauges = (nowMs: number): Gauges => {
    const { config, destinations } = setup()
    const room = Math.min(selfRoom(config.limits), gaugeCount(destinations.length))
    return selfGauges({ nowMs, series: totals.size(), marks, room })
  }

  const ports: ExportPorts = { setup, ledger, log, books, clockMs, gauges }

  const rulesAt = (nowMs: number, { config, destinations, groups }: ExportSetup): FlushRules => {
    const byName = new Map(destinations.map((one) => [one.name, one]))
    return {
      nowMs,
      groups: flushGroups(groups, byName),
      accepts: (name, series) => byName.get(name)!.accepts(series),
      isWaiting: tracks.holds,
      marks,
      staleAfterMs: config.staleAfterMs,
    }
  }

  const flush = async (): Promise<void> => {
    attend(ports)
    const now = setup()
    const { groups, config } = now
    const nowMs = clockMs()
    const rules = rulesAt(nowMs, now)
    const due = new Map(
      now.destinations
        .filter((one) => !inFlight.has(one.name) && isDue(ports, one, nowMs))
        .map((one) => [one.name, one] as const),
    )
    const before = new Map(marks)
    const begun = new Set(leaders(groups).filter((name) => due.get(name)?.temporality === 'cumulative'))
    // The time of a flush is committed before anything is sent: a restart can only go on later. It is also what stops
    // an object that was superseded: its storage throws.
    log.commit([
      ...removable(totals.all(), rules).map((key): Change => ['remove', key]),
      ...[...begun].map((name): Change => ['flush', name, nextMark(marks.get(name), nowMs)]),
    ])

    const pushTo = (destination: Destination): Promise<PushReport['outcome']> => {
      const { name } = destination
      if (destination.temporality === 'delta') return pushWindow(ports, { destination, track: trackOf(name, groups) })
      if (!begun.has(name)) log.commit([['flush', name, nextMark(marks.get(name), clockMs())]])
      return pushTotals(ports, { destination, before: before.get(name), rules })
    }

    const push = async (name: string): Promise<PushReport['outcome']> => {
      if (inFlight.has(name)) return 'skipped'
      const destination = due.get(name)
      // It has everything for now, so no other destination needs to stand in for it.
      if (!destination) return 'accepted'
      inFlight.add(name)
      try {
        return await pushTo(destination)
      } catch (error) {
        onError(`flush to ${name} failed`, error)
        return 'failed'
      } finally {
        inFlight.delete(name)
      }
    }

    const { promise: interval, resolve } = Promise.withResolvers<void>()
    const cancel = schedule(resolve, config.flushIntervalMs)
    await Promise.race([runGroups(groups, push, config.maxParallelPushes), interval])
    cancel()
  }

  return {
    attend: () => {
      attend(ports)
    },
    flush,
    letters: createDeadLetterOffice(ports),
    snapshot: () => {
      const timeMs = clockMs()
      const { flushIntervalMs } = setup().config
      const latest = Math.max(0, ...Array.from(marks.values(), ({ flushedMs }: FlushMark) => flushedMs))
      const series = Array.from(totals.all(), (it) => inPhase(it, 'live'))
      const previousMs = latest > 0 && latest < timeMs ? latest : timeMs - flushIntervalMs
      return {
        temporality: 'cumulative',
        timeMs,
        previousMs,
        series: [...series, ...gaugeSeries(gauges(timeMs), timeMs)],
      }
    },
  }
}

/** Destinations that are always pushed to: not those that only stand in for another. */
const leaders = (groups: readonly DestinationGroup[]): string[] =>
  groups.flatMap(({ strategy, destinations }) => (strategy === 'failover' ? destinations.slice(0, 1) : destinations))

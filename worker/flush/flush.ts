import type { DestinationGroup } from '../config/types.ts'
import type { PushOutcome } from '../delivery/delivery.ts'
import type { Destination } from '../delivery/destination-api.ts'
import type { Snapshot } from '../model/types.ts'
import { selfRoom } from '../state/cardinality.ts'
import type { Change } from '../state/change.ts'
import type { State } from '../state/state.ts'
import type { Gauges } from '../state/window.ts'
import type { CommitLog } from '../storage/commit-log.ts'
import { backlogOf } from './backlog-of.ts'
import { createDeadLetterAdmin, type DeadLetterAdmin } from './dead-letter-admin.ts'
import { flushGroups } from './destination-groups.ts'
import type { FlushSetup } from './effective-config.ts'
import type { FlushPorts } from './flush-ports.ts'
import { isDue } from './is-due.ts'
import { createPushMetrics } from './push-metrics.ts'
import { pushTotals } from './push-totals.ts'
import { pushWindow } from './push-window.ts'
import { runGroups } from './run-groups.ts'
import { gaugeSeries, selfGauges } from './self-gauges.ts'
import { inPhase, nextCursor, removable, type FlushRules } from './series-phase.ts'
import { syncDestinations } from './sync-destinations.ts'

/** Pushes what is counted to the destinations, and keeps what they settled. */
export interface Flusher {
  /**
   * Opens the backlogs of new delta destinations, and forgets destinations that are gone. The caller does this before
   * anything is counted, and after every change of the setup.
   */
  readonly syncDestinations: () => void
  /**
   * Begins a flush at every destination that has none in flight. Resolves when all are done, or after one interval: a
   * slow destination delays no other. Throws when the beginning could not be committed; then nothing was sent.
   */
  readonly flush: () => Promise<void>
  /** All totals at this moment, for no particular destination. */
  readonly snapshot: () => Snapshot
  readonly deadLetters: DeadLetterAdmin
}

export interface FlusherPorts {
  readonly setup: () => FlushSetup
  readonly state: State
  readonly log: CommitLog
  /** The edge clock, ms since 1970. */
  readonly now: () => number
  readonly schedule: (callback: () => void, delayMs: number) => () => void
  readonly onError: (message: string, error: unknown) => void
}

/** How many gauges a snapshot carries. */
export const gaugeCount = (destinations: number): number => 1 + destinations

export function createFlusher({ setup, state, log, now, schedule, onError }: FlusherPorts): Flusher {
  const { totals, cursors, backlogs } = state
  const inFlight = new Set<string>()
  const clockMs = (): number => Math.max(now(), state.nowMs())

  const gauges = (nowMs: number): Gauges => {
    const { config, destinations } = setup()
    const room = Math.min(selfRoom(config.limits), gaugeCount(destinations.length))
    return selfGauges({ nowMs, series: totals.size(), cursors, room })
  }

  const ports: FlushPorts = { setup, state, log, metrics: createPushMetrics(log, onError), clockMs, gauges }

  const rulesAt = (nowMs: number, { config, destinations, groups }: FlushSetup): FlushRules => {
    const byName = new Map(destinations.map((one) => [one.name, one]))
    return {
      nowMs,
      groups: flushGroups(groups, byName),
      accepts: (name, series) => byName.get(name)!.accepts(series),
      isPending: backlogs.holds,
      cursors,
      staleAfterMs: config.staleAfterMs,
    }
  }

  const flush = async (): Promise<void> => {
    syncDestinations(ports)
    const now = setup()
    const { groups, config } = now
    const nowMs = clockMs()
    const rules = rulesAt(nowMs, now)
    const due = new Map(
      now.destinations
        .filter((one) => !inFlight.has(one.name) && isDue(ports, one, nowMs))
        .map((one) => [one.name, one] as const),
    )
    const before = new Map(cursors)
    const begun = new Set(leaders(groups).filter((name) => due.get(name)?.temporality === 'cumulative'))
    // The time of a flush is committed before anything is sent, so that a restart can only go on later. The commit also
    // stops an object that another one has replaced, because its storage throws.
    log.commit([
      ...removable(totals.all(), rules).map((key): Change => ({ type: 'removeSeries', key })),
      ...[...begun].map((name) => beginning(name, nowMs)),
    ])

    const pushTo = (destination: Destination): Promise<PushOutcome> => {
      const { name } = destination
      if (destination.temporality === 'delta')
        return pushWindow(ports, { destination, backlog: backlogOf(name, groups) })
      if (!begun.has(name)) log.commit([beginning(name, clockMs())])
      return pushTotals(ports, { destination, before: before.get(name), rules })
    }

    const push = async (name: string): Promise<PushOutcome> => {
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

  const beginning = (destination: string, nowMs: number): Change => ({
    type: 'flush',
    destination,
    cursor: nextCursor(cursors.get(destination), nowMs),
  })

  return {
    syncDestinations: () => {
      syncDestinations(ports)
    },
    flush,
    deadLetters: createDeadLetterAdmin(ports),
    snapshot: () => {
      const timeMs = clockMs()
      const { flushIntervalMs } = setup().config
      const latestMs = Math.max(0, ...Array.from(cursors.values(), ({ lastMs }) => lastMs))
      const series = Array.from(totals.all(), (it) => inPhase(it, 'live'))
      const previousMs = latestMs > 0 && latestMs < timeMs ? latestMs : timeMs - flushIntervalMs
      return {
        temporality: 'cumulative',
        timeMs,
        previousMs,
        series: [...series, ...gaugeSeries(gauges(timeMs), timeMs)],
      }
    },
  }
}

/** Destinations that every flush pushes to; the others only stand in for them. */
const leaders = (groups: readonly DestinationGroup[]): string[] =>
  groups.flatMap(({ strategy, destinations }) => (strategy === 'failover' ? destinations.slice(0, 1) : destinations))

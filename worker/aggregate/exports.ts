import type { Destination, PushReport } from '../deliver/destination.ts'
import { selfRoom } from '../policy/cardinality.ts'
import { counterKey, histogramKey } from '../self/self-counts.ts'
import { selfGauges } from '../self/self-gauges.ts'
import type { DestinationHealth } from './types.ts'
import type { Config } from '../config/types.ts'
import type { SeriesKey, Snapshot, SnapshotSeries } from '../types.ts'
import type { Change, FlushMark } from './change.ts'
import type { CommitLog } from './commit-log.ts'
import { inPhase, nextMark, planSeries, removable, zeroTimeMs, type FlushRules } from './flush-plan.ts'
import type { Ledger } from './ledger.ts'

/** Hands the totals to the destinations, and keeps what they settled. */
export interface Exports {
  /**
   * Begins a flush at every destination that has none in flight. Resolves when all are done, or after one interval: a
   * slow destination delays no other. Throws when the beginning could not be committed; then nothing was sent.
   */
  readonly flush: () => Promise<void>
  /** All totals at this moment, for nobody in particular. */
  readonly snapshot: () => Snapshot
  readonly health: () => readonly DestinationHealth[]
}

export interface ExportsPorts {
  readonly config: Pick<Config, 'flushIntervalMs' | 'staleAfterMs' | 'limits'>
  readonly destinations: readonly Destination[]
  readonly ledger: Ledger
  readonly log: CommitLog
  /** The edge clock, ms since 1970. */
  readonly now: () => number
  readonly schedule: (callback: () => void, delayMs: number) => () => void
  readonly onError: (message: string, error: unknown) => void
}

/** How many gauges a snapshot carries. */
export const gaugeCount = (destinations: number): number => 1 + destinations

export function createExports(ports: ExportsPorts): Exports {
  const { config, destinations, ledger, log, now, schedule, onError } = ports
  const { totals, marks } = ledger
  const names = destinations.map(({ name }) => name)
  const inFlight = new Set<string>()
  const clockMs = (): number => Math.max(now(), ledger.nowMs())

  const gauges = (nowMs: number): SnapshotSeries[] =>
    selfGauges({
      nowMs,
      series: totals.size(),
      marks,
      room: Math.min(selfRoom(config.limits), gaugeCount(names.length)),
    }).map((gauge) => ({ ...gauge, phase: 'live' }))

  const rulesAt = (nowMs: number): FlushRules => ({
    nowMs,
    destinations: names,
    marks,
    staleAfterMs: config.staleAfterMs,
  })

  const flush = async (): Promise<void> => {
    const nowMs = clockMs()
    const ready = destinations.filter(({ name }) => !inFlight.has(name))
    const before = new Map(marks)
    // The time of a flush is committed before anything is sent: a restart can only go on later. It is also what stops
    // an object that was superseded: its storage throws.
    log.commit([
      ...[...marks.keys()].filter((name) => !names.includes(name)).map((name): Change => ['forget', name]),
      ...removable(totals.all(), rulesAt(nowMs)).map((key): Change => ['remove', key]),
      ...ready.map(({ name }): Change => ['flush', name, nextMark(marks.get(name), nowMs)]),
    ])
    const pushes = ready.map((destination) => {
      const mark = marks.get(destination.name)!
      const previousMs = zeroTimeMs(before.get(destination.name), { nowMs, flushIntervalMs: config.flushIntervalMs })
      const series = planSeries(totals.all(), destination.name, rulesAt(nowMs))
      const snapshot = { timeMs: mark.flushedMs, previousMs, series: [...series, ...gauges(mark.flushedMs)] }
      return push(destination, snapshot)
    })
    const { promise: interval, resolve } = Promise.withResolvers<void>()
    const cancel = schedule(resolve, config.flushIntervalMs)
    await Promise.race([Promise.all(pushes), interval])
    cancel()
  }

  const push = async (destination: Destination, snapshot: Snapshot): Promise<void> => {
    const { name } = destination
    inFlight.add(name)
    try {
      const report = await destination.push(snapshot, async (keys) => settle('introduced', name, keys))
      keep(name, snapshot, report)
    } catch (error) {
      onError(`flush to ${name} failed`, error)
    } finally {
      inFlight.delete(name)
    }
  }

  // Throws when it is not in storage: then no value may follow the zero.
  const settle = (what: 'introduced' | 'ended', name: string, keys: readonly SeriesKey[]): void => {
    if (keys.length > 0) log.commit(keys.map((key): Change => [what, name, key]))
  }

  // No row of its own for what was counted and accepted: the next flush carries it.
  const keep = (name: string, snapshot: Snapshot, report: PushReport): void => {
    const { outcome, ended, durationMs, requests, error } = report
    if (error !== undefined) onError('export failed', error)
    for (const [result, times] of Object.entries(requests))
      if (times > 0) log.counts.count(exportsKey(name, result), times)
    if (outcome === 'skipped') log.counts.count(exportsKey(name, outcome))
    else log.counts.observe(histogramKey('pharos.export_duration', [['destination', name]]), durationMs / 1_000)
    if (outcome === 'accepted' || outcome === 'partly') ledger.apply(['flush', name, reached(name, outcome)])
    const offered = new Map(snapshot.series.map((series) => [series.key, series]))
    // Counted again since: it is not over, and goes on from its total.
    const isUnchanged = (key: SeriesKey): boolean => totals.get(key)?.changedMs === offered.get(key)?.changedMs
    settle('ended', name, ended.filter(isUnchanged))
  }

  const reached = (name: string, outcome: 'accepted' | 'partly'): FlushMark => {
    const mark = marks.get(name)!
    const acceptedMs = outcome === 'accepted' ? mark.flushedMs : mark.acceptedMs
    return { ...mark, acceptedMs, reachedMs: mark.flushedMs }
  }

  return {
    flush,
    snapshot: () => {
      const timeMs = clockMs()
      const latest = Math.max(0, ...Array.from(marks.values(), ({ flushedMs }) => flushedMs))
      const series = Array.from(totals.all(), (it) => inPhase(it, 'live'))
      const previousMs = latest > 0 && latest < timeMs ? latest : timeMs - config.flushIntervalMs
      return { timeMs, previousMs, series: [...series, ...gauges(timeMs)] }
    },
    health: () => destinations.map((destination) => destination.health()),
  }
}

const exportsKey = (destination: string, outcome: string): SeriesKey =>
  counterKey('pharos.exports', [
    ['destination', destination],
    ['outcome', outcome],
  ])

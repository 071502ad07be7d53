import { mergeInto } from '../model/delta.ts'
import type { Delta, SeriesKey } from '../model/types.ts'
import type { Change } from './change.ts'
import { fromRuns, toRuns, type Runs } from './runs.ts'
import { isGauge, type FrozenTimes, type FrozenWindow, type Gauges, type WindowSettlement } from './window.ts'

/**
 * The counts that delta destinations have not yet taken: `total - baseline`, kept as the difference, which is small and
 * exact. A backlog belongs to a destination, or to a failover group whose members share it. Its size is bounded by the
 * number of series, however long a destination is down, because deltas of one series are added up.
 */
export interface DeltaBacklogs {
  readonly names: () => readonly string[]
  /** The counts since the latest window. */
  readonly pending: (backlog: string) => ReadonlyMap<SeriesKey, Delta>
  readonly frozen: (backlog: string, destination: string) => FrozenWindow | undefined
  /** Whether any backlog has counts of this series. Such a series must not be removed. */
  readonly holds: (key: SeriesKey) => boolean
  readonly open: (backlog: string, sinceMs: number) => void
  readonly close: (backlog: string) => void
  /** Adds to every backlog. */
  readonly add: (key: SeriesKey, delta: Delta) => void
  readonly addTo: (backlog: string, key: SeriesKey, delta: Delta) => void
  /** Freezes the pending counts and the gauges as the window of a destination that has none. */
  readonly freeze: (backlog: string, destination: string, window: GaugesAt) => void
  readonly settle: (backlog: string, destination: string, settlement: WindowSettlement) => void
  readonly restoreFrozen: (backlog: string, destination: string, times: FrozenTimes) => void
  readonly restoreFrozenSeries: (backlog: string, destination: string, series: Gauges[number]) => void
  /** The changes that rebuild all backlogs. */
  readonly changes: () => Iterable<Change>
}

export interface GaugesAt {
  readonly timeMs: number
  readonly gauges: Gauges
}

interface Backlog {
  /** When the pending counts begin, ms since 1970. */
  sinceMs: number
  readonly pending: Map<SeriesKey, Delta>
  /** By destination. */
  readonly frozen: Map<string, FrozenTimes & { readonly deltas: Map<SeriesKey, Delta> }>
}

const NOTHING: ReadonlyMap<SeriesKey, Delta> = new Map()

export function createDeltaBacklogs(): DeltaBacklogs {
  const backlogs = new Map<string, Backlog>()

  const returnToPending = (backlog: Backlog, startMs: number, series: readonly Gauges[number][]): void => {
    const counted = series.filter(([key]) => !isGauge(key))
    for (const [key, delta] of counted) mergeInto(backlog.pending, key, delta)
    if (counted.length > 0) backlog.sinceMs = Math.min(backlog.sinceMs, startMs)
  }

  return {
    names: () => [...backlogs.keys()],
    pending: (backlog) => backlogs.get(backlog)?.pending ?? NOTHING,
    frozen: (backlog, destination) => backlogs.get(backlog)?.frozen.get(destination),
    holds: (key) => {
      for (const { pending, frozen } of backlogs.values()) {
        if (pending.has(key)) return true
        for (const { deltas } of frozen.values()) if (deltas.has(key)) return true
      }
      return false
    },
    open: (name, sinceMs) => {
      if (!backlogs.has(name)) backlogs.set(name, { sinceMs, pending: new Map(), frozen: new Map() })
    },
    close: (name) => {
      backlogs.delete(name)
    },
    add: (key, delta) => {
      for (const { pending } of backlogs.values()) mergeInto(pending, key, delta)
    },
    addTo: (name, key, delta) => {
      const backlog = backlogs.get(name)
      if (backlog) mergeInto(backlog.pending, key, delta)
    },
    freeze: (name, destination, { timeMs, gauges }) => {
      const backlog = backlogs.get(name)!
      const deltas = new Map([...backlog.pending, ...gauges])
      backlog.frozen.set(destination, { startMs: backlog.sinceMs, timeMs, deltas })
      backlog.pending.clear()
      backlog.sinceMs = timeMs
    },
    settle: (name, destination, { inDoubt, notStored }) => {
      const backlog = backlogs.get(name)
      const window = backlog?.frozen.get(destination)
      if (!backlog || !window) return
      backlog.frozen.delete(destination)
      const series = [...window.deltas]
      const at = (runs: Runs): readonly Gauges[number][] => fromRuns(runs).map((index) => series[index]!)
      returnToPending(backlog, window.startMs, at(notStored))
      const kept = new Map(inDoubt.flatMap(at))
      if (kept.size === 0) return
      const indexes = new Map(Array.from(kept.keys(), (key, index) => [key, index]))
      const again = inDoubt.map((runs) => toRuns(at(runs).map(([key]) => indexes.get(key)!)))
      backlog.frozen.set(destination, { ...window, deltas: kept, inDoubt: again })
    },
    restoreFrozen: (name, destination, times) => {
      backlogs.get(name)?.frozen.set(destination, { ...times, deltas: new Map() })
    },
    restoreFrozenSeries: (name, destination, [key, delta]) => {
      backlogs.get(name)?.frozen.get(destination)?.deltas.set(key, delta)
    },
    *changes() {
      for (const [backlog, { sinceMs, pending, frozen }] of backlogs) {
        yield { type: 'openBacklog', backlog, sinceMs }
        for (const [key, delta] of pending) yield { type: 'pending', backlog, key, delta }
        for (const [destination, { deltas, ...times }] of frozen) {
          yield { type: 'frozen', backlog, destination, times }
          for (const [key, delta] of deltas) yield { type: 'frozenSeries', backlog, destination, key, delta }
        }
      }
    },
  }
}

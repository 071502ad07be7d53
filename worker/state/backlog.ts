import type { Delta, SeriesKey } from '../model/types.ts'
import type { Change, FrozenTimes, WindowSettlement } from './change.ts'
import { mergeInto } from '../model/delta.ts'
import { fromRuns, toRuns, type Runs } from './runs.ts'

/** The counts of a window, for one destination. They never change: they are sent again as they were, or given back. */
export interface FrozenWindow extends FrozenTimes {
  readonly deltas: ReadonlyMap<SeriesKey, Delta>
}

/**
 * The counts that delta destinations have not yet taken: `total - baseline`, kept as the difference, which is small and exact. A track belongs to a
 * destination, or to a failover group whose members share what is to be delivered. Bounded by the number of series, however long
 * a destination is down: its waiting deltas are added up.
 */
export interface DeltaTracks {
  readonly names: () => readonly string[]
  /** The counts since the latest window. */
  readonly pending: (track: string) => ReadonlyMap<SeriesKey, Delta>
  readonly frozen: (track: string, destination: string) => FrozenWindow | undefined
  /** Whether anything of this series waits anywhere: it must not be forgotten then. */
  readonly holds: (key: SeriesKey) => boolean
  readonly open: (track: string, nowMs: number) => void
  readonly close: (track: string) => void
  readonly add: (key: SeriesKey, delta: Delta) => void
  readonly addTo: (track: string, key: SeriesKey, delta: Delta) => void
  /** Freezes what is pending, gauges with it, as the window of a destination that has none. */
  readonly freeze: (track: string, destination: string, window: { timeMs: number; gauges: Gauges }) => void
  readonly settle: (track: string, destination: string, settlement: WindowSettlement) => void
  readonly restoreFrozen: (track: string, destination: string, window: FrozenTimes) => void
  readonly restoreFrozenSeries: (track: string, destination: string, series: Gauges[number]) => void
  readonly changes: () => Iterable<Change>
}

export type Gauges = readonly (readonly [SeriesKey, Delta])[]

interface Track {
  sinceMs: number
  readonly pending: Map<SeriesKey, Delta>
  readonly frozen: Map<string, FrozenTimes & { readonly deltas: Map<SeriesKey, Delta> }>
}

const NOTHING: ReadonlyMap<SeriesKey, Delta> = new Map()

export function createDeltaTracks(): DeltaTracks {
  const tracks = new Map<string, Track>()

  const giveBack = (track: Track, startMs: number, series: readonly Gauges[number][]): void => {
    const counted = series.filter(([key]) => !isGauge(key))
    for (const [key, delta] of counted) mergeInto(track.pending, key, delta)
    if (counted.length > 0) track.sinceMs = Math.min(track.sinceMs, startMs)
  }

  return {
    names: () => [...tracks.keys()],
    pending: (track) => tracks.get(track)?.pending ?? NOTHING,
    frozen: (track, destination) => tracks.get(track)?.frozen.get(destination),
    holds: (key) => {
      for (const { pending, frozen } of tracks.values()) {
        if (pending.has(key)) return true
        for (const { deltas } of frozen.values()) if (deltas.has(key)) return true
      }
      return false
    },
    open: (name, nowMs) => {
      if (!tracks.has(name)) tracks.set(name, { sinceMs: nowMs, pending: new Map(), frozen: new Map() })
    },
    close: (name) => {
      tracks.delete(name)
    },
    add: (key, delta) => {
      for (const { pending } of tracks.values()) mergeInto(pending, key, delta)
    },
    addTo: (name, key, delta) => {
      const track = tracks.get(name)
      if (track) mergeInto(track.pending, key, delta)
    },
    freeze: (name, destination, { timeMs, gauges }) => {
      const track = tracks.get(name)!
      const deltas = new Map([...track.pending, ...gauges])
      track.frozen.set(destination, { startMs: track.sinceMs, timeMs, deltas })
      track.pending.clear()
      track.sinceMs = timeMs
    },
    settle: (name, destination, { doubt, back }) => {
      const track = tracks.get(name)
      const window = track?.frozen.get(destination)
      if (!track || !window) return
      track.frozen.delete(destination)
      const series = [...window.deltas]
      const at = (runs: Runs): readonly Gauges[number][] => fromRuns(runs).map((index) => series[index]!)
      giveBack(track, window.startMs, at(back))
      const kept = new Map(doubt.flatMap(at))
      if (kept.size === 0) return
      const places = new Map(Array.from(kept.keys(), (key, place) => [key, place]))
      const again = doubt.map((runs) => toRuns(at(runs).map(([key]) => places.get(key)!)))
      track.frozen.set(destination, { ...window, deltas: kept, doubt: again })
    },
    restoreFrozen: (name, destination, window) => {
      tracks.get(name)?.frozen.set(destination, { ...window, deltas: new Map() })
    },
    restoreFrozenSeries: (name, destination, [key, delta]) => {
      tracks.get(name)?.frozen.get(destination)?.deltas.set(key, delta)
    },
    *changes() {
      for (const [name, { sinceMs, pending, frozen }] of tracks) {
        yield ['track', name, sinceMs]
        for (const [key, delta] of pending) yield ['pending', name, key, delta]
        for (const [destination, { deltas, ...times }] of frozen) {
          yield ['frozen', name, destination, times]
          for (const [key, delta] of deltas) yield ['frozen-series', name, destination, key, delta]
        }
      }
    },
  }
}

/** Gauges are computed for every window: none is ever given back. */
export const isGauge = (key: SeriesKey): boolean => key.startsWith('["gauge"')

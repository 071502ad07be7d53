import * as fc from 'fast-check'
import type { ExportRequest, Snapshot, SnapshotSeries, Temporality } from '../../worker/model/types.ts'
import { anyValues, hostileAttributes, hostileName, hostileText } from './arbitraries.ts'
import { createReceiver, type Shown } from './receiver.ts'
import { type Harness, outputSeries } from './harness.ts'
import { counterOf, histogramOf, type SeriesOptions } from './snapshots.ts'

/** One series over four windows: what the page recorded in each. The series ends after the second and begins again in the third. */
export interface Growth {
  readonly kind: 'counter' | 'histogram'
  readonly name: string
  readonly options: Pick<SeriesOptions, 'attributes' | 'service' | 'release'>
  readonly windows: readonly (readonly number[])[]
}

/** Series of every kind, which differ; a histogram never has the name of a counter. */
export const anyGrowth: fc.Arbitrary<Growth[]> = fc.uniqueArray(
  fc.record({
    kind: fc.constantFrom('counter', 'counter', 'histogram'),
    name: hostileName,
    options: fc.record({ attributes: hostileAttributes, service: hostileText, release: hostileText }),
    windows: fc.array(anyValues, { minLength: 4, maxLength: 4 }),
  }),
  {
    selector: ({ kind, name, options }) =>
      seriesOf({ kind, name: nameOf(kind, name), options, windows: [] }, [], { phase: 'live' }).key,
    maxLength: 8,
  },
)

const nameOf = (kind: Growth['kind'], name: string): string => (kind === 'histogram' ? `latency.of.${name}` : name)

function seriesOf(
  growth: Growth,
  windows: readonly number[],
  how: Pick<SeriesOptions, 'phase' | 'startMs'>,
): SnapshotSeries {
  const values = windows.flatMap((window) => growth.windows[window] ?? [])
  const { kind, name, options } = growth
  return kind === 'histogram'
    ? histogramOf(nameOf(kind, name), values, { ...options, ...how })
    : counterOf(
        name,
        values.reduce((sum, value) => sum + value, 0),
        { ...options, ...how },
      )
}

/** The flushes of a story, by what has happened. */
export type Flush = 'first' | 'second' | 'end' | 'return' | 'last'

const FLUSHES = {
  first: { timeMs: 20_000, window: 0, total: [0], phase: 'new', startMs: 15_000 },
  second: { timeMs: 30_000, window: 1, total: [0, 1], phase: 'live', startMs: 15_000 },
  end: { timeMs: 40_000, window: undefined, total: [0, 1], phase: 'ending', startMs: 15_000 },
  return: { timeMs: 50_000, window: 2, total: [2], phase: 'new', startMs: 45_000 },
  last: { timeMs: 60_000, window: 3, total: [2, 3], phase: 'live', startMs: 45_000 },
} as const

/** The snapshot of a flush as the engine makes it. */
export function flushOf(flush: Flush, growth: readonly Growth[], temporality: Temporality): Snapshot {
  const { timeMs, window, total, phase, startMs } = FLUSHES[flush]
  const series =
    temporality === 'cumulative'
      ? growth.map((one) => seriesOf(one, total, { phase, startMs }))
      : window === undefined
        ? []
        : growth.map((one) => seriesOf(one, [window], { phase: 'live', startMs }))
  return { temporality, timeMs, previousMs: timeMs - 10_000, series }
}

/** What happens to a request: it is answered; it arrives and the answer is lost; it is lost itself. */
export type Fate = 'answered' | 'stored' | 'lost'

/** Delivers the requests of the flushes as the engine does. @returns what the backend shows in the end */
export function play(
  harness: Harness,
  snapshots: readonly Snapshot[],
  fateOf: () => Fate = () => 'answered',
): ReadonlyMap<string, Shown> {
  const receiver = createReceiver(harness)
  const deliver = (request: ExportRequest, nowMs: number): void => {
    const fate = fateOf()
    const isRepeated = request.inDoubt === 'resend' && fate !== 'answered'
    // A request that is dropped in doubt counts only if it was stored; the engine counts its loss.
    if (fate !== 'lost' || request.inDoubt === 'drop') receiver.store(request, nowMs)
    if (isRepeated) receiver.store(request, nowMs)
  }
  for (const snapshot of snapshots)
    for (const { requests } of harness.exporter.encode(snapshot))
      for (const request of requests) deliver(request, snapshot.timeMs)
  return receiver.shown()
}

/** What a backend has to show when these windows are counted once each: the values of one flush that holds them all. */
export function expectedOf(
  harness: Harness,
  growth: readonly Growth[],
  windows: readonly number[],
): ReadonlyMap<string, Shown> {
  const decoded = harness.read(growth.map((one) => seriesOf(one, windows, { phase: 'live' })))
  return new Map(decoded.map((one) => [outputSeries(one), { value: Number(one.value), sum: one.sum ?? 0 }]))
}

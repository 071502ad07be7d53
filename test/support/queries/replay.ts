import { defaultConfig } from '../../../worker/config/default-config.ts'
import type { SeriesPhase, Snapshot, SnapshotSeries } from '../../../worker/model/types.ts'
import { counterOf } from '../../contract/snapshots.ts'
import { seededRandom } from '../page-plan.ts'
import { type CountedSeries, type Scenario, TRAFFIC_MS } from './scenarios.ts'

const { flushIntervalMs, staleAfterMs } = defaultConfig
/** An alarm is that late at most, ms. */
const LATE_MS = 40

/** The name of the counter of every scenario, and its label. */
export const COUNTER = 'shown.clicks'
export const SELECTOR = 'shown_clicks_total'

/** What the worker would send at each flush from `startMs` on, with zeros, stale markers and totals that begin again. */
export function replay(scenarios: readonly Scenario[], startMs: number): readonly Snapshot[] {
  const random = seededRandom(15)
  const counters = scenarios.flatMap((scenario, i) => scenario.series.map((series) => createCounter(series, `s${i}`)))
  const snapshots: Snapshot[] = []
  let previousMs = 0
  for (let nowMs = flushIntervalMs; nowMs <= TRAFFIC_MS + flushIntervalMs; nowMs = previousMs + flushIntervalMs) {
    nowMs += Math.floor(random() * LATE_MS)
    const series = counters.flatMap((counter) => counter(nowMs) ?? [])
    // As the worker does: a zero comes a millisecond after the flush before.
    snapshots.push({ temporality: 'cumulative', timeMs: startMs + nowMs, previousMs: startMs + previousMs + 1, series })
    previousMs = nowMs
  }
  return snapshots
}

type Counter = (nowMs: number) => SnapshotSeries | undefined

function createCounter({ events, release = '1', outage }: CountedSeries, scenario: string): Counter {
  let [next, total, changedMs] = [0, 0, 0]
  let isThere = false
  return (nowMs) => {
    const first = next
    while (events[next]! <= nowMs) changedMs = events[next++]!
    const added = next - first
    if (!isThere && added === 0) return undefined
    const phase: SeriesPhase = !isThere ? 'new' : nowMs - changedMs < staleAfterMs ? 'live' : 'ending'
    total = (isThere ? total : 0) + added
    isThere = phase !== 'ending'
    if (outage && nowMs > outage.fromMs && nowMs <= outage.toMs) return undefined
    return counterOf(COUNTER, total, { release, phase, attributes: { scenario } })
  }
}

/** How many samples the snapshots leave of a scenario: a beginning is a zero and a total. */
export const countSamples = (snapshots: readonly Snapshot[], scenario: string): number =>
  snapshots
    .flatMap(({ series }) => series)
    .filter(({ series }) => series.attributes.some(([, value]) => value === scenario))
    .reduce((count, { phase }) => count + (phase === 'new' ? 2 : 1), 0)

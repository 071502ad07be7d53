import type { QueriedSeries } from '../promql.ts'

/** A window of time, ms since 1970. It is open to the left: `(fromMs, toMs]`. */
export interface Window {
  readonly fromMs: number
  readonly toMs: number
}

export interface Sample {
  readonly timeMs: number
  readonly value: number
}

/** The stored samples of a series. VictoriaMetrics shows stale markers, as NaN: they are left out. */
export const samplesOf = ({ points }: QueriedSeries): readonly Sample[] =>
  points
    .filter(([, value]) => !Number.isNaN(value))
    .map(([timeSeconds, value]) => ({ timeMs: Math.round(timeSeconds * 1_000), value }))

/** What a counter grew by in a window, by the samples in it. Where the total falls, it began again from zero. */
export function increaseOf(samples: readonly Sample[], { fromMs, toMs }: Window): number {
  let increase = 0
  for (const [i, { timeMs, value }] of samples.entries()) {
    if (timeMs <= fromMs || timeMs > toMs) continue
    const before = samples[i - 1]?.value ?? 0
    increase += value < before ? value : value - before
  }
  return increase
}

/** The shortest time from the last growth of a total to the zero from which it begins again, ms; Infinity where it never falls. */
export function shortestRest(samples: readonly Sample[]): number {
  let [grewMs, shortestMs] = [-Infinity, Infinity]
  for (const [i, { timeMs, value }] of samples.entries()) {
    const before = samples[i - 1]?.value ?? 0
    if (value < before) shortestMs = Math.min(shortestMs, timeMs - grewMs)
    if (value !== before) grewMs = timeMs
  }
  return shortestMs
}

/** The longest time between two samples of one total, ms. */
export const longestGap = (samples: readonly Sample[]): number =>
  samples.reduce((longestMs, { timeMs, value }, i) => {
    const before = samples[i - 1]
    return before && value >= before.value ? Math.max(longestMs, timeMs - before.timeMs) : longestMs
  }, 0)

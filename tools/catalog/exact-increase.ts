// Pure: no I/O, no clock, no randomness.

/** How far before the window the last total is looked for: a receiver may have been without samples for that long. */
const REACH = '1h'

/**
 * The increase of a counter in the last `window`, in PromQL, for each of its series: the last total in the window, minus the total with which the
 * window begins. That is the last total before the window, or the lowest in it where the total began again from zero.
 * `increase()` would be an estimate (https://prometheus.io/docs/prometheus/latest/querying/functions/#increase).
 *
 * It is exact for windows that are a flush interval shorter than `staleAfterMs`; docs/QUERIES.md has the measurement.
 */
export const exactIncrease = (series: string, window: string): string => {
  const lowest = `min_over_time(${series}[${window}])`
  const before = `last_over_time(${series}[${REACH}] offset ${window})`
  return `last_over_time(${series}[${window}]) - (${before} <= ${lowest} or ${lowest})`
}

/** How many series an object keeps. */
export interface SeriesLimits {
  /** Series in all, overflow series included. */
  readonly maxSeries: number
  /** Series of one metric before the rest goes into its overflow series. */
  readonly maxSeriesPerMetric: number
  /** Metric names in all. */
  readonly maxMetrics: number
}

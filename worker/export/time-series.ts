import type { Label } from './labels.ts'

/** A time series as remote-write takes it: `__name__` is one of its labels, and they are sorted by name. */
export interface TimeSeries {
  readonly labels: readonly Label[]
  readonly samples: readonly {
    readonly value: number
    /** Ms since 1970. */
    readonly timestamp: number
  }[]
}

/** The verbs that record. None of them ever throws. A call that cannot be counted is dropped under a reason. */
import type { Attributes } from '../protocol/types.ts'

/** A counter bound to one series, for hot code. */
export interface Counter {
  /**
   * Adds `value` to the counter.
   * @param value finite and not negative; 0 records nothing
   * @default 1
   */
  readonly add: (value?: number) => void
}

/** A histogram bound to one series, for hot code. */
export interface HistogramHandle {
  /**
   * Adds an observation.
   * @param value finite, in the base unit of the metric: seconds, bytes, a ratio
   */
  readonly record: (value: number) => void
}

export interface Instruments {
  /**
   * Adds `value` to a counter: `increment('cart.items', 3, { page: '/cart' })`.
   * @param name `[A-Za-z_][A-Za-z0-9_.]*`, at most 128 characters; those that begin with `pharos.` or `pharos_` are reserved
   * @param value finite and not negative; 0 records nothing. Default 1
   * @param attributes at most 16; each combination of values is a series of its own
   */
  readonly increment: (name: string, value?: number, attributes?: Attributes) => void
  /**
   * Adds an observation to a histogram: `observe('search.duration', 0.123, { cached: true })`.
   * @param value finite, in a base unit: seconds, bytes, a ratio
   */
  readonly observe: (name: string, value: number, attributes?: Attributes) => void
  /** Binds a counter once, so that adding to it costs only an addition. */
  readonly counter: (name: string, attributes?: Attributes) => Counter
  /** Binds a histogram once. */
  readonly histogram: (name: string, attributes?: Attributes) => HistogramHandle
  /**
   * Begins a stopwatch; calling what it returns observes the seconds between, once:
   * `const stop = beacon.time('search.duration'); ...; stop()`.
   */
  readonly time: (name: string, attributes?: Attributes) => () => void
}

/** A way to write the samples of a total that begins. */
export interface Shape {
  readonly name: string
  /** How long before the flush that is before the first total there are more zeros, ms. Each is a request, the oldest first. */
  readonly zerosMs: readonly number[]
  readonly everyMs: number
}

export interface ShapeSample {
  /** Ms from the beginning of the new total. */
  readonly timeMs: number
  readonly value: number
}

const SECOND_MS = 1_000
const MINUTE_MS = 60_000
const FLUSH_MS = 15 * SECOND_MS

/** How many events there are in the first minute, and how long samples are written. */
export const EVENTS = 20
export const LASTS_MS: number = 30 * MINUTE_MS
/** The total that the worker had before it lost its store, and how long it had been. */
export const LOST = 50

export const SHAPES: readonly Shape[] = [
  { name: 'as it is', zerosMs: [], everyMs: FLUSH_MS },
  { name: 'a zero 15 s earlier too', zerosMs: [FLUSH_MS], everyMs: FLUSH_MS },
  { name: 'zeros 10, 5 and 1 min earlier too', zerosMs: [10, 5, 1].map((it) => it * MINUTE_MS), everyMs: FLUSH_MS },
  {
    name: 'a zero every 15 s of the 5 min before',
    zerosMs: Array.from({ length: 20 }, (_, i) => (20 - i) * FLUSH_MS),
    everyMs: FLUSH_MS,
  },
  {
    name: 'zeros 60, 30, 10, 5 and 1 min earlier too',
    zerosMs: [60, 30, 10, 5, 1].map((it) => it * MINUTE_MS),
    everyMs: FLUSH_MS,
  },
  { name: 'a flush every 5 s', zerosMs: [], everyMs: 5 * SECOND_MS },
  { name: 'a flush every second', zerosMs: [], everyMs: SECOND_MS },
]

/** A zero comes a millisecond after a flush. */
export const zerosOf = ({ zerosMs }: Shape): readonly ShapeSample[] =>
  [...zerosMs, 0].map((agoMs) => ({ timeMs: 1 - agoMs, value: 0 }))

/** Events three seconds apart, and then none. */
export const totalsOf = ({ everyMs }: Shape): readonly ShapeSample[] =>
  Array.from({ length: LASTS_MS / everyMs }, (_, i) => {
    const timeMs = (i + 1) * everyMs
    return { timeMs, value: Math.min(EVENTS, Math.floor(timeMs / (3 * SECOND_MS))) }
  })

/** What there is of the total that was lost, in the half hour until the flush before. */
export const LOST_TOTALS: readonly ShapeSample[] = Array.from({ length: LASTS_MS / FLUSH_MS }, (_, i) => ({
  timeMs: i * FLUSH_MS - LASTS_MS,
  value: i === 0 ? 0 : LOST,
}))

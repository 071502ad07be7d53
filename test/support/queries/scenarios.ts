import { defaultConfig } from '../../../worker/config/default-config.ts'
import { seededRandom } from '../page-plan.ts'
import type { Span } from './expressions.ts'
import type { Window } from './samples.ts'

/** One series and when its events happened. Times are ms from the beginning of the traffic. */
export interface CountedSeries {
  readonly release?: string
  /** Ascending; each counts one. */
  readonly events: readonly number[]
  /** When the receiver takes nothing. @default never */
  readonly outage?: Window
}

export interface Scenario {
  /** The head of its row in the document. */
  readonly name: string
  readonly series: readonly CountedSeries[]
  readonly span: Span
  /** When it is asked. */
  readonly asked: Window
  /** How many windows in a row are added up. @default 1 */
  readonly inARow?: number
}

const SECOND_MS = 1_000
const MINUTE_MS = 60_000
export const HOUR_MS = 3_600_000

/** How long the traffic lasts. */
export const TRAFFIC_MS: number = 3.5 * HOUR_MS

const minutes = (from: number, to: number): Window => ({ fromMs: from * MINUTE_MS, toMs: to * MINUTE_MS })
const hours = (count: number): Span => ({ text: `${count}h`, ms: count * HOUR_MS })

/** `count` events, `everyMs` apart. */
const burst = (fromMs: number, count: number, everyMs: number): number[] =>
  Array.from({ length: count }, (_, i) => fromMs + i * everyMs)

/** Events at random, `everyMs` apart on average, for a while. */
function traffic(seed: number, everyMs: number, { fromMs, toMs }: Window): number[] {
  const random = seededRandom(seed)
  const events: number[] = []
  for (let timeMs = fromMs; timeMs < toMs; timeMs += Math.ceil(2 * everyMs * random())) events.push(timeMs)
  return events
}

const steady: readonly CountedSeries[] = [{ events: traffic(1, 7 * SECOND_MS, minutes(1, 210)) }]
const young: readonly CountedSeries[] = [{ events: burst(2 * HOUR_MS, 20, 3 * SECOND_MS) }]
const rare: readonly CountedSeries[] = [{ events: traffic(9, 10 * MINUTE_MS, minutes(1, 210)) }]

/**
 * Its last event is just after a flush, so that its total is in a sample as late as may be. It ends as soon as it may, and its zero is at the
 * flush that ended it: no end and return can be closer to each other.
 */
const lastMs = 20 * MINUTE_MS - 13 * SECOND_MS
const againMs = lastMs + defaultConfig.staleAfterMs + 10 * SECOND_MS
const returning: readonly CountedSeries[] = [
  {
    events: [
      ...burst(10 * MINUTE_MS, 49, 2 * SECOND_MS),
      lastMs,
      ...burst(againMs, 3, 20 * SECOND_MS),
      ...burst(againMs + 10 * MINUTE_MS, 2, 20 * SECOND_MS),
    ],
  },
]

/** A new release takes over after two hours. */
const deployed: readonly CountedSeries[] = [1, 2, 3, 4].flatMap((seed) => [
  { release: `1.${seed}`, events: traffic(seed, 40 * SECOND_MS, minutes(1, 120)) },
  { release: `2.${seed}`, events: traffic(seed + 4, 40 * SECOND_MS, minutes(120, 210)) },
])

const away = (forMinutes: number): Pick<Scenario, 'series' | 'asked'> => ({
  series: [{ ...steady[0]!, outage: minutes(100, 100 + forMinutes) }],
  // The windows begin in the outage, or just before and after.
  asked: minutes(160 - forMinutes / 2, 160 + 1.5 * forMinutes),
})

const hour = hours(1)
const later = minutes(65, 210)

export const SCENARIOS: readonly Scenario[] = [
  { name: 'steady traffic', series: steady, span: hour, asked: later },
  { name: 'a young series, in its first three minutes', series: young, span: hour, asked: minutes(121, 123) },
  { name: 'a young series, later', series: young, span: hour, asked: minutes(123, 175) },
  { name: 'rare events', series: rare, span: hour, asked: later },
  { name: 'rare events, 5 min', series: rare, span: { text: '5m', ms: 5 * MINUTE_MS }, asked: later },
  { name: 'an idle end and a return', series: returning, span: hour, asked: minutes(75, 100) },
  {
    name: 'at the moment of the return',
    series: returning,
    span: hour,
    asked: { fromMs: againMs - 5 * SECOND_MS, toMs: againMs + 5 * SECOND_MS },
  },
  { name: 'eight series over a deploy', series: deployed, span: hour, asked: later },
  { name: 'the receiver was away for 2 min', span: hour, ...away(2) },
  { name: 'the receiver was away for 12 min', span: hour, ...away(12) },
  { name: 'three windows in a row', series: steady, span: hour, asked: minutes(185, 210), inARow: 3 },
  { name: '3 h with an end and a return', series: returning, span: hours(3), asked: minutes(120, 210) },
]

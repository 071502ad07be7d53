import type { TimeSeries } from '../../../worker/destinations/prometheus/time-series.ts'
import { REMOTE_WRITE_1 } from '../../../worker/destinations/prometheus/write-request.ts'
import type { Receiver } from '../prometheus.ts'
import { until } from '../until.ts'
import { timesIn } from './measure.ts'
import { EVENTS, LASTS_MS, LOST_TOTALS, type Shape, type ShapeSample, SHAPES, totalsOf, zerosOf } from './shapes.ts'

/** What came of a shape. */
export interface ShapeOutcome {
  readonly shape: Shape
  /** What `increase()` over an hour showed of a new series, at 20 instants of the first three minutes, and of those after them. */
  readonly early: readonly number[]
  readonly late: readonly number[]
  /** How many zeros were refused of a new series, and of one whose store was lost. */
  readonly refused: readonly [young: number, lost: number]
  /** What `increase()` showed of the series whose store was lost. */
  readonly again: readonly number[]
}

type Kind = 'young' | 'lost'

const MINUTE_MS = 60_000
const nameOf = (shape: Shape, kind: Kind): string => `shape_${kind}_${SHAPES.indexOf(shape)}_total`

/** Writes new totals in every shape, and asks `increase()` about each. */
export async function compareShapes(receiver: Receiver): Promise<readonly ShapeOutcome[]> {
  const startMs = Math.floor(Date.now() / MINUTE_MS) * MINUTE_MS - 2 * LASTS_MS
  const write = (all: readonly (readonly [name: string, sample: ShapeSample])[]): Promise<number> =>
    post(
      receiver.writeUrl,
      all.map(([name, { timeMs, value }]) => seriesOf(name, startMs + timeMs, value)),
    )
  for (const sample of LOST_TOTALS) await write(SHAPES.map((shape) => [nameOf(shape, 'lost'), sample]))
  const refused: (readonly [young: number, lost: number])[] = []
  for (const shape of SHAPES) {
    const count = { young: 0, lost: 0 }
    for (const kind of ['young', 'lost'] as const)
      for (const zero of zerosOf(shape)) if ((await write([[nameOf(shape, kind), zero]])) >= 400) count[kind]++
    refused.push([count.young, count.lost])
  }
  for (const [timeMs, shapes] of byTime())
    await write(
      shapes.flatMap(({ shape, value }) =>
        (['young', 'lost'] as const).map((kind) => [nameOf(shape, kind), { timeMs, value }] as const),
      ),
    )
  const endMs = startMs + LASTS_MS
  await until(
    () => Promise.all(SHAPES.map((shape) => receiver.value(nameOf(shape, 'lost'), endMs))),
    (values) => values.every((value) => value === EVENTS),
  )
  return Promise.all(
    SHAPES.map(async (shape, i) => {
      const ask = (kind: Kind, fromMs: number, toMs: number): Promise<readonly number[]> =>
        increasesOf(receiver, nameOf(shape, kind), timesIn({ fromMs: startMs + fromMs, toMs: startMs + toMs }))
      return {
        shape,
        early: await ask('young', MINUTE_MS, 3 * MINUTE_MS),
        late: await ask('young', 3 * MINUTE_MS, LASTS_MS),
        refused: refused[i]!,
        again: await ask('lost', MINUTE_MS, 3 * MINUTE_MS),
      }
    }),
  )
}

const increasesOf = ({ value }: Receiver, name: string, times: readonly number[]): Promise<readonly number[]> =>
  Promise.all(times.map(async (timeMs) => (await value(`increase(${name}[1h])`, timeMs)) ?? 0))

/** The totals of all shapes in the order of their times. */
function byTime(): readonly (readonly [timeMs: number, shapes: readonly { shape: Shape; value: number }[]])[] {
  const times = new Map<number, { shape: Shape; value: number }[]>()
  for (const shape of SHAPES)
    for (const { timeMs, value } of totalsOf(shape)) times.set(timeMs, [...(times.get(timeMs) ?? []), { shape, value }])
  return [...times].sort(([a], [b]) => a - b)
}

const seriesOf = (name: string, timestampMs: number, value: number): TimeSeries => ({
  labels: [{ name: '__name__', value: name }],
  value,
  timestampMs,
  startMs: 0,
  family: { kind: 'counter', help: '', unit: '' },
})

async function post(url: string, series: readonly TimeSeries[]): Promise<number> {
  const { headers, encode } = REMOTE_WRITE_1
  const response = await fetch(url, { method: 'POST', headers, body: encode(series) })
  await response.arrayBuffer()
  return response.status
}

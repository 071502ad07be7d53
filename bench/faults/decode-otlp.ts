import { addUp, type Counted, type Decode } from './decode.ts'

interface Point {
  readonly startTimeUnixNano: string
  readonly asDouble: number
  readonly attributes: readonly { readonly key: string; readonly value: { readonly stringValue?: string } }[]
}

interface Body {
  readonly resourceMetrics: readonly {
    readonly scopeMetrics: readonly {
      readonly metrics: readonly { readonly sum?: { readonly dataPoints: readonly Point[] } }[]
    }[]
  }[]
}

/** Of every sum in a body. */
const pointsOf = (body: string): readonly Point[] =>
  (JSON.parse(body) as Body).resourceMetrics
    .flatMap(({ scopeMetrics }) => scopeMetrics)
    .flatMap(({ metrics }) => metrics)
    .flatMap(({ sum }) => sum?.dataPoints ?? [])

const read = ({ attributes, asDouble }: Point): Counted => ({
  event: attributes.find(({ key }) => key === 'event')?.value.stringValue,
  count: asDouble,
})

/** A delta is added. */
export const decodeOtlpDelta: Decode = (bodies) => addUp(bodies.flatMap(pointsOf).map(read))

/** A cumulative sum replaces the one before that has the same attributes and start time: that of the page. */
export const decodeOtlpCumulative: Decode = (bodies) => {
  const points = bodies.flatMap(pointsOf)
  const last = new Map(points.map((point) => [JSON.stringify([point.attributes, point.startTimeUnixNano]), point]))
  return addUp([...last.values()].map(read))
}

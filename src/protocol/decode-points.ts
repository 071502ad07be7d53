import type { ValueKind } from './decode-value.ts'
import { isArray, type Json } from './json.ts'
import { canonicalAttributes, isMetricName } from './series.ts'
import type { CanonicalAttributes, DropReason, Resource } from './types.ts'

export interface DecodedPoint<Value> {
  readonly name: string
  readonly attributes: CanonicalAttributes
  readonly value: Value
}

/** The common part of the points of a batch. */
export interface PointContext {
  readonly weight: number
  /** Gets one reason for each point that is left out. */
  readonly dropped: DropReason[]
}

/** The points of one list, one for each series: points of equal series are added. One that is not valid is left out alone. */
export function decodePoints<Value>(
  items: readonly Json[],
  kind: ValueKind<Value>,
  { weight, dropped }: PointContext,
): DecodedPoint<Value>[] {
  const points: DecodedPoint<Value>[] = []
  const indexes = new Map<string, number>()
  for (const item of items) {
    const point = decodePoint(item, kind, weight)
    if (typeof point === 'string') {
      dropped.push(point)
      continue
    }
    const identity = identityOf(point)
    const index = indexes.get(identity)
    if (index === undefined) {
      indexes.set(identity, points.push(point) - 1)
      continue
    }
    const before = points[index]!
    const value = kind.add([before.value, point.value], weight)
    if (value === undefined) dropped.push('bad_value')
    else points[index] = { ...before, value }
  }
  return points
}

/** Equal text, equal series of this session. Control characters cannot be part of any name or value. */
function identityOf({ name, attributes }: DecodedPoint<unknown>): string {
  let identity = name
  for (const [key, value] of attributes) identity += `\n${key}\n${value}`
  return identity
}

function decodePoint<Value>(
  item: Json,
  { decode }: ValueKind<Value>,
  weight: number,
): DecodedPoint<Value> | DropReason {
  if (!isArray(item) || item.length < 2 || item.length > 3) return 'bad_shape'
  const [name, raw, rawAttributes] = item
  if (!isMetricName(name)) return 'bad_name'
  const attributes = canonicalAttributes(rawAttributes as Resource['attributes'])
  if (!attributes) return 'bad_attributes'
  const value = decode(raw, weight)
  return value === undefined ? 'bad_value' : { name, attributes, value }
}

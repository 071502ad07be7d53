// Pure: no I/O, no clock, no randomness. The edge's reading of the wire: hand-written, because it runs for every beacon.
import { addExact, roundExact } from './exact-sum.ts'
import { countOf } from './histogram.ts'
import * as limits from './limits.ts'
import { fail, ok, type Result } from './result.ts'
import { canonicalAttributes, isAttributeText, isMetricName } from './series.ts'
import type { CanonicalAttributes, DropReason, ExactSum, Histogram, Resource } from './types.ts'
import { loneHistogram } from './wire.ts'

export interface DecodedPoint<Value> {
  readonly name: string
  readonly attributes: CanonicalAttributes
  readonly value: Value
}

export interface DecodedBatch {
  readonly session: string
  readonly sequence: number
  readonly ageMs: number
  /** How many sessions this one stands for: 1 to MAX_WEIGHT. Every value times this is within the limits. */
  readonly weight: number
  readonly service: string
  readonly release: string
  /** The attributes of the resource: on every series. */
  readonly attributes: CanonicalAttributes
  readonly counters: readonly DecodedPoint<ExactSum>[]
  readonly histograms: readonly DecodedPoint<Histogram>[]
  /** Points that were not valid, one reason each. */
  readonly dropped: readonly DropReason[]
}

/** Why a whole body is refused: the stable `reason` of the problem document. */
export type EnvelopeError = 'bad_envelope' | 'unsupported_version' | 'bad_group' | 'bad_batch' | 'too_many_batches'

type Json = unknown
const isArray = (value: Json): value is readonly Json[] => Array.isArray(value)
const isObject = (value: Json): value is Readonly<Record<string, Json>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const isCount = (value: Json): value is number => Number.isSafeInteger(value) && (value as number) >= 0
const isTime = (value: Json): value is number => Number.isFinite(value)

/** Reads a parsed body. Structure must be right throughout; a point that is not valid is left out and its reason kept. */
export function decodeEnvelope(body: Json): Result<readonly DecodedBatch[], EnvelopeError> {
  if (!isObject(body)) return fail('bad_envelope')
  if (body['v'] !== 1) return fail('v' in body ? 'unsupported_version' : 'bad_envelope')
  const { sent, groups } = body
  if (!isTime(sent) || !isArray(groups) || groups.length === 0) return fail('bad_envelope')
  const batches: DecodedBatch[] = []
  for (const group of groups) {
    const head = decodeGroup(group)
    if (!head) return fail('bad_group')
    for (const item of head.items) {
      if (batches.length === limits.MAX_BATCHES_PER_BODY) return fail('too_many_batches')
      const batch = decodeBatch(item, sent, head)
      if (!batch) return fail('bad_batch')
      batches.push(batch)
    }
  }
  return ok(batches)
}

interface GroupHead extends Pick<DecodedBatch, 'session' | 'weight' | 'service' | 'release' | 'attributes'> {
  readonly items: readonly Json[]
}

function decodeGroup(group: Json): GroupHead | undefined {
  if (!isObject(group)) return undefined
  const { session, weight = 1, resource, batches } = group
  if (typeof session !== 'string' || !/^[\w-]{16}$/.test(session)) return undefined
  if (!isCount(weight) || weight === 0 || weight > limits.MAX_WEIGHT) return undefined
  if (!isObject(resource) || !isArray(batches) || batches.length === 0) return undefined
  const { service = '', release = '' } = resource
  const attributes = canonicalAttributes(resource['attributes'] as Resource['attributes'])
  if (!attributes || typeof service !== 'string' || typeof release !== 'string') return undefined
  if (!isAttributeText(service) || !isAttributeText(release)) return undefined
  return { session, weight, service, release, attributes, items: batches }
}

function decodeBatch(item: Json, sent: number, head: GroupHead): DecodedBatch | undefined {
  if (!isArray(item) || item.length !== 4) return undefined
  const [sequence, sealedMs, counterItems, histogramItems] = item
  if (!isCount(sequence) || sequence === 0 || !isTime(sealedMs)) return undefined
  if (!isArray(counterItems) || !isArray(histogramItems)) return undefined
  const points = counterItems.length + histogramItems.length
  if (points === 0 || points > limits.MAX_POINTS_PER_BATCH) return undefined
  const dropped: DropReason[] = []
  const { session, weight, service, release, attributes } = head
  const counters = decodePoints(counterItems, (raw) => decodeIncrease(raw, weight), dropped)
  const histograms = decodePoints(histogramItems, (raw) => decodeHistogram(raw, weight), dropped)
  // Two finite times may lie infinitely far apart, and ages are measured and added up.
  const ageMs = Math.min(Math.max(0, sent - sealedMs), limits.MAX_COUNT)
  return { session, sequence, ageMs, weight, service, release, attributes, counters, histograms, dropped }
}

function decodePoints<Value>(
  items: readonly Json[],
  decodeValue: (value: Json) => Value | undefined,
  dropped: DropReason[],
): DecodedPoint<Value>[] {
  const points: DecodedPoint<Value>[] = []
  const seen = new Set<string>()
  for (const item of items) {
    const point = decodePoint(item, decodeValue)
    if (typeof point === 'string') {
      dropped.push(point)
      continue
    }
    const identity = identityOf(point)
    if (seen.has(identity)) dropped.push('duplicate_series')
    else points.push(point)
    seen.add(identity)
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
  decodeValue: (value: Json) => Value | undefined,
): DecodedPoint<Value> | DropReason {
  if (!isArray(item) || item.length < 2 || item.length > 3) return 'bad_shape'
  const [name, raw, rawAttributes] = item
  if (!isMetricName(name)) return 'bad_name'
  const attributes = canonicalAttributes(rawAttributes as Resource['attributes'])
  if (!attributes) return 'bad_attributes'
  const value = decodeValue(raw)
  return value === undefined ? 'bad_value' : { name, attributes, value }
}

function decodeIncrease(raw: Json, weight: number): ExactSum | undefined {
  const sum = decodeSum(raw, weight)
  return sum && roundExact(sum) > 0 ? sum : undefined
}

function decodeSum(raw: Json, weight: number): ExactSum | undefined {
  const parts = isArray(raw) ? raw : [raw]
  if (parts.length === 0 || parts.length > limits.MAX_SUM_PARTS) return undefined
  const sum: ExactSum = []
  for (const part of parts) {
    if (typeof part !== 'number' || !(Math.abs(part) * weight <= limits.MAX_SUM)) return undefined
    addExact(sum, part)
  }
  return sum
}

export function decodeHistogram(raw: Json, weight = 1): Histogram | undefined {
  if (typeof raw === 'number') return Math.abs(raw) <= limits.MAX_VALUE ? loneHistogram(raw) : undefined
  if (!isArray(raw) || raw.length < 2 || raw.length > 5) return undefined
  const [rawSum, rawPositive, scale = limits.MAX_SCALE, zero = 0, rawNegative = []] = raw
  if (!isCount(zero) || !Number.isInteger(scale)) return undefined
  if ((scale as number) < limits.MIN_SCALE || (scale as number) > limits.MAX_SCALE) return undefined
  const sum = decodeSum(rawSum, weight)
  const positive = decodeBuckets(rawPositive, scale as number)
  const negative = decodeBuckets(rawNegative, scale as number)
  if (!sum || !positive || !negative) return undefined
  const histogram = { scale: scale as number, zero, positive, negative, sum }
  const count = countOf(histogram)
  return count > 0 && count * weight <= limits.MAX_COUNT ? histogram : undefined
}

function decodeBuckets(raw: Json, scale: number): Map<number, number> | undefined {
  if (!isArray(raw) || raw.length % 2 === 1 || raw.length > 2 * limits.MAX_BUCKETS) return undefined
  const buckets = new Map<number, number>()
  let index = 0
  for (let i = 0; i < raw.length; i += 2) {
    const gap = raw[i]
    const count = raw[i + 1]
    if (!Number.isSafeInteger(gap) || (i > 0 && (gap as number) < 1)) return undefined
    if (!isCount(count) || count === 0) return undefined
    index += gap as number
    if (!isIndex(index, scale)) return undefined
    buckets.set(index, count)
  }
  return buckets
}

// Doubles lie between 2^-1074 and 2^1024: outside there is no value that could have been observed.
const isIndex = (index: number, scale: number): boolean => index >= -1075 * 2 ** scale - 1 && index < 1024 * 2 ** scale

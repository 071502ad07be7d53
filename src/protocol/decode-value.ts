import { addExact, mergeExact, roundExact } from './exact-sum.ts'
import { copyHistogram, countOf, createHistogram, mergeHistogram, recordValue } from './histogram.ts'
import { isArray, isCount, type Json } from './json.ts'
import * as limits from './limits.ts'
import type { ExactSum, Histogram } from './types.ts'
import { loneHistogram } from './wire.ts'

/** How the values of one kind of point are read and added. The limits of sums and counts hold for values times `weight`. */
export interface ValueKind<Value> {
  /** Undefined where the value is not valid. */
  readonly decode: (raw: Json, weight: number) => Value | undefined
  /** The exact sum of both; undefined where it is beyond a limit. Neither argument is changed. */
  readonly add: (values: readonly [Value, Value], weight: number) => Value | undefined
}

export const increases: ValueKind<ExactSum> = {
  decode: (raw, weight) => {
    const sum = decodeSum(raw, weight)
    return sum && roundExact(sum) > 0 ? sum : undefined
  },
  add: ([a, b], weight) => {
    const sum = [...a]
    mergeExact(sum, b)
    return isSumWithin(sum, weight) ? sum : undefined
  },
}

export const histograms: ValueKind<Histogram> = {
  decode: decodeHistogram,
  add: ([a, b], weight) => {
    const histogram = copyHistogram(a)
    mergeHistogram(histogram, b)
    return isWithin(histogram, weight) ? histogram : undefined
  },
}

const isSumWithin = (sum: ExactSum, weight: number): boolean => Math.abs(roundExact(sum)) * weight <= limits.MAX_SUM

const isWithin = (histogram: Histogram, weight: number): boolean =>
  countOf(histogram) * weight <= limits.MAX_COUNT && isSumWithin(histogram.sum, weight)

function decodeSum(raw: Json, weight: number): ExactSum | undefined {
  const parts = isArray(raw) ? raw : [raw]
  if (parts.length === 0 || parts.length > limits.MAX_VALUES) return undefined
  const sum: ExactSum = []
  for (const part of parts) {
    if (typeof part !== 'number' || !(Math.abs(part) * weight <= limits.MAX_SUM)) return undefined
    addExact(sum, part)
  }
  return isSumWithin(sum, weight) ? sum : undefined
}

/** A number is one observation, `[[v, v, ...]]` are observations as they came, and longer lists are buckets. */
export function decodeHistogram(raw: Json, weight = 1): Histogram | undefined {
  if (typeof raw === 'number') return Math.abs(raw) <= limits.MAX_VALUE ? loneHistogram(raw) : undefined
  if (!isArray(raw)) return undefined
  return raw.length === 1 ? decodeObservations(raw[0], weight) : decodeBucketed(raw, weight)
}

function decodeObservations(raw: Json, weight: number): Histogram | undefined {
  if (!isArray(raw) || raw.length === 0 || raw.length > limits.MAX_VALUES) return undefined
  const histogram = createHistogram()
  for (const value of raw) {
    if (typeof value !== 'number' || !(Math.abs(value) <= limits.MAX_VALUE)) return undefined
    recordValue(histogram, value)
  }
  return isWithin(histogram, weight) ? histogram : undefined
}

function decodeBucketed(raw: readonly Json[], weight: number): Histogram | undefined {
  if (raw.length < 2 || raw.length > 5) return undefined
  const [rawSum, rawPositive, scale = limits.MAX_SCALE, zero = 0, rawNegative = []] = raw
  if (!isCount(zero) || !Number.isInteger(scale)) return undefined
  if ((scale as number) < limits.MIN_SCALE || (scale as number) > limits.MAX_SCALE) return undefined
  const sum = decodeSum(rawSum, weight)
  const positive = decodeBuckets(rawPositive, scale as number)
  const negative = decodeBuckets(rawNegative, scale as number)
  if (!sum || !positive || !negative) return undefined
  const histogram = { scale: scale as number, zero, positive, negative, sum }
  return countOf(histogram) > 0 && isWithin(histogram, weight) ? histogram : undefined
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

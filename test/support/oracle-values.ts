/** The values of points, read as docs/PROTOCOL.md says: see oracle.ts. */
import { unitsOf } from './rationals.ts'

export const isInteger = (it: unknown, least: number, most: number): it is number =>
  typeof it === 'number' && it % 1 === 0 && it >= least && it <= most
export const isNumber = (it: unknown, most: number): it is number => typeof it === 'number' && it <= most && it >= -most

/** A sum in units of the smallest double, and how many observations were zero, above and below; all 0 for a counter. */
export interface Value {
  readonly units: bigint
  readonly zero: number
  readonly positive: number
  readonly negative: number
}

export const times = ({ units, zero, positive, negative }: Value, weight: number): Value => ({
  units: units * BigInt(weight),
  zero: zero * weight,
  positive: positive * weight,
  negative: negative * weight,
})

export const plus = (a: Value, b: Value): Value => ({
  units: a.units + b.units,
  zero: a.zero + b.zero,
  positive: a.positive + b.positive,
  negative: a.negative + b.negative,
})

/** Beyond half of the last bit of 1e294 the sum is no longer rounded to it. */
const MOST_UNITS = (unitsOf([1e294]) * 2n ** 54n) / (2n ** 54n - 1n)

export function isWithin({ units, zero, positive, negative }: Value, weight: number): boolean {
  const count = BigInt(zero) + BigInt(positive) + BigInt(negative)
  const magnitude = units < 0n ? -units : units
  return magnitude * BigInt(weight) <= MOST_UNITS && count * BigInt(weight) <= 2n ** 53n - 1n
}

function unitsOfSum(sum: unknown, weight: number): bigint | undefined {
  const parts = Array.isArray(sum) ? sum : [sum]
  if (parts.length < 1 || parts.length > 1_024 || !parts.every((part) => isNumber(part, 1e294 / weight)))
    return undefined
  const units = unitsOf(parts)
  return isWithin({ units, zero: 0, positive: 0, negative: 0 }, weight) ? units : undefined
}

export function increaseOf(raw: unknown, weight: number): Value | undefined {
  const units = unitsOfSum(raw, weight)
  return units !== undefined && units > 0n ? { units, zero: 0, positive: 0, negative: 0 } : undefined
}

const observationsOf = (values: readonly number[]): Value => ({
  units: unitsOf(values),
  zero: values.filter((value) => value === 0).length,
  positive: values.filter((value) => value > 0).length,
  negative: values.filter((value) => value < 0).length,
})

export function histogramOf(raw: unknown, weight: number): Value | undefined {
  if (isNumber(raw, 1e290)) return observationsOf([raw])
  if (Array.isArray(raw) && raw.length === 1) {
    const [values] = raw
    if (!Array.isArray(values) || values.length < 1 || values.length > 1_024) return undefined
    if (!values.every((value) => isNumber(value, 1e290))) return undefined
    return isWithin(observationsOf(values), weight) ? observationsOf(values) : undefined
  }
  if (!Array.isArray(raw) || raw.length < 2 || raw.length > 5) return undefined
  const [sum, above, scale = 8, zero = 0, below = []] = raw
  const units = unitsOfSum(sum, weight)
  if (units === undefined || !isInteger(scale, -4, 8) || !isInteger(zero, 0, 2 ** 53 - 1)) return undefined
  const positive = countOf(above, scale)
  const negative = countOf(below, scale)
  if (positive === undefined || negative === undefined) return undefined
  const count = BigInt(zero) + BigInt(positive) + BigInt(negative)
  return count >= 1n && count * BigInt(weight) <= 2n ** 53n - 1n ? { units, zero, positive, negative } : undefined
}

function countOf(buckets: unknown, scale: number): number | undefined {
  if (!Array.isArray(buckets) || buckets.length > 320 || buckets.length % 2 !== 0) return undefined
  let count = 0
  let index = 0
  for (let i = 0; i < buckets.length; i += 2) {
    if (!isInteger(buckets[i], i === 0 ? -(2 ** 53 - 1) : 1, 2 ** 53 - 1)) return undefined
    if (!isInteger(buckets[i + 1], 1, 2 ** 53 - 1)) return undefined
    index += buckets[i]
    count += buckets[i + 1]
    if (index / 2 ** scale < -1075 - 1 / 2 ** scale || index / 2 ** scale >= 1024) return undefined
  }
  return count
}

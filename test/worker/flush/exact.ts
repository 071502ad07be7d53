import type { Delta } from '../../../worker/model/types.ts'

/** A double as a whole number of 2^-1074: sums of these are exact. */
export function unitsOf(value: number): bigint {
  const view = new DataView(new ArrayBuffer(8))
  view.setFloat64(0, Math.abs(value))
  const bits = view.getBigUint64(0)
  const exponent = Number(bits >> 52n)
  const fraction = bits & 0xfffffffffffffn
  const units = exponent === 0 ? fraction : (fraction | (1n << 52n)) << BigInt(exponent - 1)
  return value < 0 ? -units : units
}

export const sumUnits = (values: readonly number[]): bigint => values.reduce((sum, value) => sum + unitsOf(value), 0n)

/** A delta or total as plain data that is equal exactly when the same things were counted. */
export function exactly(delta: Delta): unknown {
  if (Array.isArray(delta)) return String(sumUnits(delta))
  const { scale, zero, positive, negative, sum } = delta
  const sorted = (buckets: ReadonlyMap<number, number>): unknown => [...buckets].sort(([a], [b]) => a - b)
  return { scale, zero, positive: sorted(positive), negative: sorted(negative), sum: String(sumUnits(sum)) }
}

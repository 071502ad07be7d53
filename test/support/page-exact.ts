// The sum of doubles as a whole number of 2^-1074: another way than the code under test, so that they cannot share a fault.

const words = new DataView(new ArrayBuffer(8))

/** A finite double as a whole number of 2^-1074, the smallest double there is. */
function unitsOf(value: number): bigint {
  words.setFloat64(0, value)
  const bits = words.getBigUint64(0)
  const exponent = (bits >> 52n) & 0x7ffn
  const fraction = bits & 0xfffffffffffffn
  const magnitude = exponent === 0n ? fraction : (fraction | (1n << 52n)) << (exponent - 1n)
  return bits >> 63n ? -magnitude : magnitude
}

/** The double nearest to the exact sum of `values`, ties to even. */
export function exactSum(values: readonly number[]): number {
  const units = values.reduce((sum, value) => sum + unitsOf(value), 0n)
  const magnitude = units < 0n ? -units : units
  const excess = Math.max(0, magnitude.toString(2).length - 64)
  const head = magnitude >> BigInt(excess)
  // What was cut off only matters in a tie, where any of it tips the scale.
  const sticky = head << BigInt(excess) === magnitude ? 0n : 1n
  const rounded = Number(head | sticky) * 2 ** (excess - 1074)
  return units < 0n ? -rounded : rounded
}

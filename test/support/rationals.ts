/** Doubles as BigInt multiples of 2^-1074: an exact arithmetic that shares nothing with the one under test. */

const view = new DataView(new ArrayBuffer(8))

export function toUnits(value: number): bigint {
  view.setFloat64(0, value)
  const bits = view.getBigUint64(0)
  const exponent = (bits >> 52n) & 0x7ffn
  const fraction = bits & 0xfffffffffffffn
  const magnitude = exponent === 0n ? fraction : (fraction | 0x10000000000000n) << (exponent - 1n)
  return bits >> 63n ? -magnitude : magnitude
}

export const unitsOf = (values: Iterable<number>): bigint => {
  let sum = 0n
  for (const value of values) sum += toUnits(value)
  return sum
}

/** The double nearest to a number of units, ties to even. */
export function fromUnits(units: bigint): number {
  if (units < 0n) return -fromUnits(-units)
  const shift = Math.max(0, units.toString(2).length - 64)
  const top = units >> BigInt(shift)
  // What was shifted out only matters as "not exactly half way".
  const sticky = top << BigInt(shift) === units ? 0n : 1n
  const exponent = shift - 1074
  return Number(top | sticky) * 2 ** Math.trunc(exponent / 2) * 2 ** (exponent - Math.trunc(exponent / 2))
}

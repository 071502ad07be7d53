// Pure: no I/O, no clock, no randomness.
import { finestIndex } from '../protocol/histogram.ts'
import { MAX_SCALE } from '../protocol/limits.ts'

const double = /* @__PURE__ */ new Float64Array(1)
const words = /* @__PURE__ */ new Uint32Array(double.buffer)

/** By the first 12 bits of the significand: bucket within the octave + 1, 0 where not yet known, -1 where two buckets meet. */
const buckets = /* @__PURE__ */ new Int16Array(4_096)

/**
 * `finestIndex` without its logarithm, which costs more than all the rest of a record: of 4,096 slices of an octave
 * all but the 6 % that a bucket's bound cuts through have one answer, and it is kept.
 */
export function bucketIndex(value: number): number {
  double[0] = value
  const high = words[1]!
  const slice = (high >>> 8) & 0xfff
  const bucket = buckets[slice]!
  if (bucket > 0 && high > 0xfffff) return (((high >>> 20) - 1023) << MAX_SCALE) + bucket - 1
  if (bucket === 0) {
    const first = finestIndex(1 + slice / 4_096)
    buckets[slice] = first === finestIndex(1 + (slice + 1) / 4_096 - 2 ** -52) ? first + 1 : -1
  }
  return finestIndex(value)
}

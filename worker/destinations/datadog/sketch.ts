import type { Histogram } from '../../../src/protocol/types.ts'

/** Bins of a Datadog sketch: keys ascending, each with how many observations it holds. */
export interface SketchBins {
  readonly keys: readonly number[]
  /** As many as `keys`. They add up to the count of the histogram. */
  readonly counts: readonly number[]
}

// The agent's own constants: DataDog/datadog-agent, pkg/quantile, config.go and key.go.
const GAMMA_LESS_1 = 2 / 128
/** Added to the exponent of gamma, so that the smallest value that is not zero, 9.94e-10, has key 1. */
const BIAS = 1_338
/** Keys are 16 bits wide, and the last one is infinity. */
const MAX_KEY = 32_766
const MAX_BINS = 4_096
/** Most observations of one bin: the agent's limit, and the protocol's where the first would make too many bins. */
const MAX_BIN_COUNTS = [65_535, 4_294_967_295] as const

const KEYS_PER_OCTAVE = Math.LN2 / Math.log1p(GAMMA_LESS_1)

/**
 * An exponential histogram as the bins of a Datadog sketch. Key k holds the magnitudes from gamma^(k - bias - 1/2) to
 * gamma^(k - bias + 1/2), with gamma = 1.015625; a negative key those of negative values; key 0 values next to zero.
 *
 * A bucket is dealt out over the keys it overlaps, in proportion on a logarithmic scale: the counts are rounded cumulatively, so
 * none is lost and none added. A value moves by less than a bucket and half a key, a factor of base * sqrt(gamma), whatever the
 * data; a lone one of its bucket goes to the key of the middle, within sqrt(base * gamma). Bins beyond the limit are merged from
 * below, as the agent does: the high quantiles are those people ask for.
 */
export function sketchBins(histogram: Histogram): SketchBins {
  const byKey = new Map<number, number>()
  const add = (key: number, count: number): void => {
    byKey.set(key, (byKey.get(key) ?? 0) + count)
  }
  const keysPerBucket = KEYS_PER_OCTAVE * 2 ** -histogram.scale
  for (const [index, count] of histogram.positive)
    dealOut({ from: index * keysPerBucket + BIAS, width: keysPerBucket, count }, add)
  for (const [index, count] of histogram.negative)
    dealOut({ from: index * keysPerBucket + BIAS, width: keysPerBucket, count }, (key, n) => add(-key, n))
  if (histogram.zero > 0) add(0, histogram.zero)
  return intoBins(mergeLowest([...byKey].sort(([a], [b]) => a - b)))
}

/** A bucket on the scale of keys. */
interface Span {
  readonly from: number
  readonly width: number
  readonly count: number
}

function dealOut({ from, width, count }: Span, add: (key: number, count: number) => void): void {
  const last = keyNear(Math.ceil(from + width - 0.5))
  let dealt = 0
  for (let key = keyNear(Math.floor(from + 0.5)); key <= last && dealt < count; key++) {
    const share = Math.max(0, (key + 0.5 - from) / width)
    const upToHere = key === last ? count : Math.min(count, Math.round(count * share))
    if (upToHere > dealt) add(key, upToHere - dealt)
    dealt = upToHere
  }
}

const keyNear = (key: number): number => Math.min(Math.max(key, 0), MAX_KEY)

type Bin = readonly [key: number, count: number]

function mergeLowest(bins: readonly Bin[]): readonly Bin[] {
  if (bins.length <= MAX_BINS) return bins
  const rest = bins.slice(-MAX_BINS)
  const merged = bins.slice(0, 1 - MAX_BINS).reduce((sum, [, count]) => sum + count, 0)
  return [[rest[0]![0], merged], ...rest.slice(1)]
}

// A key is repeated when it holds more than a bin can.
function intoBins(bins: readonly Bin[]): SketchBins {
  const [narrow, wide] = MAX_BIN_COUNTS
  const needed = bins.reduce((sum, [, count]) => sum + Math.ceil(count / narrow), 0)
  const maxCount = needed <= MAX_BINS ? narrow : wide
  const keys: number[] = []
  const counts: number[] = []
  for (const [key, count] of bins) {
    for (let left = count; left > 0; left -= maxCount) {
      keys.push(key)
      counts.push(Math.min(left, maxCount))
    }
  }
  return { keys, counts }
}

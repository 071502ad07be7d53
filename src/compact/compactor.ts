// Loaded when a window holds many values: exact sums and buckets of them.
import type { Cell, Compactor } from '../core/types.ts'
import { encodeHistogram, encodeSum } from '../protocol/wire.ts'
import { createRunningHistogram, histogramOf, observeValue, type RunningHistogram } from './running-histogram.ts'
import { addToSum, createRunningSum, partsOf, type RunningSum } from './running-sum.ts'

/**
 * Takes one value after the other: a closing Firefox may end the script between two of them, and each counts once (docs/BROWSERS.md).
 * Stops at one with which the sum would be more than the wire takes. It stays loose: the edge judges it, and counts what it refuses.
 */
const take = ({ loose }: Cell, add: (value: number) => boolean): void => {
  while (loose.length && add(loose.at(-1)!)) loose.pop()
}

export const compactor: Compactor = {
  fold: (cell) => {
    if (cell.least) {
      const histogram = (cell.folded ??= createRunningHistogram()) as RunningHistogram
      take(cell, (value) => observeValue(histogram, value))
    } else {
      const sum = (cell.folded ??= createRunningSum()) as RunningSum
      take(cell, (value) => addToSum(sum, value))
    }
  },
  encodeFolded: ({ least, folded }) =>
    JSON.stringify(
      least ? encodeHistogram(histogramOf(folded as RunningHistogram)) : encodeSum(partsOf(folded as RunningSum)),
    ),
}

/** What a page may have recorded and sealed, and the same as it sealed it. */
import * as fc from 'fast-check'
import type { EncodedBatch } from '../../src/protocol/envelope.ts'
import { addExact } from '../../src/protocol/exact-sum.ts'
import { MAX_VALUE } from '../../src/protocol/limits.ts'
import { canonicalAttributes } from '../../src/protocol/series.ts'
import type { Attributes, ExactSum, Resource } from '../../src/protocol/types.ts'
import { encodeHistogram, encodeSum } from '../../src/protocol/wire.ts'
import { anyAttributes, anyName, anySession, anyValue, histogramOf } from './arbitraries.ts'

export interface RecordedPoint {
  readonly name: string
  readonly attributes: Attributes
  readonly values: readonly number[]
}

export interface RecordedBatch {
  readonly session: string
  readonly sequence: number
  readonly weight: number | undefined
  readonly resource: Resource
  readonly sealedMs: number
  readonly counters: readonly RecordedPoint[]
  readonly histograms: readonly RecordedPoint[]
}

const points = (value: fc.Arbitrary<number>, minLength: number): fc.Arbitrary<RecordedPoint[]> =>
  fc.uniqueArray(
    fc.record({ name: anyName, attributes: anyAttributes, values: fc.array(value, { minLength: 1, maxLength: 5 }) }),
    {
      minLength,
      maxLength: 6,
      selector: ({ name, attributes }) => JSON.stringify([name, canonicalAttributes(attributes)]),
    },
  )

const increase = fc.oneof(
  fc.integer({ min: 1, max: 1_000 }),
  fc.double({ min: 5e-324, max: MAX_VALUE, noNaN: true }),
  fc.double({ min: 1e-3, max: 1e3, noNaN: true }),
)

const anyResource: fc.Arbitrary<Resource> = fc.record(
  { service: anyName, release: anyName, attributes: anyAttributes },
  { requiredKeys: [] },
)

const anyRecordedBatches: fc.Arbitrary<RecordedBatch[]> = fc
  .uniqueArray(anySession, { minLength: 1, maxLength: 3 })
  .chain((sessions) =>
    fc.tuple(
      ...sessions.map((session) =>
        fc
          .tuple(
            anyResource,
            fc.constantFrom(undefined, undefined, undefined, 2, 10, 365),
            fc.array(
              fc.record({
                sealedMs: fc.integer({ min: 0, max: 2 ** 41 }),
                counters: points(increase, 1),
                histograms: points(anyValue, 0),
              }),
              { minLength: 1, maxLength: 3 },
            ),
          )
          .map(([resource, weight, batches]) =>
            batches.map((batch, i) => ({ session, weight, resource, sequence: i + 1, ...batch })),
          ),
      ),
    ),
  )
  .map((sessions) => sessions.flat())

const sumOf = (values: readonly number[]): ExactSum => {
  const sum: ExactSum = []
  for (const value of values) addExact(sum, value)
  return sum
}

export const seal = ({ counters, histograms, ...batch }: RecordedBatch): EncodedBatch => ({
  session: batch.session,
  weight: batch.weight,
  resource: batch.resource,
  text: JSON.stringify([
    batch.sequence,
    batch.sealedMs,
    counters.map(({ name, attributes, values }) => [name, encodeSum(sumOf(values)), attributes]),
    histograms.map(({ name, attributes, values }) => [name, encodeHistogram(histogramOf(values)), attributes]),
  ]),
})

export const anySealedBatches: fc.Arbitrary<{
  readonly recorded: readonly RecordedBatch[]
  readonly sealed: readonly EncodedBatch[]
  readonly sentMs: number
}> = fc
  .tuple(anyRecordedBatches, fc.integer({ min: 0, max: 2 ** 41 }))
  .map(([recorded, sentMs]) => ({ recorded, sentMs, sealed: recorded.map(seal) }))

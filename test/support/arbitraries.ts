/** What properties are tried on: everything the wire can carry, with the awkward values well represented. */
import * as fc from 'fast-check'
import { createHistogram, recordValue } from '../../src/protocol/histogram.ts'
import { MAX_VALUE } from '../../src/protocol/limits.ts'
import type { Attributes, Histogram } from '../../src/protocol/types.ts'

/** A double that may be observed: everyday ones, denormal, huge, zero, negative, and neighbours of powers of two. */
export const anyValue: fc.Arbitrary<number> = fc.oneof(
  fc.double({ min: -MAX_VALUE, max: MAX_VALUE, noNaN: true }),
  fc.double({ min: -1000, max: 1000, noNaN: true }),
  fc.integer({ min: -5, max: 1_000_000 }),
  fc.constantFrom(0, -0, 5e-324, -5e-324, 2.2250738585072014e-308, MAX_VALUE, -MAX_VALUE, 1e16, -1e16, 0.1, 1),
  fc
    .tuple(fc.integer({ min: -1074, max: 962 }), fc.constantFrom(1, 1 + 2 ** -52, 2 - 2 ** -52, -1))
    .map(([exponent, significand]) => significand * 2 ** exponent),
)

export const histogramOf = (values: readonly number[]): Histogram => {
  const histogram = createHistogram()
  for (const value of values) recordValue(histogram, value)
  return histogram
}

export const anyName: fc.Arbitrary<string> = fc
  .stringMatching(/^[A-Za-z][A-Za-z0-9_.]{0,20}$/)
  .filter((name) => !/^pharos[._]/.test(name))

const anyText: fc.Arbitrary<string> = fc
  .string({ unit: 'grapheme', maxLength: 12 })
  .filter((text) => text.length <= 128 && !/[\p{Cc}\p{Cs}]/u.test(text))

export const anyAttributes: fc.Arbitrary<Attributes> = fc.dictionary(
  fc.stringMatching(/^[A-Za-z][A-Za-z0-9_.]{0,10}$/),
  fc.oneof(anyText, fc.boolean(), fc.double({ noNaN: true, noDefaultInfinity: true })),
  { maxKeys: 6, noNullPrototype: true },
)

export const anySession: fc.Arbitrary<string> = fc.stringMatching(/^[A-Za-z0-9_-]{16}$/)

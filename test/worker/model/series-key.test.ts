import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { parseSeriesKey, seriesKey } from '../../../worker/model/series-key.ts'
import type { Series } from '../../../worker/model/types.ts'

// A few characters with a meaning in JSON, so that equal and almost equal texts are frequent.
const text = fc.string({ unit: fc.constantFrom('a', '"', ',', '\\', '[', '\u2028', '語'), maxLength: 3 })
const series: fc.Arbitrary<Series> = fc.record({
  kind: fc.constantFrom('counter', 'histogram', 'gauge'),
  name: text,
  service: text,
  release: text,
  attributes: fc.array(fc.tuple(text, text), { maxLength: 3 }),
})
const empty: Series = { kind: 'counter', name: '', service: '', release: '', attributes: [] }

it('a key gives its series back', () => {
  fc.assert(
    fc.property(series, (one) => {
      expect(parseSeriesKey(seriesKey(one))).toEqual(one)
    }),
  )
})

it('two series have one key exactly when they are equal', () => {
  fc.assert(
    fc.property(series, series, (a, b) => {
      const inOrder = ({ kind, name, service, release, attributes }: Series): string =>
        JSON.stringify([kind, name, service, release, attributes])
      expect(seriesKey(a) === seriesKey(b)).toBe(inOrder(a) === inOrder(b))
    }),
    { numRuns: 1_000, examples: [[empty, { ...empty }]] },
  )
})

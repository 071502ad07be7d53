import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeEnvelope, decodeHistogram } from '../../../src/protocol/decode.ts'
import { lowerScale, mergeHistogram } from '../../../src/protocol/histogram.ts'
import { canonicalAttributes } from '../../../src/protocol/series.ts'
import type { Histogram } from '../../../src/protocol/types.ts'
import { encodeEnvelope, encodeHistogram, encodeSum, loneHistogram } from '../../../src/protocol/wire.ts'
import { anyValue, histogramOf } from '../../support/arbitraries.ts'
import { anySealedBatches } from '../../support/sealed.ts'
import { unitsOf } from '../../support/rationals.ts'

const essence = (histogram: Histogram | undefined): unknown =>
  histogram && { ...histogram, sum: unitsOf(histogram.sum) }

const roundTrip = (histogram: Histogram): Histogram | undefined =>
  decodeHistogram(JSON.parse(JSON.stringify(encodeHistogram(histogram))))

describe('encodeSum', () => {
  it.each([
    [[], 0],
    [[3], 3],
    [
      [1e-20, 1],
      [1e-20, 1],
    ],
  ])('writes %j as %j', (sum, wire) => {
    expect(encodeSum(sum)).toEqual(wire)
  })
})

describe('encodeHistogram', () => {
  it.each([
    { values: [0.25], wire: 0.25 },
    { values: [0], wire: 0 },
    { values: [-3], wire: -3 },
    { values: [1, 1], wire: [2, [-1, 2]] },
    { values: [1, 2], wire: [3, [-1, 1, 256, 1]] },
    { values: [1, 0], wire: [1, [-1, 1], 8, 1] },
    { values: [1, -1], wire: [0, [-1, 1], 8, 0, [-1, 1]] },
    { values: [0, 0], wire: [0, [], 8, 2] },
  ])('writes $values as $wire', ({ values, wire }) => {
    expect(encodeHistogram(histogramOf(values))).toEqual(wire)
  })

  it('names the scale when it is not the finest', () => {
    const histogram = histogramOf([1, 1])
    lowerScale(histogram, 0)
    expect(encodeHistogram(histogram)).toEqual([2, [-1, 2], 0])
  })

  it('is read back as it was', () => {
    const agrees = (values: readonly number[]): void => {
      const histogram = histogramOf(values)
      expect(essence(roundTrip(histogram))).toEqual(essence(histogram))
    }
    fc.assert(fc.property(fc.array(anyValue, { minLength: 1, maxLength: 300 }), agrees), { numRuns: 500 })
  })

  it('is read back as it was when merged and at any scale', () => {
    const agrees = (a: readonly number[], b: readonly number[], scale: number): void => {
      const histogram = histogramOf(a)
      mergeHistogram(histogram, histogramOf(b))
      lowerScale(histogram, scale)
      expect(essence(roundTrip(histogram))).toEqual(essence(histogram))
    }
    const values = fc.array(anyValue, { minLength: 1, maxLength: 50 })
    fc.assert(fc.property(values, values, fc.integer({ min: -4, max: 8 }), agrees), { numRuns: 300 })
  })

  it('makes of a lone value what recording it makes', () => {
    const agrees = (value: number): void => {
      expect(loneHistogram(value)).toEqual(histogramOf([value]))
    }
    fc.assert(fc.property(anyValue, agrees))
  })
})

describe('encodeEnvelope', () => {
  it('groups batches by session, in order', () => {
    const batch = { resource: {}, sealedMs: 1, records: 1, text: '[1,1,[["a",1]],[]]' }
    const of = (session: string, sequence: number): Parameters<typeof encodeEnvelope>[0][number] => ({
      ...batch,
      session,
      sequence,
    })
    const body = JSON.parse(encodeEnvelope([of('a', 1), of('b', 1), of('a', 2)], 7))
    expect(body).toEqual({
      v: 1,
      sent: 7,
      groups: [
        { session: 'a', resource: {}, batches: [[1, 1, [['a', 1]], []], [1, 1, [['a', 1]], []]] }, // prettier-ignore
        { session: 'b', resource: {}, batches: [[1, 1, [['a', 1]], []]] },
      ],
    })
  })

  it('says how many sessions one stands for, where it is more than itself', () => {
    const batch = { session: 'a', resource: {}, sequence: 1, sealedMs: 1, records: 1, text: '[1,1,[["a",1]],[]]' }
    const groupsOf = (weight?: number): unknown => JSON.parse(encodeEnvelope([{ ...batch, weight }], 7)).groups
    const group = { session: 'a', resource: {}, batches: [[1, 1, [['a', 1]], []]] }
    expect(groupsOf()).toEqual([group])
    expect(groupsOf(10)).toEqual([{ ...group, weight: 10 }])
  })

  it('is decoded as it was recorded', () => {
    fc.assert(
      fc.property(anySealedBatches, ({ sealed, recorded, sentMs }) => {
        const decoded = decodeEnvelope(JSON.parse(encodeEnvelope(sealed, sentMs)))
        expect(decoded.ok).toBe(true)
        if (!decoded.ok) return
        expect(decoded.value.flatMap(({ dropped }) => dropped)).toEqual([])
        const read = decoded.value.map(({ session, sequence, ageMs, weight, service, release, ...batch }) => ({
          identity: `${session} ${sequence}`,
          ageMs,
          weight,
          service,
          release,
          attributes: batch.attributes,
          counters: batch.counters.map(({ value, ...point }) => ({ ...point, value: unitsOf(value) })),
          histograms: batch.histograms.map(({ value, ...point }) => ({ ...point, value: essence(value) })),
        }))
        const written = recorded.map(({ session, sequence, weight = 1, resource, sealedMs, counters, histograms }) => ({
          identity: `${session} ${sequence}`,
          ageMs: Math.max(0, sentMs - sealedMs),
          weight,
          service: resource.service ?? '',
          release: resource.release ?? '',
          attributes: canonicalAttributes(resource.attributes),
          counters: counters.map(({ name, attributes, values }) => ({
            name,
            attributes: canonicalAttributes(attributes),
            value: unitsOf(values),
          })),
          histograms: histograms.map(({ name, attributes, values }) => ({
            name,
            attributes: canonicalAttributes(attributes),
            value: essence(histogramOf(values)),
          })),
        }))
        const byIdentity = (a: { identity: string }, b: { identity: string }): number =>
          a.identity < b.identity ? -1 : 1
        expect(read.sort(byIdentity)).toEqual(written.sort(byIdentity))
      }),
      { numRuns: 300 },
    )
  })
})

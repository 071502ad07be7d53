import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeEnvelope } from '../../../src/protocol/decode.ts'
import { encodeEnvelope } from '../../../src/protocol/envelope.ts'
import { canonicalAttributes } from '../../../src/protocol/series.ts'
import type { Histogram } from '../../../src/protocol/types.ts'
import { histogramOf } from '../../support/arbitraries.ts'
import { anySealedBatches } from '../../support/sealed.ts'
import { unitsOf } from '../../support/rationals.ts'

const essence = (histogram: Histogram): unknown => ({ ...histogram, sum: unitsOf(histogram.sum) })

describe('encodeEnvelope', () => {
  it('groups batches of one session that follow each other, in order', () => {
    const batch = { resource: {}, sealedMs: 1, records: 1, text: '[1,1,[["a",1]],[]]' }
    const of = (session: string, sequence: number) => ({ ...batch, session, sequence })
    const body = JSON.parse(encodeEnvelope([of('a', 1), of('a', 2), of('b', 1), of('a', 3)], 7))
    expect(body).toEqual({
      v: 1,
      sent: 7,
      groups: [
        { session: 'a', resource: {}, batches: [[1, 1, [['a', 1]], []], [1, 1, [['a', 1]], []]] }, // prettier-ignore
        { session: 'b', resource: {}, batches: [[1, 1, [['a', 1]], []]] },
        { session: 'a', resource: {}, batches: [[1, 1, [['a', 1]], []]] },
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

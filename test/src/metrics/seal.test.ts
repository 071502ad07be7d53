import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Point } from '../../../src/metrics/cell.ts'
import { sealBatches } from '../../../src/metrics/seal.ts'
import { MAX_BATCH_BYTES, MAX_POINTS_PER_BATCH } from '../../../src/protocol/limits.ts'
import type { WireBatch } from '../../../src/protocol/types.ts'

const HEAD = { session: 'abcdefghijklmnop', resource: {}, sequence: 7, sealedMs: 1_700_000_000_000 }

const anyPoint: fc.Arbitrary<Point> = fc
  .record({ isHistogram: fc.boolean(), text: fc.string({ unit: 'grapheme', maxLength: 3_000 }), records: fc.nat(9) })
  .map((point) => ({ ...point, text: JSON.stringify([point.text, 1]) }))

describe('sealBatches', () => {
  it('makes nothing of nothing', () => {
    expect(sealBatches([], HEAD)).toEqual([])
  })

  it('writes one batch', () => {
    const points = [
      { isHistogram: true, text: '["h",0.5]', records: 1 },
      { isHistogram: false, text: '["c",3,{"a":"b"}]', records: 2 },
    ]
    expect(sealBatches(points, HEAD)).toEqual([
      { ...HEAD, records: 3, text: '[7,1700000000000,[["c",3,{"a":"b"}]],[["h",0.5]]]' },
    ])
  })

  it('keeps every point and every record, in batches within the limits', () => {
    fc.assert(
      fc.property(fc.array(anyPoint, { maxLength: 600, size: 'max' }), (points) => {
        const batches = sealBatches(points, HEAD)
        const found: unknown[][] = [[], []]
        for (const [i, { text, sequence }] of batches.entries()) {
          const [number, , counters, histograms] = JSON.parse(text) as WireBatch
          expect(sequence).toBe(HEAD.sequence + i)
          expect(number).toBe(sequence)
          expect(counters.length + histograms.length).toBeLessThanOrEqual(MAX_POINTS_PER_BATCH)
          expect(Buffer.byteLength(text)).toBeLessThanOrEqual(MAX_BATCH_BYTES)
          found[0]!.push(...counters)
          found[1]!.push(...histograms)
        }
        const wanted = (isHistogram: boolean): unknown[] =>
          points.filter((point) => point.isHistogram === isHistogram).map(({ text }) => JSON.parse(text))
        expect(found).toEqual([wanted(false), wanted(true)])
        expect(batches.reduce((sum, { records }) => sum + records, 0)).toBe(
          points.reduce((sum, { records }) => sum + records, 0),
        )
      }),
      { numRuns: 30 },
    )
  })
})

import * as fc from 'fast-check'
import { expect } from 'vitest'
import type { SnapshotSeries } from '../../../worker/model/types.ts'
import { always, type ExporterPromise } from '../promise.ts'
import { counterOf } from '../snapshots.ts'

/** Bytes that one of these series takes at most, in any protocol. */
const SERIES_BYTES = 2_500

/** A series of about 2,000 bytes; `length` decides where the limit cuts. */
function longCounter(i: number, length: number): SnapshotSeries {
  const long = Array.from({ length: 14 }, (_, j) => [`attribute_${j}`, 'x'.repeat(126)] as const)
  return counterOf('clicks', 1, { attributes: { ...Object.fromEntries(long), i, last: 'x'.repeat(length) } })
}

export const bytes: ExporterPromise = {
  what: 'keeps every request within its limit of bytes',
  check: ({ create, decode, maxBytes, plainBody, requestsOf }) => {
    const isLimited = maxBytes < Infinity
    const exporter = create({ maxSeriesPerRequest: 1_000_000 })
    const length = isLimited ? Math.ceil((3 * maxBytes) / SERIES_BYTES) : 1_000
    always(
      fc.property(fc.array(fc.integer({ min: 1, max: 126 }), { minLength: length, maxLength: length }), (lengths) => {
        const requests = requestsOf(
          lengths.map((length, i) => longCounter(i, length)),
          exporter,
        )
        for (const request of requests) expect(plainBody(request).length).toBeLessThanOrEqual(maxBytes)
        expect(requests.length > 1).toBe(isLimited)
        expect(requests.flatMap(decode)).toHaveLength(length)
      }),
      2,
    )
  },
}

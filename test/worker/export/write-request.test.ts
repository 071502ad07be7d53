import { describe, expect, it } from 'vitest'
import { encodeWriteRequest, maxSeriesBytes, STALE_MARKER } from '../../../worker/export/write-request.ts'

const seriesOf = (value: number, labels = [{ name: '__name__', value: 'a' }]) => ({
  labels,
  samples: [{ value, timestamp: 1_700_000_000_000 }],
})

describe('encodeWriteRequest', () => {
  it('writes the stale marker bit for bit on this engine', () => {
    const body = encodeWriteRequest([seriesOf(STALE_MARKER)])
    const marker = [0x09, 0x02, 0, 0, 0, 0, 0, 0xf0, 0x7f]
    // Short enough that snappy leaves it as it is.
    expect(Array.from(body).join()).toContain(marker.join())
  })

  it('writes a zero, not nothing: some decoders tell them apart', () => {
    expect(Array.from(encodeWriteRequest([seriesOf(0)])).join()).toContain([0x09, 0, 0, 0, 0, 0, 0, 0, 0].join())
  })
})

describe('maxSeriesBytes', () => {
  it.each([
    ['short labels', [{ name: 'a', value: 'b' }]],
    ['many bytes a character', [{ name: 'a'.repeat(128), value: '€'.repeat(128) }]],
    ['pairs', [{ name: 'a', value: '😀'.repeat(64) }]],
    ['many', Array.from({ length: 30 }, (_, i) => ({ name: `label${i}`, value: '€'.repeat(i) }))],
  ])('is a bound for %s', (_what, labels) => {
    const series = seriesOf(1 / 3, labels)
    // Snappy begins with the length before compression.
    const [low = 0, high = 0] = encodeWriteRequest([series])
    const bytes = low < 0x80 ? low : (low & 0x7f) + 128 * high
    expect(bytes).toBeLessThan(16_384)
    expect(bytes).toBeLessThanOrEqual(maxSeriesBytes(series))
  })
})

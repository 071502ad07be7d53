import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { createSampleWriter, STALE_MARKER } from '../../../../worker/destinations/prometheus/stale-marker.ts'

/** The bytes of a field with a double: its tag, then eight. */
function written(values: readonly number[]): Uint8Array {
  const writer = createSampleWriter()
  for (const value of values) writer.writeDoubleField(1, value)
  return writer.finish()
}

const STALE_BITS = 0x7ff0000000000002n

const bitsIn = (bytes: Uint8Array, i: number): bigint =>
  new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(9 * i + 1, true)

const payload = new DataView(new ArrayBuffer(8))
const nanOf = (bits: bigint): number => {
  payload.setBigUint64(0, bits)
  return payload.getFloat64(0)
}

it.each([
  ['the marker', STALE_MARKER],
  ['NaN', Number.NaN],
  ['a NaN with a sign', nanOf(0xfff8000000000000n)],
  ['a NaN with other bits', nanOf(0x7ff800000000abcdn)],
  ['0 / 0', 0 / 0],
])('%s is written as the bits that Prometheus takes for the end of a series', (_, value) => {
  expect(bitsIn(written([value]), 0)).toBe(STALE_BITS)
})

it('any other value is written as it is, wherever it stands', () => {
  // So many that the buffer of the writer grows several times.
  const values = fc.array(fc.oneof(fc.double(), fc.constantFrom(0, -0, 5e-324, Infinity, STALE_MARKER)), {
    maxLength: 300,
    size: 'max',
  })
  fc.assert(
    fc.property(values, (all) => {
      const bytes = written(all)
      expect(bytes).toHaveLength(9 * all.length)
      for (const [i, value] of all.entries()) {
        payload.setFloat64(0, value)
        expect(bitsIn(bytes, i)).toBe(Number.isNaN(value) ? STALE_BITS : payload.getBigUint64(0))
      }
    }),
  )
})

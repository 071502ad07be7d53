// Pure: no I/O, no clock, no randomness.
import { PbfWriter } from 'pbf'
import { compress } from 'snappyjs'
import { writeWriteRequest } from './remote-write.generated.js'
import type { TimeSeries } from './time-series.ts'

/** The value that ends a series. In a write request any NaN is this one: totals are finite. */
export const STALE_MARKER: number = Number.NaN

// Its bits, 0x7ff0000000000002: a signalling NaN, which an engine is free to make an ordinary one on its way through a `number`.
// Source: prometheus/prometheus, model/value/value.go, StaleNaN.
const STALE_HIGH = 0x7ff00000
const STALE_LOW = 2

/** The body of a remote-write 1.0 request. */
export function encodeWriteRequest(timeseries: readonly TimeSeries[]): Uint8Array<ArrayBuffer> {
  const writer = new PbfWriter()
  const writeDouble = writer.writeDouble.bind(writer)
  writer.writeDouble = (value) => {
    writeDouble(value)
    if (!Number.isNaN(value)) return
    writer.dataView.setUint32(writer.pos - 8, STALE_LOW, true)
    writer.dataView.setUint32(writer.pos - 4, STALE_HIGH, true)
  }
  writeWriteRequest({ timeseries }, writer)
  return compress(writer.finish())
}

/** An upper bound of what a series takes in a request, bytes before compression. */
export function maxSeriesBytes({ labels }: Pick<TimeSeries, 'labels'>): number {
  let bytes = 40
  // UTF-8 takes at most three bytes for a UTF-16 code unit.
  for (const { name, value } of labels) bytes += 12 + name.length + 3 * value.length
  return bytes
}

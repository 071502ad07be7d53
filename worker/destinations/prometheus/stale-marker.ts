import type { PbfWriter } from 'pbf'
import { createProtobufWriter } from '../shared/protobuf-writer.ts'

/** The value that ends a series, or the sum that ends a native histogram. Any NaN written is this one: totals are finite. */
export const STALE_MARKER: number = Number.NaN

// Its bits, 0x7ff0000000000002: a signalling NaN, which an engine is free to make an ordinary one on its way through a `number`.
// Source: prometheus/prometheus, model/value/value.go, StaleNaN.
const STALE_HIGH = 0x7ff00000
const STALE_LOW = 2

/** Writes every NaN as the stale marker. */
export function createSampleWriter(): PbfWriter {
  const writer = createProtobufWriter()
  const writeDouble = writer.writeDouble.bind(writer)
  writer.writeDouble = (value) => {
    writeDouble(value)
    if (!Number.isNaN(value)) return
    writer.dataView.setUint32(writer.pos - 8, STALE_LOW, true)
    writer.dataView.setUint32(writer.pos - 4, STALE_HIGH, true)
  }
  return writer
}

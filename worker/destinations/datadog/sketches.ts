import { roundExact } from '../../../src/protocol/exact-sum.ts'
import { countOf } from '../../../src/protocol/histogram.ts'
import type { Histogram } from '../../../src/protocol/types.ts'
import type { DatadogSeries } from './output-series.ts'
import { writeSketchPayload } from './sketches.generated.js'
import { rangeOf } from '../shared/histogram-range.ts'
import { mergeSeries } from '../shared/merge-series.ts'
import { createProtobufWriter } from '../shared/protobuf-writer.ts'
import { sketchBins } from './sketch.ts'

/**
 * The payload of one output series of histograms, nothing for no observation. Payloads one after the other are the payload of all: a
 * repeated field may lie anywhere in a message (Protocol Buffers, "Encoding", last one wins and concatenation).
 * Count, sum and so the average are exact; minimum and maximum are bounds.
 */
export function sketchPayloads({ name, tags, members }: DatadogSeries, timestampSeconds: number): Uint8Array[] {
  const histogram = mergeSeries(members.map(({ series }) => series)).total as Histogram
  const range = rangeOf(histogram)
  if (!range) return []
  const cnt = countOf(histogram)
  const sum = roundExact(histogram.sum)
  const { keys, counts } = sketchBins(histogram)
  const sketch = { ts: timestampSeconds, cnt, ...range, avg: sum / cnt, sum, k: keys, n: counts }
  const writer = createProtobufWriter()
  writeSketchPayload({ sketches: [{ metric: name, tags, dogsketches: [sketch] }] }, writer)
  return [writer.finish()]
}

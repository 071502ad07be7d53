import { compress } from 'snappyjs'
import { histogramMessage, maxHistogramBytes } from './histogram-message.ts'
import { writeWriteRequest, type TimeSeriesMessage } from './remote-write.generated.js'
import { createSampleWriter } from './stale-marker.ts'
import type { TimeSeries } from './time-series.ts'
import { readWriteAnswer, type WriteProtocol } from './write-protocol.ts'

/** Remote-write 1.0: what every receiver takes without a flag. */
export const REMOTE_WRITE_1: WriteProtocol = {
  name: 'remote-write 1.0',
  headers: {
    'content-type': 'application/x-protobuf',
    'content-encoding': 'snappy',
    'user-agent': 'pharos-beacon',
    'x-prometheus-remote-write-version': '0.1.0',
  },
  encode: (timeseries) => {
    const writer = createSampleWriter()
    writeWriteRequest({ timeseries: timeseries.map(messageOf) }, writer)
    return compress(writer.finish())
  },
  maxSeriesBytes,
  readAnswer: readWriteAnswer,
}

const messageOf = ({ labels, value, timestampMs }: TimeSeries): TimeSeriesMessage =>
  typeof value === 'number'
    ? { labels, samples: [{ value, timestamp: timestampMs }] }
    : { labels, histograms: [histogramMessage(value, timestampMs, 0)] }

/** An upper bound of the labels and the sample, bytes. */
export function maxSeriesBytes({ labels, value }: Pick<TimeSeries, 'labels' | 'value'>): number {
  let bytes = 40
  // UTF-8 takes at most three bytes for a UTF-16 code unit.
  for (const { name, value } of labels) bytes += 12 + name.length + 3 * value.length
  return typeof value === 'number' ? bytes : bytes + maxHistogramBytes(value)
}

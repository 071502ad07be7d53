import { compress } from 'snappyjs'
import type { Answer, MetricKind, Verdict } from '../../model/types.ts'
import { histogramMessage } from './histogram-message.ts'
import { writeRequest, type TimeSeriesMessage } from './remote-write-2.generated.js'
import { createSampleWriter } from './stale-marker.ts'
import type { TimeSeries } from './time-series.ts'
import { readWriteAnswer, type WriteProtocol } from './write-protocol.ts'
import { maxSeriesBytes } from './write-request.ts'

/** Remote-write 2.0: adds type, help, unit and start to every series. */
export const REMOTE_WRITE_2: WriteProtocol = {
  name: 'remote-write 2.0',
  headers: {
    'content-type': 'application/x-protobuf;proto=io.prometheus.write.v2.Request',
    'content-encoding': 'snappy',
    'user-agent': 'pharos-beacon',
    'x-prometheus-remote-write-version': '2.0.0',
  },
  encode: (timeseries) => {
    const symbols = createSymbols()
    const messages = timeseries.map((series) => messageOf(series, symbols.refOf))
    const writer = createSampleWriter()
    writeRequest({ symbols: symbols.all(), timeseries: messages }, writer)
    return compress(writer.finish())
  },
  maxSeriesBytes: (series) => {
    const { help = '', unit } = series.family
    return maxSeriesBytes(series) + 60 + 12 * series.labels.length + 3 * (help.length + unit.length)
  },
  readAnswer,
}

type RefOf = (text: string) => number

/** The texts of a request, each once, numbered as they come; the empty one is 0. */
function createSymbols(): { readonly refOf: RefOf; readonly all: () => readonly string[] } {
  const refs = new Map([['', 0]])
  return {
    refOf: (text) => {
      const known = refs.get(text)
      if (known !== undefined) return known
      refs.set(text, refs.size)
      return refs.size - 1
    },
    all: () => [...refs.keys()],
  }
}

const TYPES: Readonly<Record<MetricKind, number>> = { counter: 1, gauge: 2, histogram: 3 }

function messageOf({ labels, value, timestampMs, startMs, family }: TimeSeries, refOf: RefOf): TimeSeriesMessage {
  return {
    labels_refs: labels.flatMap(({ name, value }) => [refOf(name), refOf(value)]),
    ...(typeof value === 'number'
      ? { samples: [{ value, timestamp: timestampMs, start_timestamp: startMs }] }
      : { histograms: [histogramMessage(value, timestampMs, startMs)] }),
    metadata: { type: TYPES[family.kind], help_ref: refOf(family.help ?? ''), unit_ref: refOf(family.unit) },
    created_timestamp: startMs,
  }
}

const WRITTEN = ['samples', 'histograms', 'exemplars'].map((what) => `x-prometheus-remote-write-${what}-written`)

/**
 * A receiver of 1.0 takes the request for an empty one of its own, stores nothing and answers 2xx. It is known by what it does not
 * say: how much it has written. Source: remote-write 2.0, "Required Written Response Headers".
 */
function readAnswer(answer: Answer): Verdict {
  const verdict = readWriteAnswer(answer)
  const isSilent = WRITTEN.every((name) => answer.header(name) === undefined)
  return answer.status === 415 || (verdict.type === 'accepted' && isSilent) ? { type: 'unsupported' } : verdict
}

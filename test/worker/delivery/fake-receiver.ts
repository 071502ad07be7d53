import { PbfReader } from 'pbf'
import { decodeSnappy } from '../../support/decode-snappy.ts'

export interface StoredSample {
  readonly timeMs: number
  /** NaN for a stale marker. */
  readonly value: number
}

export interface FakeReceiver {
  /** Stores a request as Prometheus does: all of it, or nothing and 400. */
  readonly write: (body: Uint8Array) => 204 | 400
  /** Samples by series, a series written as `name{label=value}`. */
  readonly stored: ReadonlyMap<string, readonly StoredSample[]>
}

/** Remote-write as Prometheus 3.5 was measured: in order, one bad sample or series takes its whole request with it. */
export function createFakeReceiver(isPoison: (series: string) => boolean = () => false): FakeReceiver {
  const stored = new Map<string, StoredSample[]>()
  return {
    stored,
    write: (body) => {
      const samples = readSamples(body)
      for (const { series, timeMs, value } of samples) {
        const last = stored.get(series)?.at(-1)
        const isLate =
          last !== undefined && (timeMs < last.timeMs || (timeMs === last.timeMs && !Object.is(value, last.value)))
        if (isLate || isPoison(series)) return 400
      }
      for (const { series, timeMs, value } of samples) {
        const known = stored.get(series) ?? []
        if (known.at(-1)?.timeMs !== timeMs) known.push({ timeMs, value })
        stored.set(series, known)
      }
      return 204
    },
  }
}

export function readSamples(body: Uint8Array): (StoredSample & { readonly series: string })[] {
  const reader = new PbfReader(decodeSnappy(body))
  return reader.readFields((_tag, samples: (StoredSample & { series: string })[], pbf) => {
    const labels = new Map<string, string>()
    const sample = { value: 0, timeMs: 0 }
    pbf.readMessage((tag, series, one) => {
      if (tag === 2) one.readMessage(readSample, series)
      else labels.set(...one.readMessage(readLabel, ['', '']))
    }, sample)
    const name = labels.get('__name__') ?? ''
    labels.delete('__name__')
    samples.push({ ...sample, series: `${name}{${Array.from(labels, ([label, text]) => `${label}=${text}`).join()}}` })
  }, [])
}

function readLabel(tag: number, label: [name: string, value: string], pbf: PbfReader): void {
  label[tag === 1 ? 0 : 1] = pbf.readString()
}

function readSample(tag: number, sample: { value: number; timeMs: number }, pbf: PbfReader): void {
  if (tag === 1) sample.value = pbf.readDouble()
  else sample.timeMs = pbf.readVarint()
}

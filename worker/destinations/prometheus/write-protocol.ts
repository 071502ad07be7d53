import type { Answer, Verdict } from '../../model/types.ts'
import type { TimeSeries } from './time-series.ts'

/** One version of remote-write. */
export interface WriteProtocol {
  readonly name: string
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  /** The body of a request. */
  readonly encode: (timeseries: readonly TimeSeries[]) => Uint8Array<ArrayBuffer>
  /** An upper bound of what a series takes in a request, bytes before compression. */
  readonly maxSeriesBytes: (series: TimeSeries) => number
  readonly readAnswer: (answer: Answer) => Verdict
}

/**
 * The meaning of a status in every version. Prometheus up to 3.8 answers 500 to a native histogram while they are switched off: waiting
 * does not help, and what else is in the request would wait with it.
 */
export function readStatus({ status, body }: Answer): Verdict {
  if (status >= 200 && status < 300) return { type: 'accepted' }
  if (status === 500 && new TextDecoder().decode(body).includes('native histograms are disabled'))
    return { type: 'refused' }
  return { type: status === 429 || status >= 500 ? 'retry' : 'refused' }
}

import type { Answer, Verdict } from '../../model/types.ts'
import type { TimeSeries } from './time-series.ts'
import { REMOTE_WRITE_RETRY_STATUSES } from '../shared/retry-statuses.ts'
import { statusReader } from '../shared/status-reader.ts'

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

const readStatus = statusReader(REMOTE_WRITE_RETRY_STATUSES)

/**
 * The meaning of a status in every version. Prometheus up to 3.8 answers 500 to a native histogram while they are switched off: waiting
 * does not help, and the other series of the request would wait with it.
 */
export const readWriteAnswer = (answer: Answer): Verdict =>
  answer.status === 500 && new TextDecoder().decode(answer.body).includes('native histograms are disabled')
    ? { type: 'refused' }
    : readStatus(answer)

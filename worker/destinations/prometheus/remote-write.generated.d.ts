/** Types of the generated code, written by hand: pbf generates none. */
import type { PbfWriter } from 'pbf'
import type { HistogramMessage } from './histogram-message.ts'

export interface TimeSeriesMessage {
  readonly labels: readonly { readonly name: string; readonly value: string }[]
  readonly samples?: readonly { readonly value: number; readonly timestamp: number }[]
  readonly histograms?: readonly HistogramMessage[]
}

export function writeWriteRequest(
  request: { readonly timeseries: readonly TimeSeriesMessage[] },
  writer: PbfWriter,
): void

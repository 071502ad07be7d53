/** Types of the generated code, written by hand: pbf generates none. */
import type { PbfWriter } from 'pbf'
import type { HistogramMessage } from './histogram-message.ts'

export interface TimeSeriesMessage {
  readonly labels_refs: readonly number[]
  readonly samples?: readonly {
    readonly value: number
    readonly timestamp: number
    readonly start_timestamp: number
  }[]
  readonly histograms?: readonly HistogramMessage[]
  readonly metadata: { readonly type: number; readonly help_ref: number; readonly unit_ref: number }
  readonly created_timestamp: number
}

export function writeRequest(
  request: { readonly symbols: readonly string[]; readonly timeseries: readonly TimeSeriesMessage[] },
  writer: PbfWriter,
): void

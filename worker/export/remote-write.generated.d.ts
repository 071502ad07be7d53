/** Types of the generated code, written by hand: pbf generates none. */
import type { PbfWriter } from 'pbf'
import type { TimeSeries } from './time-series.ts'

export function writeWriteRequest(request: { readonly timeseries: readonly TimeSeries[] }, writer: PbfWriter): void

/** Types of the generated code, written by hand: pbf generates none. */
import type { PbfWriter } from 'pbf'

export interface Label {
  readonly name: string
  readonly value: string
}

export interface Sample {
  readonly value: number
  /** Milliseconds since 1970. */
  readonly timestamp: number
}

export interface TimeSeries {
  readonly labels: readonly Label[]
  readonly samples: readonly Sample[]
}

export interface WriteRequest {
  readonly timeseries: readonly TimeSeries[]
}

export function writeWriteRequest(request: WriteRequest, writer: PbfWriter): void

// Pure: no I/O, no clock, no randomness.
import type { Config, DatadogConfig } from '../config/types.ts'
import type { Exporter } from '../types.ts'

export function createDatadogExporter(_config: DatadogConfig, _all: Config): Exporter {
  throw new Error('not built yet')
}

// Pure: no I/O, no clock, no randomness.
import type { Config, NewRelicConfig } from '../config/types.ts'
import type { Exporter } from '../types.ts'

export function createNewRelicExporter(_config: NewRelicConfig, _all: Config): Exporter {
  throw new Error('not built yet')
}

// Pure: no I/O, no clock, no randomness.
import type { Config, OtlpConfig } from '../config/types.ts'
import type { Exporter } from '../types.ts'

export function createOtlpExporter(_config: OtlpConfig, _all: Config): Exporter {
  throw new Error('not built yet')
}

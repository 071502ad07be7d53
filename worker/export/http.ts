// Pure: no I/O, no clock, no randomness.
import type { Config, HttpConfig } from '../config/types.ts'
import type { Exporter } from '../types.ts'

export function createHttpExporter(_config: HttpConfig, _all: Config): Exporter {
  throw new Error('not built yet')
}

// Pure: no I/O, no clock, no randomness.
import type { Config, ConsoleConfig } from '../config/types.ts'
import type { Exporter } from '../types.ts'

export function createConsoleExporter(_config: ConsoleConfig, _all: Config): Exporter {
  throw new Error('not built yet')
}

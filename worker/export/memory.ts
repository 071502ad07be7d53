// Pure: no I/O, no clock, no randomness.
import type { Config, MemoryConfig } from '../config/types.ts'
import type { Exporter } from '../types.ts'

export function createMemoryExporter(_config: MemoryConfig, _all: Config): Exporter {
  throw new Error('not built yet')
}

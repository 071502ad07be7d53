// Pure: no I/O, no clock, no randomness.
import type { Config, ArchiveConfig } from '../config/types.ts'
import type { Exporter } from '../types.ts'

export function createArchiveExporter(_config: ArchiveConfig, _all: Config): Exporter {
  throw new Error('not built yet')
}

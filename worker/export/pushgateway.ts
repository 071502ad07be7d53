// Pure: no I/O, no clock, no randomness.
import type { Config, PushgatewayConfig } from '../config/types.ts'
import type { Exporter } from '../types.ts'

export function createPushgatewayExporter(_config: PushgatewayConfig, _all: Config): Exporter {
  throw new Error('not built yet')
}

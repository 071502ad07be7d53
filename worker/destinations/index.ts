import type { DestinationConfig, DestinationKind } from '../config/destination-types.ts'
import type { Config } from '../config/types.ts'
import type { Exporter } from '../model/types.ts'
import { createArchiveExporter } from './archive/exporter.ts'
import { createConsoleExporter } from './console/exporter.ts'
import { createDatadogExporter } from './datadog/exporter.ts'
import { createHttpExporter } from './http/exporter.ts'
import { createMemoryExporter } from './memory/exporter.ts'
import { createNewRelicExporter } from './new-relic/exporter.ts'
import { createOtlpExporter } from './otlp/exporter.ts'
import { createPrometheusExporter } from './prometheus/exporter.ts'
import { createPushgatewayExporter } from './pushgateway/exporter.ts'

type ConfigOf<Kind extends DestinationKind> = Extract<DestinationConfig, { readonly kind: Kind }>

/** Every kind of destination. A new vendor is one file here and one line below. */
const EXPORTERS: { readonly [Kind in DestinationKind]: (config: ConfigOf<Kind>, all: Config) => Exporter } = {
  archive: createArchiveExporter,
  console: createConsoleExporter,
  datadog: createDatadogExporter,
  http: createHttpExporter,
  memory: createMemoryExporter,
  newrelic: createNewRelicExporter,
  otlp: createOtlpExporter,
  prometheus: createPrometheusExporter,
  pushgateway: createPushgatewayExporter,
}

export const createExporter = <Kind extends DestinationKind>(config: ConfigOf<Kind>, all: Config): Exporter =>
  EXPORTERS[config.kind](config, all)

import type { ExportContext } from '../model/export-context.ts'
import type { Exporter } from '../model/types.ts'
import type { ArchiveConfig } from './archive/config.ts'
import { createArchiveExporter } from './archive/exporter.ts'
import type { ConsoleConfig } from './console/config.ts'
import { createConsoleExporter } from './console/exporter.ts'
import type { DatadogConfig } from './datadog/config.ts'
import { createDatadogExporter } from './datadog/exporter.ts'
import type { HttpConfig } from './http/config.ts'
import { createHttpExporter } from './http/exporter.ts'
import type { MemoryConfig } from './memory/config.ts'
import { createMemoryExporter } from './memory/exporter.ts'
import type { NewRelicConfig } from './newrelic/config.ts'
import { createNewRelicExporter } from './newrelic/exporter.ts'
import type { OtlpConfig } from './otlp/config.ts'
import { createOtlpExporter } from './otlp/exporter.ts'
import type { PrometheusConfig } from './prometheus/config.ts'
import { createPrometheusExporter } from './prometheus/exporter.ts'
import type { PushgatewayConfig } from './pushgateway/config.ts'
import { createPushgatewayExporter } from './pushgateway/exporter.ts'

/** One place totals are pushed to. */
export type DestinationConfig =
  | PrometheusConfig
  | OtlpConfig
  | DatadogConfig
  | NewRelicConfig
  | PushgatewayConfig
  | HttpConfig
  | ArchiveConfig
  | ConsoleConfig
  | MemoryConfig

export type DestinationKind = DestinationConfig['kind']

type ConfigOf<Kind extends DestinationKind> = Extract<DestinationConfig, { readonly kind: Kind }>

/** Every kind of destination. A new vendor is one file here and one line below. */
const EXPORTERS: { readonly [Kind in DestinationKind]: (config: ConfigOf<Kind>, all: ExportContext) => Exporter } = {
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

export const createExporter = <Kind extends DestinationKind>(config: ConfigOf<Kind>, all: ExportContext): Exporter =>
  EXPORTERS[config.kind](config, all)

import type { Config, DestinationConfig, Exporter } from '../types.ts'
import { createPrometheusExporter } from './prometheus.ts'

type CreateExporter = (config: DestinationConfig, all: Config) => Exporter

/** Every kind of destination. A new vendor is one file here and one line below. */
const EXPORTERS: Readonly<Record<DestinationConfig['kind'], CreateExporter>> = {
  prometheus: createPrometheusExporter,
}

export const createExporter: CreateExporter = (config, all) => EXPORTERS[config.kind](config, all)

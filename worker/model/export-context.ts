import type { MetricMetadata } from './metric-metadata.ts'

/** The part of the configuration that every exporter needs. */
export interface ExportContext {
  /** By the metric's name. */
  readonly metrics: Readonly<Record<string, MetricMetadata>>
  /** Which parts of the resource become labels. */
  readonly resourceLabels: { readonly service: boolean; readonly release: boolean }
}

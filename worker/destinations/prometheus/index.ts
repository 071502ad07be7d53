import type { DestinationDefinition } from '../../model/destination-definition.ts'
import { matching, oneOf } from '../../schema/fields.ts'
import { labels } from '../../schema/labels.ts'
import { defineDestination } from '../define-destination.ts'
import type { PrometheusConfig } from './config.ts'
import { createPrometheusExporter } from './exporter.ts'

const tenant = matching(/^[\x21-\x7e]{1,150}$/, 'give the tenant as text of printable ASCII characters')

/** Remote-write, as Prometheus, Mimir, Grafana Cloud and VictoriaMetrics take it. */
export const prometheus: DestinationDefinition<PrometheusConfig> = defineDestination({
  kind: 'prometheus',
  address: 'whole',
  temporality: 'cumulative',
  schema: {
    version: oneOf(['1.0', '2.0']),
    histograms: oneOf(['classic', 'native', 'both']),
    names: oneOf(['legacy', 'utf8']),
    externalLabels: labels,
  },
  defaults: { version: '1.0', histograms: 'classic', names: 'legacy', externalLabels: {} },
  // Mimir's header for the owner of the data. Source: Grafana Mimir documentation, "Authentication and authorization".
  headers: { tenant: { header: 'x-scope-orgid', schema: tenant } },
  createExporter: createPrometheusExporter,
  docs: {
    protocol: 'remote-write 1.0 or 2.0, classic or native histograms: Prometheus, Mimir and others',
    ifLost: 'exact',
    inDoubt: 'sent again',
    ends: 'a stale marker',
    example: { url: 'https://prometheus.example.com/api/v1/write' },
  },
})

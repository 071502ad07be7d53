import * as v from 'valibot'
import { httpUrl } from '../../schema/addresses.ts'
import { destinationSchema } from '../../schema/destination.ts'
import { matching, oneOf } from '../../schema/fields.ts'
import { labels } from '../../schema/labels.ts'
import type { DestinationSettings } from '../../model/destination-settings.ts'

export interface PrometheusConfig extends DestinationSettings {
  readonly kind: 'prometheus'
  readonly version: '1.0' | '2.0'
  readonly histograms: 'classic' | 'native' | 'both'
  /** 'legacy': letters, digits and `_`, the unit and `_total` at the end. 'utf8': dots stay, the suffixes are the same. */
  readonly names: 'legacy' | 'utf8'
  readonly externalLabels: Readonly<Record<string, string>>
}

export const prometheusDefaults: Pick<PrometheusConfig, 'version' | 'histograms' | 'names' | 'externalLabels'> = {
  version: '1.0',
  histograms: 'classic',
  names: 'legacy',
  externalLabels: {},
}

/** Mimir's name for whose data it is (`X-Scope-OrgID`). */
const TENANT_HEADER = 'x-scope-orgid'

/** Remote-write, as Prometheus, Mimir, Grafana Cloud and VictoriaMetrics take it. */
export const prometheusSchema: v.GenericSchema<unknown, PrometheusConfig> = v.pipe(
  destinationSchema('prometheus', {
    place: 'network',
    entries: {
      url: httpUrl,
      version: v.optional(oneOf(['1.0', '2.0']), prometheusDefaults.version),
      histograms: v.optional(oneOf(['classic', 'native', 'both']), prometheusDefaults.histograms),
      names: v.optional(oneOf(['legacy', 'utf8']), prometheusDefaults.names),
      externalLabels: v.optional(labels, prometheusDefaults.externalLabels),
      tenant: v.exactOptional(
        matching(/^[\x21-\x7e]{1,150}$/, 'give the tenant as text of printable ASCII characters'),
      ),
    },
    headersSetBy: ({ tenant }) => (tenant === undefined ? {} : { [TENANT_HEADER]: 'tenant' }),
  }),
  v.transform(({ tenant, ...rest }) => ({
    ...rest,
    headers: tenant === undefined ? rest.headers : { ...rest.headers, [TENANT_HEADER]: tenant },
  })),
)

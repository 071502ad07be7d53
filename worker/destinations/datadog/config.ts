import * as v from 'valibot'
import { baseUrl, secretName } from '../../schema/addresses.ts'
import { destinationSchema } from '../../schema/destination.ts'
import { matching, oneOf } from '../../schema/fields.ts'
import { tags } from '../../schema/labels.ts'
import type { DestinationSettings } from '../../model/destination-settings.ts'

export interface DatadogConfig extends DestinationSettings {
  /** `url` is the base: `https://api.datadoghq.com`. */
  readonly kind: 'datadog'
  /** Put before every name, with a dot. '' for none. */
  readonly namespace: string
  readonly tags: Readonly<Record<string, string>>
  /** 'distribution': sketches, quantiles in Datadog. 'counts': `.count`, `.sum` and `.bucket` counts, which a retry can never double. */
  readonly histograms: 'distribution' | 'counts'
}

export const datadogDefaults: Pick<DatadogConfig, 'namespace' | 'tags' | 'histograms'> & {
  readonly site: string
  readonly apiKeySecret: string
} = {
  site: 'datadoghq.com',
  apiKeySecret: 'DD_API_KEY',
  namespace: '',
  tags: {},
  histograms: 'distribution',
}

/** Source: Datadog documentation, "Getting started with Datadog sites". */
const SITES = [
  'datadoghq.com',
  'us3.datadoghq.com',
  'us5.datadoghq.com',
  'datadoghq.eu',
  'ap1.datadoghq.com',
  'ap2.datadoghq.com',
  'uk1.datadoghq.com',
  'ddog-gov.com',
  'us2.ddog-gov.com',
] as const

/** Datadog: counts and gauges as series, observations as distributions. */
export const datadogSchema: v.GenericSchema<unknown, DatadogConfig> = v.pipe(
  destinationSchema('datadog', {
    place: 'network',
    entries: {
      site: v.exactOptional(oneOf(SITES)),
      url: v.exactOptional(baseUrl),
      apiKeySecret: v.optional(secretName, datadogDefaults.apiKeySecret),
      namespace: v.optional(
        matching(/^$|^[A-Za-z][A-Za-z0-9_.]{0,99}$/, 'give a name of letters, digits, "_" and ".", or "" for none'),
        datadogDefaults.namespace,
      ),
      tags: v.optional(tags, datadogDefaults.tags),
      histograms: v.optional(oneOf(['distribution', 'counts']), datadogDefaults.histograms),
    },
    isDelta: () => true,
    headersSetBy: () => ({ 'dd-api-key': 'apiKeySecret' }),
    mistakes: ({ site, url }) =>
      site === undefined || url === undefined ? [] : [{ path: ['site'], advice: 'give site or url, not both' }],
  }),
  v.transform(({ site = datadogDefaults.site, url = `https://api.${site}`, apiKeySecret, ...rest }) => ({
    ...rest,
    url,
    credentials: [...rest.credentials, { header: 'dd-api-key', secret: apiKeySecret, scheme: 'plain' as const }],
  })),
)

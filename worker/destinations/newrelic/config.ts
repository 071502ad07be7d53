import * as v from 'valibot'
import { baseUrl, secretName } from '../../schema/addresses.ts'
import { destinationSchema } from '../../schema/destination.ts'
import { oneOf } from '../../schema/fields.ts'
import { attributes } from '../../schema/labels.ts'
import type { DestinationSettings } from '../../model/destination-settings.ts'

export interface NewRelicConfig extends DestinationSettings {
  /** `url` is the base: `https://metric-api.newrelic.com`. */
  readonly kind: 'newrelic'
  readonly commonAttributes: Readonly<Record<string, string>>
  readonly inDoubt: 'resend' | 'drop'
}

export const newRelicDefaults: Pick<NewRelicConfig, 'commonAttributes' | 'inDoubt'> & {
  readonly region: 'us' | 'eu'
  readonly apiKeySecret: string
} = {
  region: 'us',
  apiKeySecret: 'NEW_RELIC_LICENSE_KEY',
  commonAttributes: {},
  inDoubt: 'drop',
}

/** Source: New Relic documentation, "Report metrics via the Metric API". */
const REGIONS = { us: 'https://metric-api.newrelic.com', eu: 'https://metric-api.eu.newrelic.com' } as const

/** New Relic's Metric API. */
export const newRelicSchema: v.GenericSchema<unknown, NewRelicConfig> = v.pipe(
  destinationSchema('newrelic', {
    place: 'network',
    entries: {
      region: v.exactOptional(oneOf(['us', 'eu'])),
      url: v.exactOptional(baseUrl),
      apiKeySecret: v.optional(secretName, newRelicDefaults.apiKeySecret),
      commonAttributes: v.optional(attributes, newRelicDefaults.commonAttributes),
      inDoubt: v.optional(oneOf(['resend', 'drop']), newRelicDefaults.inDoubt),
    },
    isDelta: () => true,
    headersSetBy: () => ({ 'api-key': 'apiKeySecret' }),
    mistakes: ({ region, url }) =>
      region === undefined || url === undefined ? [] : [{ path: ['region'], advice: 'give region or url, not both' }],
  }),
  v.transform(({ region = newRelicDefaults.region, url = REGIONS[region], apiKeySecret, ...rest }) => ({
    ...rest,
    url,
    credentials: [...rest.credentials, { header: 'api-key', secret: apiKeySecret, scheme: 'plain' as const }],
  })),
)

// Pure: no I/O, no clock, no randomness.
import * as v from 'valibot'
import { baseUrl, secretName } from '../../schema/addresses.ts'
import { newRelicDefaults } from '../../config/default-config.ts'
import { destinationSchema } from '../../schema/destination.ts'
import { oneOf } from '../../schema/fields.ts'
import { attributes } from '../../schema/labels.ts'
import type { NewRelicConfig } from '../../config/destination-types.ts'

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

import type { DestinationDefinition } from '../../model/destination-definition.ts'
import { oneOf, optional } from '../../schema/fields.ts'
import { attributes } from '../../schema/labels.ts'
import { defineDestination } from '../define-destination.ts'
import type { NewRelicConfig } from './config.ts'
import { createNewRelicExporter } from './exporter.ts'

/** Source: New Relic documentation, "Report metrics via the Metric API". */
const REGIONS = { us: 'https://metric-api.newrelic.com', eu: 'https://metric-api.eu.newrelic.com' } as const

/** New Relic's Metric API. */
export const newrelic: DestinationDefinition<NewRelicConfig> = defineDestination({
  kind: 'newrelic',
  address: 'base',
  addressFrom: {
    schema: { region: optional(oneOf(['us', 'eu'])) },
    url: ({ region = 'us' }) => REGIONS[region],
  },
  temporality: 'delta',
  schema: { commonAttributes: attributes, inDoubt: oneOf(['resend', 'drop']) },
  defaults: { commonAttributes: {}, inDoubt: 'drop' },
  secrets: { apiKeySecret: { header: 'api-key', default: 'NEW_RELIC_LICENSE_KEY' } },
  createExporter: createNewRelicExporter,
  docs: {
    protocol: 'Metric API',
    ifLost: 'may undercount, never overcounts',
    inDoubt: 'given up, or `"inDoubt": "resend"`',
    ends: '-',
    example: {},
  },
})

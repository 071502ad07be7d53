import type { DestinationDefinition } from '../../model/destination-definition.ts'
import { matching, oneOf, optional } from '../../schema/fields.ts'
import { tags } from '../../schema/labels.ts'
import { defineDestination } from '../define-destination.ts'
import type { DatadogConfig } from './config.ts'
import { createDatadogExporter } from './exporter.ts'

/** Source: Datadog documentation, "Getting started with Datadog sites". */
const site = oneOf([
  'datadoghq.com',
  'us3.datadoghq.com',
  'us5.datadoghq.com',
  'datadoghq.eu',
  'ap1.datadoghq.com',
  'ap2.datadoghq.com',
  'uk1.datadoghq.com',
  'ddog-gov.com',
  'us2.ddog-gov.com',
])

const namespace = matching(
  /^$|^[A-Za-z][A-Za-z0-9_.]{0,99}$/,
  'give a name of letters, digits, "_" and ".", or "" for none',
)

/** Datadog: counts and gauges as series, observations as distributions. */
export const datadog: DestinationDefinition<DatadogConfig> = defineDestination({
  kind: 'datadog',
  address: 'base',
  addressFrom: {
    schema: { site: optional(site) },
    url: ({ site = 'datadoghq.com' }) => `https://api.${site}`,
  },
  temporality: 'delta',
  schema: { namespace, tags, histograms: oneOf(['distribution', 'counts']) },
  defaults: { namespace: '', tags: {}, histograms: 'distribution' },
  secrets: { apiKeySecret: { header: 'dd-api-key', default: 'DD_API_KEY' } },
  createExporter: createDatadogExporter,
  docs: {
    protocol: 'series v2 and distributions',
    ifLost: 'series are exact; distributions may undercount, never overcount',
    inDoubt: 'series: sent again; distributions: given up',
    ends: '-',
    example: {},
  },
})

import * as v from 'valibot'
import type { DestinationDefinition } from '../../model/destination-definition.ts'
import { advised, oneOf, wholeNumber } from '../../schema/fields.ts'
import { defineDestination } from '../define-destination.ts'
import type { HttpConfig } from './config.ts'
import { DEFAULT_RETRY_STATUSES } from '../shared/retry-statuses.ts'
import { createHttpExporter } from './exporter.ts'
import { DEFAULT_SERIES_TEMPLATE, DEFAULT_TEMPLATE, templateIssues } from './template.ts'

const template = (part: 'body' | 'series'): v.GenericSchema =>
  v.pipe(
    v.unknown(),
    advised((written) => templateIssues(written, part)),
  )

const statuses: v.GenericSchema<number[], readonly number[]> = v.pipe(
  v.array(wholeNumber(300, 599), 'give a list of statuses'),
  v.maxLength(300, 'give every status once'),
)

/** JSON to any address, in a form of the user's own. */
export const http: DestinationDefinition<HttpConfig> = defineDestination({
  kind: 'http',
  address: 'whole',
  temporality: 'either',
  schema: {
    method: oneOf(['POST', 'PUT']),
    template: template('body'),
    seriesTemplate: template('series'),
    retryStatuses: statuses,
  },
  defaults: {
    method: 'POST',
    template: DEFAULT_TEMPLATE,
    seriesTemplate: DEFAULT_SERIES_TEMPLATE,
    retryStatuses: DEFAULT_RETRY_STATUSES,
  },
  // The body is the user's own.
  allowsContentType: true,
  freeText: ['template', 'seriesTemplate'],
  createExporter: createHttpExporter,
  docs: {
    protocol: 'JSON from your own template',
    ifLost: 'depends on the receiver',
    inDoubt: 'sent again',
    ends: '`"ended": true`',
    example: { url: 'https://warehouse.example.com/metrics' },
  },
})

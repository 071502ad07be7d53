// Pure: no I/O, no clock, no randomness.
import * as v from 'valibot'
import { baseUrl } from '../addresses.ts'
import { pushgatewayDefaults } from '../default-config.ts'
import { destinationSchema } from '../destination.ts'
import { isObject, text } from '../fields.ts'
import { labels } from '../labels.ts'
import type { PushgatewayConfig } from '../destination-types.ts'

/** A Prometheus Pushgateway: one group, made of the job and the grouping labels. */
export const pushgatewaySchema: v.GenericSchema<unknown, PushgatewayConfig> = destinationSchema('pushgateway', {
  place: 'network',
  entries: {
    url: baseUrl,
    job: v.optional(text('give the job as text'), pushgatewayDefaults.job),
    grouping: v.optional(labels, pushgatewayDefaults.grouping),
    externalLabels: v.optional(labels, pushgatewayDefaults.externalLabels),
  },
  mistakes: ({ grouping }) =>
    isObject(grouping) && 'job' in grouping
      ? [{ path: ['grouping', 'job'], advice: 'remove this label: it is the key "job" of the destination' }]
      : [],
})

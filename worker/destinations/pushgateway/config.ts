// Pure: no I/O, no clock, no randomness.
import * as v from 'valibot'
import { baseUrl } from '../../schema/addresses.ts'
import { pushgatewayDefaults } from '../../config/default-config.ts'
import { destinationSchema } from '../../schema/destination.ts'
import { isObject, text } from '../../schema/fields.ts'
import { labels } from '../../schema/labels.ts'
import type { PushgatewayConfig } from '../../config/destination-types.ts'

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

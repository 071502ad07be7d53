import * as v from 'valibot'
import { baseUrl } from '../../schema/addresses.ts'
import { destinationSchema } from '../../schema/destination.ts'
import { isObject, text } from '../../schema/fields.ts'
import { labels } from '../../schema/labels.ts'
import type { DestinationSettings } from '../../model/destination-settings.ts'

export interface PushgatewayConfig extends DestinationSettings {
  /** `url` is the base: `http://pushgateway:9091`. */
  readonly kind: 'pushgateway'
  readonly job: string
  readonly grouping: Readonly<Record<string, string>>
  readonly externalLabels: Readonly<Record<string, string>>
}

export const pushgatewayDefaults: Pick<PushgatewayConfig, 'job' | 'grouping' | 'externalLabels'> = {
  job: 'pharos',
  grouping: {},
  externalLabels: {},
}

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

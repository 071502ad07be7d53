import * as v from 'valibot'
import type { DestinationDefinition } from '../../model/destination-definition.ts'
import { rules, text } from '../../schema/fields.ts'
import { labels } from '../../schema/labels.ts'
import { defineDestination } from '../define-destination.ts'
import type { PushgatewayConfig } from './config.ts'
import { createPushgatewayExporter } from './exporter.ts'

const grouping = v.pipe(
  labels,
  rules((written) =>
    'job' in written ? [{ path: ['job'], message: 'remove this label: it is the key "job" of the destination' }] : [],
  ),
)

/** A Prometheus Pushgateway: one group, made of the job and the grouping labels. */
export const pushgateway: DestinationDefinition<PushgatewayConfig> = defineDestination({
  kind: 'pushgateway',
  address: 'base',
  temporality: 'cumulative',
  schema: { job: text('give the job as text'), grouping, externalLabels: labels },
  defaults: { job: 'pharos', grouping: {}, externalLabels: {} },
  createExporter: createPushgatewayExporter,
  docs: {
    protocol: 'a Pushgateway of Prometheus',
    ifLost: 'exact',
    inDoubt: 'sent again',
    ends: 'leaving it out of the group',
    example: { url: 'http://pushgateway:9091' },
  },
})

import * as v from 'valibot'
import { isObject, oneOf, plainObject } from '../schema/fields.ts'
import type { DestinationConfig, DestinationKind } from '../destinations/index.ts'
import { archiveSchema } from '../destinations/archive/config.ts'
import { datadogSchema } from '../destinations/datadog/config.ts'
import { httpSchema } from '../destinations/http/config.ts'
import { consoleSchema } from '../destinations/console/config.ts'
import { memorySchema } from '../destinations/memory/config.ts'
import { newRelicSchema } from '../destinations/newrelic/config.ts'
import { otlpSchema } from '../destinations/otlp/config.ts'
import { prometheusSchema } from '../destinations/prometheus/config.ts'
import { pushgatewaySchema } from '../destinations/pushgateway/config.ts'

const KINDS: {
  readonly [Kind in DestinationKind]: v.GenericSchema<unknown, Extract<DestinationConfig, { readonly kind: Kind }>>
} = {
  archive: archiveSchema,
  console: consoleSchema,
  datadog: datadogSchema,
  http: httpSchema,
  memory: memorySchema,
  newrelic: newRelicSchema,
  otlp: otlpSchema,
  prometheus: prometheusSchema,
  pushgateway: pushgatewaySchema,
}

const unknownKind: v.GenericSchema<unknown, never> = v.pipe(
  plainObject('give an object with name, kind and what the kind needs'),
  v.looseObject({ kind: oneOf(Object.keys(KINDS)) }),
) as unknown as v.GenericSchema<unknown, never>

const isKind = (kind: unknown): kind is DestinationKind => typeof kind === 'string' && Object.hasOwn(KINDS, kind)

/** Any destination, as it is written: its kind says what else there may be. */
export const anyDestination: v.GenericSchema<unknown, DestinationConfig> = v.lazy((written) => {
  const kind = isObject(written) ? written['kind'] : undefined
  return isKind(kind) ? KINDS[kind] : unknownKind
})

// Pure: no I/O, no clock, no randomness.
import * as v from 'valibot'
import { isObject, oneOf, plainObject } from '../fields.ts'
import type { DestinationConfig, DestinationKind } from '../destination-types.ts'
import { archiveSchema } from './archive.ts'
import { datadogSchema } from './datadog.ts'
import { httpSchema } from './http.ts'
import { consoleSchema, memorySchema } from './local.ts'
import { newRelicSchema } from './newrelic.ts'
import { otlpSchema } from './otlp.ts'
import { prometheusSchema } from './prometheus.ts'
import { pushgatewaySchema } from './pushgateway.ts'

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

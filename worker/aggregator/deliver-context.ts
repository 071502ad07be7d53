import type { Env } from '../config/env.ts'
import type { DeliverContext, DeliveryConfig } from '../delivery/context.ts'
import { createExporter } from '../destinations/create-exporter.ts'
import { kindOf } from '../destinations/kinds.ts'
import { logLine } from '../log.ts'
import type { DestinationDefinition } from '../model/destination-definition.ts'

/** The clock, the network, and the bindings of the worker, as delivery gets them. */
export const deliverContext = (
  env: Env,
  config: DeliveryConfig,
  kinds: readonly DestinationDefinition[],
): DeliverContext => ({
  fetch: (input, init) => fetch(input, init),
  now: Date.now,
  random: Math.random,
  sleep: (delayMs) => scheduler.wait(delayMs),
  secret: (name) => {
    const value = env[name]
    return typeof value === 'string' ? value : undefined
  },
  bucket: (name) => env[name] as R2Bucket | undefined,
  log: logLine,
  createExporter: (settings, context) => createExporter(kindOf(kinds, settings.kind), settings, context),
  config,
})

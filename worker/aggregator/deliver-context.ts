import type { Env } from '../config/env.ts'
import type { DeliverContext, DeliveryConfig } from '../delivery/context.ts'
import { logLine } from '../log.ts'

/** The clock, the network, and the bindings of the worker, as delivery gets them. */
export const deliverContext = (env: Env, config: DeliveryConfig): DeliverContext => ({
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
  config,
})

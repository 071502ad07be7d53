import type { Meter, MeterProvider } from '@opentelemetry/api'
import { startCollecting } from './collect-times.ts'
import { createMeter, type Verbs } from './meter.ts'
import { createObservables } from './observables.ts'

export interface MeterProviderOptions {
  /**
   * How often the callbacks of observable instruments are called while the page is visible, ms; 0: only when the page is hidden, and
   * by `forceFlush`. Nothing runs before there is such a callback.
   * @default 10_000
   */
  readonly intervalMs?: number
}

/** With the verbs of OpenTelemetry's SDK for the end of a program. */
export interface BeaconMeterProvider extends MeterProvider {
  /** Calls the callbacks of observable instruments, then flushes the beacon. Never rejects. */
  readonly forceFlush: () => Promise<void>
  /** Calls the callbacks a last time, and then never again. The beacon goes on. */
  readonly shutdown: () => Promise<void>
}

/**
 * OpenTelemetry's metrics API over a beacon, or over an edge client. Never throws.
 * @example
 * import { metrics } from '@opentelemetry/api'
 * import { init } from 'pharos-beacon'
 * import { createMeterProvider } from 'pharos-beacon/otel'
 *
 * metrics.setGlobalMeterProvider(createMeterProvider(init({ service: 'shop' })))
 * metrics.getMeter('checkout').createCounter('checkout.clicks').add(1, { page: '/cart' })
 */
export function createMeterProvider(
  beacon: Verbs & { readonly flush?: () => Promise<unknown> },
  { intervalMs = 10_000 }: MeterProviderOptions = {},
): BeaconMeterProvider {
  const meters = new Map<string, Meter>()
  let stop = (): void => {}
  const observables = createObservables({
    onFirst: () => {
      stop = startCollecting(() => void observables.collect(), intervalMs)
    },
    onNone: () => stop(),
  })
  return {
    getMeter: (name, version, options) => {
      const id = `${name}\n${version}\n${options?.schemaUrl}`
      let meter = meters.get(id)
      if (!meter) meters.set(id, (meter = createMeter(beacon, observables)))
      return meter
    },
    forceFlush: async () => {
      await observables.collect()
      await beacon.flush?.()
    },
    shutdown: async () => {
      const collected = observables.collect()
      observables.clear()
      await collected
    },
  }
}

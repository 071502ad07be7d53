import { checkFailure, checkOptions } from './check/index.ts'
import type { TypedBeacon } from './catalog/typed-beacon.ts'
import type { Catalog } from './catalog/types.ts'
import type { Beacon } from './core/beacon.ts'
import { endpointOf } from './core/endpoint.ts'
import type { Options } from './core/options.ts'
import { start } from './core/start.ts'
import { speak } from './core/speak.ts'
import type { Parts } from './core/types.ts'
import { filter } from './filter.ts'
import { inert } from './inert.ts'

/** Bundlers make files of their own of these imports. */
export const bundled: Parts = {
  courier: () => import('./courier/courier.ts'),
  compactor: () => import('./compact/compactor.ts'),
}

/** `init`, and its result when a catalog is named. */
interface Init {
  (options?: Options): Beacon
  /** The verbs take only what is in the catalog: a wrong name, attribute or value does not compile. */
  <Metrics extends Catalog>(options?: Options): TypedBeacon<Metrics>
}

/** Starts a beacon by these parts, with the options and for the endpoint that `read` finds, if any. Never throws. */
export const initWith = (lazy: Parts, read: () => readonly [options: Options, url: string | undefined]): Beacon => {
  try {
    const [options, url] = read()
    checkOptions(options, speak, { factories: { filter } })
    if (url) return start(options, lazy, url)
  } catch (error) {
    // The page took away something that a beacon needs.
    checkFailure(error, speak)
  }
  return inert
}

/**
 * Starts a beacon. Never throws. Where there is no document, on a server or in a worker, it does nothing: those have
 * `pharos-beacon/edge`. In a frame it works like in a page of its own, on the storage the browser gives that frame; a sandboxed frame
 * has none, and loses the records that it could not send when it closes.
 * @example
 * const beacon = init({ service: 'shop', release: '1.4.2', plugins: [webVitals()] })
 * beacon.increment('checkout.clicks')
 * @example
 * const beacon = init<typeof catalog>({ service: 'shop' })
 */
export const init: Init = (options: Options = {}): Beacon =>
  initWith(bundled, () => [
    options,
    typeof document === 'undefined' ? undefined : endpointOf((options as Options | null)?.url),
  ])

import { init as start, type Beacon } from './beacon.ts'
import type { TypedBeacon } from './catalog/typed-beacon.ts'
import type { Catalog } from './catalog/types.ts'
import type { Options } from './options.ts'

const nothing = (): void => {}

/** Does nothing, and says so. */
const inert: Beacon = {
  increment: nothing,
  observe: nothing,
  counter: () => ({ add: nothing }),
  histogram: () => ({ record: nothing }),
  time: () => nothing,
  flush: async () => ({ acknowledged: false, reason: 'inactive' }),
  setConsent: nothing,
  stats: () => ({ recorded: 0, pending: 0, acknowledged: 0, dropped: {} }),
  shutdown: async () => {},
}

/** `init`, and what it gives when a catalog is named. */
interface Init {
  (options?: Options): Beacon
  /** The verbs take only what is in the catalog: a wrong name, attribute or value does not compile. */
  <Metrics extends Catalog>(options?: Options): TypedBeacon<Metrics>
}

/**
 * Starts a beacon. Never throws. Where there is no document, on a server or in a worker, it does nothing: those have
 * `pharos-beacon/edge`. In a frame it works like in a page of its own, on the storage the browser gives that frame; a sandboxed one
 * has none, and what it could not send is lost with it.
 * @example
 * const beacon = init({ service: 'shop', release: '1.4.2', plugins: [webVitals()] })
 * beacon.increment('checkout.clicks')
 * @example
 * const beacon = init<typeof catalog>({ service: 'shop' })
 */
export const init: Init = (options?: Options): Beacon => {
  try {
    return start(options)
  } catch {
    // The page took away what a beacon cannot do without.
    return inert
  }
}

/** What does not compile with a catalog. Checked by `npm run typecheck`: an `@ts-expect-error` without an error is one. */
import type { Beacon } from '../../src/core/beacon.ts'
import {
  type AttributesOf,
  type Catalog,
  type CatalogInstruments,
  counter,
  type CounterName,
  defineCatalog,
  histogram,
  type HistogramName,
  pluginMetrics,
  type TypedBeacon,
} from '../../src/catalog/index.ts'
import { init } from '../../src/index.ts'
import type { Config } from '../../worker/config/types.ts'

const catalog = defineCatalog({
  'checkout.clicks': counter({
    help: 'Clicks on the checkout button.',
    attributes: { page: ['/cart', '/basket'], member: 'boolean' },
  }),
  'cart.items': counter({ help: 'Things put into the cart.' }),
  'search.duration': histogram({
    help: 'How long a search took.',
    unit: 's',
    attributes: { cached: 'boolean', results: 'number', index: 'string' },
    buckets: [0.1, 0.3, 1, 3],
  }),
  'reply.size': histogram({ help: 'Bytes of a reply.', unit: 'By', attributes: {} }),
})

/** `true` for types that take each other's values. */
type Same<A, B> = [A, B] extends [B, A] ? true : false

export const names: [
  Same<CounterName<typeof catalog>, 'checkout.clicks' | 'cart.items'>,
  Same<HistogramName<typeof catalog>, 'search.duration' | 'reply.size'>,
  Same<
    AttributesOf<(typeof catalog)['checkout.clicks']>,
    { readonly page?: '/cart' | '/basket'; readonly member?: boolean }
  >,
] = [true, true, true]

export function increment(beacon: TypedBeacon<typeof catalog>, page: string): void {
  beacon.increment('checkout.clicks')
  beacon.increment('checkout.clicks', 2, { page: '/cart', member: true })
  beacon.increment('checkout.clicks', undefined, {})
  beacon.increment('cart.items', 3)
  // @ts-expect-error -- no such metric
  beacon.increment('checkout.click')
  // @ts-expect-error -- a histogram
  beacon.increment('search.duration')
  // @ts-expect-error -- not a number
  beacon.increment('cart.items', '3')
  // @ts-expect-error -- no such attribute
  beacon.increment('checkout.clicks', 1, { pages: '/cart' })
  // @ts-expect-error -- an attribute of another metric
  beacon.increment('checkout.clicks', 1, { cached: true })
  // @ts-expect-error -- not one of the values
  beacon.increment('checkout.clicks', 1, { page: '/home' })
  // @ts-expect-error -- may be any text
  beacon.increment('checkout.clicks', 1, { page })
  // @ts-expect-error -- text where true or false is wanted
  beacon.increment('checkout.clicks', 1, { member: 'true' })
  // @ts-expect-error -- it has no attributes
  beacon.increment('cart.items', 1, { page: '/cart' })
}

export function observe(beacon: TypedBeacon<typeof catalog>): void {
  beacon.observe('search.duration', 0.2)
  beacon.observe('search.duration', 0.2, { cached: false, results: 3, index: 'any text' })
  beacon.observe('reply.size', 1_024)
  // @ts-expect-error -- no such metric
  beacon.observe('search.time', 0.2)
  // @ts-expect-error -- a counter
  beacon.observe('cart.items', 1)
  // @ts-expect-error -- no value
  beacon.observe('search.duration')
  // @ts-expect-error -- text where a number is wanted
  beacon.observe('search.duration', 0.2, { results: '3' })
  // @ts-expect-error -- a number where text is wanted
  beacon.observe('search.duration', 0.2, { index: 3 })
  // @ts-expect-error -- no such attribute
  beacon.observe('search.duration', 0.2, { hit: true })
  // @ts-expect-error -- its attributes are {}
  beacon.observe('reply.size', 1, { cached: true })
}

export function bound(beacon: TypedBeacon<typeof catalog>): void {
  beacon.counter('checkout.clicks', { page: '/basket' }).add()
  beacon.histogram('search.duration', { cached: true }).record(0.2)
  beacon.time('search.duration', { index: 'a' })()
  // @ts-expect-error -- a histogram
  beacon.counter('search.duration')
  // @ts-expect-error -- not one of the values
  beacon.counter('checkout.clicks', { page: '/home' })
  // @ts-expect-error -- a counter
  beacon.histogram('cart.items')
  // @ts-expect-error -- text where true or false is wanted
  beacon.histogram('search.duration', { cached: 'yes' })
  // @ts-expect-error -- a counter
  beacon.time('cart.items')
  // @ts-expect-error -- no such attribute
  beacon.time('search.duration', { page: '/cart' })
}

export function definitions(): void {
  counter({
    help: '',
    // @ts-expect-error -- no such kind of attribute
    attributes: { page: 'text' },
  })
  counter({
    help: '',
    // @ts-expect-error -- numbers are a kind, not a list
    attributes: { page: [1, 2] },
  })
  counter({
    help: '',
    // @ts-expect-error -- a counter has no buckets
    buckets: [1],
  })
  // @ts-expect-error -- no help
  histogram({ unit: 's' })
  // @ts-expect-error -- neither a counter nor a histogram
  defineCatalog({ clicks: { help: 'Clicks.' } })
}

export function beacons(): void {
  const untyped: Beacon = init()
  untyped.increment('anything.at_all', 1, { page: '/home' })
  const beacon = init<typeof catalog>()
  const narrowed: CatalogInstruments<typeof catalog> = beacon
  void beacon.flush()
  narrowed.increment('cart.items')
  // @ts-expect-error -- a typed beacon takes fewer names than any beacon does
  const any: Beacon = beacon
  void any
}

/** Catalogs are objects: two make one. */
export function merged(beacon: TypedBeacon<typeof catalog & typeof more>): void {
  const both = defineCatalog({ ...catalog, ...more })
  const narrowed: TypedBeacon<typeof both> = beacon
  narrowed.increment('sign_ups', 1, { plan: 'free' })
  narrowed.increment('checkout.clicks', 1, { page: '/cart' })
  // @ts-expect-error -- not one of the values
  narrowed.increment('sign_ups', 1, { plan: 'gold' })
}
const more = defineCatalog({ sign_ups: counter({ help: 'Sign-ups.', attributes: { plan: ['free', 'paid'] } }) })

/** With the metrics of the plugins. */
export const complete: Catalog = pluginMetrics
export function plugins(beacon: TypedBeacon<typeof pluginMetrics & typeof more>): void {
  const narrowed: TypedBeacon<typeof all> = beacon
  narrowed.observe('web_vitals.lcp', 1, { rating: 'good', element: 'img' })
  // @ts-expect-error -- not one of the values
  narrowed.observe('web_vitals.lcp', 1, { rating: 'fine' })
}
const all = defineCatalog({ ...pluginMetrics, ...more })

/** The edge takes a catalog as it is. */
export const metrics: Config['metrics'] = catalog

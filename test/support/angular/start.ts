import { errors, init, navigation, requests, visibility, webVitals } from '../../../src/index.ts'
import { createEdgeClient } from '../../../src/edge/index.ts'
import { createMeterProvider } from '../../../src/otel/index.ts'
import type { Start } from './types.ts'

/* Put in by page.ts. */
declare const START: Start
declare const BEACON_URL: string
declare const SERVICE: string

window.angularApp = { checks: 0, stability: [], namerInZone: [] }

// Not by Angular's own NgZone: this file may have to run before zone.js, and Angular must not.
const isInAngularZone = (): boolean =>
  (globalThis as { readonly Zone?: { readonly current: { readonly name: string } } }).Zone?.current.name === 'angular'

const route = (): string => {
  window.angularApp.namerInZone.push(isInAngularZone())
  return 'any'
}

/** Starts the beacon if it is to be started here. */
export const startBeacon = (here: Start): void => {
  if (START !== here) return
  const beacon = init({
    url: BEACON_URL,
    service: SERVICE,
    flushIntervalMs: 1_000,
    plugins: [webVitals(), errors(), navigation({ route }), requests(), visibility()],
  })
  window.pharos = beacon
  createMeterProvider(beacon, { intervalMs: 2_000 })
    .getMeter('app')
    .createObservableGauge('observed')
    .addCallback(async (result) => {
      await Promise.resolve()
      result.observe(1)
    })
  const edge = createEdgeClient({ url: BEACON_URL, service: `${SERVICE}-edge`, flushIntervalMs: 1_000 })
  edge.increment('clicks')
}

startBeacon('before zone.js')

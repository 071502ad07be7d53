// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { createMeterProvider } from '../../../src/otel/meter-provider.ts'
import { resetPage, setVisibility } from '../../support/page-events.ts'
import { watchZones } from '../../support/zones.ts'
import { createFakeBeacon } from './fake-beacon.ts'

beforeEach(() => void vi.useFakeTimers())

afterEach(() => {
  resetPage()
  vi.unstubAllGlobals()
  vi.useRealTimers()
})

it('no timer, listener or callback of observable instruments is in the zone of an Angular application', async () => {
  const zones = watchZones()
  const beacon = createFakeBeacon()
  const zonesOfCallbacks: string[] = []
  const provider = createMeterProvider(beacon)
  const gauge = provider.getMeter('test').createObservableGauge('queue')
  zones.inAngular(() => {
    gauge.addCallback((result) => {
      zonesOfCallbacks.push(zones.current())
      result.observe(1)
    })
    gauge.addCallback(async (result) => {
      await Promise.resolve()
      zonesOfCallbacks.push(zones.current())
      result.observe(2, { later: true })
    })
  })
  await vi.advanceTimersByTimeAsync(10_000)
  await zones.inAngular(() => provider.forceFlush())
  setVisibility('hidden')
  await vi.advanceTimersByTimeAsync(1_000)
  await zones.inAngular(() => provider.shutdown())
  expect(beacon.observations()).toEqual({ queue: [1, 1, 1, 1], 'queue{"later":true}': [2, 2, 2, 2] })
  expect(zonesOfCallbacks).toEqual(Array(8).fill('root'))
  expect([...new Set(zones.made)].toSorted()).toEqual(['addEventListener root', 'setInterval root', 'setTimeout root'])
})

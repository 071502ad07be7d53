// @vitest-environment happy-dom
import { metrics, type BatchObservableCallback, type Observable } from '@opentelemetry/api'
import * as fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { init } from '../../../src/init.ts'
import { createMeterProvider, type BeaconMeterProvider } from '../../../src/otel/meter-provider.ts'
import { CALLBACK_TIMEOUT_MS } from '../../../src/otel/observables.ts'
import { hideSilently, leavePage, resetPage, setVisibility } from '../../support/page-events.ts'
import { createFakeBeacon, type FakeBeacon } from './fake-beacon.ts'

let beacon: FakeBeacon
let provider: BeaconMeterProvider
beforeEach(() => {
  vi.useFakeTimers()
  resetPage()
  beacon = createFakeBeacon()
  provider = createMeterProvider(beacon)
})
afterEach(async () => {
  const done = provider.shutdown()
  await vi.advanceTimersByTimeAsync(CALLBACK_TIMEOUT_MS)
  await done
  metrics.disable()
  resetPage()
  vi.unstubAllGlobals()
  vi.useRealTimers()
})

const meter = () => provider.getMeter('test')

describe('what is recorded', () => {
  it('of a counter: what its total grew by', async () => {
    let total = 5
    meter()
      .createObservableCounter('sent')
      .addCallback((result) => {
        result.observe(total)
        result.observe(total * 2, { kind: 'double' })
      })
    await provider.forceFlush()
    total = 8
    await provider.forceFlush()
    await provider.forceFlush()
    expect(beacon.increments()).toEqual({ sent: [5, 3, 0], 'sent{"kind":"double"}': [10, 6, 0] })
    // It began again from nothing.
    total = 2
    await provider.forceFlush()
    expect(beacon.increments()['sent']).toEqual([5, 3, 0, 2])
    expect(beacon.flushes()).toBe(4)
  })

  it('of an up-down counter: both ways', async () => {
    const totals = [4, 7, 1, -2, -2]
    meter()
      .createObservableUpDownCounter('queue')
      .addCallback((result) => result.observe(totals.shift()!))
    while (totals.length) await provider.forceFlush()
    expect(beacon.increments()).toEqual({ 'queue.up': [4, 3, 0], 'queue.down': [6, 3] })
  })

  it('of a gauge: every value', async () => {
    meter()
      .createObservableGauge('memory')
      .addCallback((result) => result.observe(-3.5, { area: 'heap' }))
    await provider.forceFlush()
    await provider.forceFlush()
    expect(beacon.observations()).toEqual({ 'memory{"area":"heap"}': [-3.5, -3.5] })
  })

  it('of two values for the same attributes: the last', async () => {
    const sent = meter().createObservableCounter('sent')
    sent.addCallback((result) => {
      result.observe(5, { a: 1, b: 2 })
      result.observe(7, { b: 2, a: '1' })
    })
    sent.addCallback((result) => result.observe(9, { b: 2, a: 1 }))
    await provider.forceFlush()
    await provider.forceFlush()
    expect(Object.values(beacon.increments()).flat()).toEqual([9, 0])
  })

  it.each([Number.NaN, Infinity, -1, undefined])('of a total that is %s: that it was refused', async (total) => {
    meter()
      .createObservableCounter('sent')
      .addCallback((result) => result.observe(total as number))
    await provider.forceFlush()
    expect(beacon.increments()).toEqual({ sent: [Number.NaN] })
  })

  it('of more series than are remembered: no total twice', async () => {
    meter()
      .createObservableCounter('sent')
      .addCallback((result) => {
        for (let i = 0; i < 2_100; i++) result.observe(1, { i })
      })
    await provider.forceFlush()
    await provider.forceFlush()
    const values = Object.values(beacon.increments()).flat()
    expect(values.filter((value) => value > 0)).toHaveLength(2_000)
    expect(values.filter(Number.isNaN)).toHaveLength(200)
  })

  it('totals come out as they were observed last', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(fc.nat(3), fc.nat(1_000_000)), { maxLength: 60 }), async (growth) => {
        const fresh = createFakeBeacon()
        const own = createMeterProvider(fresh, { intervalMs: 0 })
        const totals = [0, 0, 0, 0]
        own
          .getMeter('test')
          .createObservableCounter('sent')
          .addCallback((result) => totals.forEach((total, i) => result.observe(total, { i })))
        for (const [i, value] of growth) {
          totals[i] = totals[i]! + value
          if (value % 2) await own.forceFlush()
        }
        await own.shutdown()
        for (const [i, total] of totals.entries())
          expect((fresh.increments()[`sent{"i":${i}}`] ?? []).reduce((sum, value) => sum + value, 0)).toBe(total)
      }),
    )
  })
})

describe('callbacks', () => {
  it('are called once however often they are added, and not after they are removed', async () => {
    const callback = vi.fn<() => void>()
    const sent = meter().createObservableCounter('sent')
    sent.addCallback(callback)
    sent.addCallback(callback)
    await provider.forceFlush()
    expect(callback).toHaveBeenCalledTimes(1)
    sent.removeCallback(callback)
    sent.removeCallback(callback)
    await provider.forceFlush()
    expect(callback).toHaveBeenCalledTimes(1)
  })

  it('that come back, on the same instrument created again, go on from the total they had', async () => {
    const callback = (result: { observe: (value: number) => void }): void => result.observe(5)
    meter().createObservableCounter('sent').addCallback(callback)
    await provider.forceFlush()
    meter().createObservableCounter('sent').removeCallback(callback)
    meter().createObservableCounter('sent').addCallback(callback)
    await provider.forceFlush()
    expect(beacon.increments()).toEqual({ sent: [5, 0] })
  })

  it('for a batch observe their own instruments only, and are removed with the same set', async () => {
    const [a, b, other] = ['a', 'b', 'other'].map((name) => meter().createObservableGauge(name)) as [Observable, Observable, Observable] // prettier-ignore
    const callback: BatchObservableCallback = (result) => {
      result.observe(a, 1)
      result.observe(b, 2, { x: 'y' })
      result.observe(other, 3)
      result.observe({} as Observable, 4)
    }
    meter().addBatchObservableCallback(callback, [a, b])
    meter().addBatchObservableCallback(callback, [b, a, b])
    meter().addBatchObservableCallback(callback, [])
    meter().addBatchObservableCallback(callback, [{} as Observable])
    await provider.forceFlush()
    expect(beacon.observations()).toEqual({ a: [1], 'b{"x":"y"}': [2] })
    meter().removeBatchObservableCallback(callback, [a])
    await provider.forceFlush()
    expect(beacon.observations()['a']).toEqual([1, 1])
    meter().removeBatchObservableCallback(callback, [b, a])
    await provider.forceFlush()
    expect(beacon.observations()['a']).toEqual([1, 1])
  })

  it('that are async are waited for, one call at a time', async () => {
    let answer = (): void => {}
    const callback = vi.fn<() => void>()
    meter()
      .createObservableGauge('battery')
      .addCallback(async (result) => {
        callback()
        await new Promise<void>((resolve) => (answer = resolve))
        result.observe(0.5)
      })
    const flushed = provider.forceFlush()
    void provider.forceFlush()
    expect(callback).toHaveBeenCalledTimes(1)
    answer()
    await flushed
    expect(beacon.observations()).toEqual({ battery: [0.5] })
    // And not for ever: what comes later is recorded then.
    const slow = provider.forceFlush()
    await vi.advanceTimersByTimeAsync(CALLBACK_TIMEOUT_MS)
    await slow
    answer()
    await vi.advanceTimersByTimeAsync(0)
    expect(beacon.observations()).toEqual({ battery: [0.5, 0.5] })
  })

  it('that fail record nothing, and do not disturb the others', async () => {
    meter()
      .createObservableGauge('a')
      .addCallback((result) => {
        result.observe(1)
        throw new Error('no')
      })
    meter()
      .createObservableGauge('b')
      .addCallback(async (result) => {
        result.observe(1)
        throw new Error('no')
      })
    meter()
      .createObservableGauge('c')
      .addCallback((result) => result.observe(1))
    await provider.forceFlush()
    expect(beacon.observations()).toEqual({ c: [1] })
  })
})

describe('when', () => {
  const callback = vi.fn<() => void>()
  beforeEach(() => callback.mockReset())

  it('nothing runs before there is a callback, nor after the last is gone', async () => {
    const listened = vi.spyOn(globalThis, 'addEventListener')
    const gauge = meter().createObservableGauge('memory')
    expect([vi.getTimerCount(), listened.mock.calls.length]).toEqual([0, 0])
    gauge.addCallback(callback)
    expect(vi.getTimerCount()).toBe(1)
    gauge.removeCallback(callback)
    expect(vi.getTimerCount()).toBe(0)
    setVisibility('hidden')
    expect(callback).not.toHaveBeenCalled()
    gauge.addCallback(callback)
    await provider.shutdown()
    expect([vi.getTimerCount(), callback.mock.calls.length]).toEqual([0, 1])
  })

  it('every ten seconds while the page is visible, and when it is hidden', async () => {
    meter().createObservableGauge('memory').addCallback(callback)
    await vi.advanceTimersByTimeAsync(30_000)
    expect(callback).toHaveBeenCalledTimes(3)
    setVisibility('hidden')
    expect(callback).toHaveBeenCalledTimes(4)
    await vi.advanceTimersByTimeAsync(60_000)
    expect(callback).toHaveBeenCalledTimes(4)
    leavePage()
    expect(callback).toHaveBeenCalledTimes(5)
  })

  it('once when a visible page is left', () => {
    meter().createObservableGauge('memory').addCallback(callback)
    leavePage()
    expect(callback).not.toHaveBeenCalled()
    setVisibility('hidden')
    expect(callback).toHaveBeenCalledTimes(1)
  })

  it.each([
    [1_000, 10],
    [0, 0],
  ])('every %i ms', async (intervalMs, calls) => {
    const own = createMeterProvider(beacon, { intervalMs })
    own.getMeter('test').createObservableGauge('memory').addCallback(callback)
    await vi.advanceTimersByTimeAsync(10_000)
    expect(callback).toHaveBeenCalledTimes(calls)
    await own.shutdown()
  })

  it('without a document there is only the timer, and without timers only forceFlush', async () => {
    vi.stubGlobal('document', undefined)
    vi.stubGlobal('setInterval', () => {
      throw new Error('Disallowed operation called within global scope.')
    })
    meter().createObservableGauge('memory').addCallback(callback)
    await provider.forceFlush()
    expect(callback).toHaveBeenCalledTimes(1)
    vi.unstubAllGlobals()
  })

  it('in the last beacon of a page: what is observed as it is hidden is in it', async () => {
    const bodies: string[] = []
    const sendBeacon = (_: string, body: string): boolean => bodies.push(body) > 0
    Object.defineProperty(navigator, 'sendBeacon', { configurable: true, value: sendBeacon })
    vi.stubGlobal('fetch', async () => new Response(null, { status: 204 }))
    const real = init({ url: 'https://edge.test/v1/beacon' })
    // In either order of what is set up first.
    const own = createMeterProvider(real)
    metrics.setGlobalMeterProvider(own)
    metrics
      .getMeter('test')
      .createObservableCounter('scrolled')
      .addCallback((result) => result.observe(7))
    leavePage()
    hideSilently()
    setVisibility('hidden')
    expect(bodies.join()).toContain('["scrolled",7]')
    await own.shutdown()
    const done = real.shutdown()
    await vi.runOnlyPendingTimersAsync()
    await done
  })
})

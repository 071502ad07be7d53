// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { compactor } from '../../../src/compact/compactor.ts'
import { MAX_ENTRIES } from '../../../src/core/hold.ts'
import type { Page, Parts } from '../../../src/core/types.ts'
import { createCourier } from '../../../src/courier/courier.ts'
import type { WireHistogram } from '../../../src/protocol/types.ts'
import { setVisibility } from '../../support/page-events.ts'
import { openPage, PARTS } from './starting.ts'

let page: ReturnType<typeof openPage>

beforeEach(() => void (page = openPage()))
afterEach(() => page.close())

const missing = async (): Promise<never> => {
  throw new Error('no such chunk')
}
const without = (name: keyof Parts): Parts => ({ ...PARTS, [name]: missing })

describe('without the courier', () => {
  it('flush says so, and everything leaves with the page', async () => {
    const beacon = page.start({}, without('courier'))
    beacon.increment('clicks')
    expect(await beacon.flush()).toEqual({ acknowledged: false, reason: 'network' })
    expect([beacon.stats().pending, page.requests()]).toEqual([1, 0])
    setVisibility('hidden')
    expect(page.counts()).toEqual([['clicks', 1]])
  })

  it('memory is bounded, what is dropped is counted and said, the oldest first', async () => {
    const beacon = page.start({}, without('courier'))
    for (let batch = 0; batch < MAX_ENTRIES + 3; batch++) {
      beacon.increment('clicks')
      void beacon.flush()
    }
    expect(beacon.stats()).toMatchObject({ recorded: 1_003, pending: MAX_ENTRIES - 1, dropped: { outbox_full: 4 } })
  })

  it('asks for it again, and then sends all that waits', async () => {
    const loads = vi.fn<Parts['courier']>(missing)
    const beacon = page.start({ flushIntervalMs: 15_000 }, { ...PARTS, courier: loads })
    beacon.increment('clicks')
    await vi.advanceTimersByTimeAsync(40_000)
    expect([loads.mock.calls.length, page.requests()]).toEqual([2, 0])
    loads.mockImplementation(PARTS.courier)
    await vi.advanceTimersByTimeAsync(10_000)
    expect(page.counts()).toEqual([['clicks', 1]])
    expect(beacon.stats()).toMatchObject({ pending: 0, acknowledged: 1 })
  })

  it('a short visit with no fault loads nothing', async () => {
    const loads = vi.fn<Parts['courier']>(PARTS.courier)
    const beacon = page.start({}, { courier: loads, compactor: loads as never })
    for (let second = 0; second < 29; second++) {
      beacon.increment('clicks')
      beacon.observe('size', second)
      await vi.advanceTimersByTimeAsync(1_000)
    }
    setVisibility('hidden')
    expect([loads.mock.calls.length, page.requests()]).toEqual([0, 1])
  })
})

describe('a crowded window', () => {
  const OBSERVATIONS = 1_201
  const histograms = (): WireHistogram[] =>
    [...page.arrived().values()].flatMap(([, , , points]) => points.map(([, histogram]) => histogram))
  const countIn = (histogram: WireHistogram): number => {
    if (typeof histogram === 'number') return 1
    if (histogram.length === 1) return histogram[0].length
    return (histogram[1] as number[]).filter((_, i) => i % 2).reduce((sum, count) => sum + count, 0)
  }
  const total = (): number => histograms().reduce<number>((sum, histogram) => sum + countIn(histogram), 0)

  const recordMany = (parts: Parts) => {
    const beacon = page.start({}, parts)
    const latency = beacon.histogram('latency')
    for (let i = 0; i < OBSERVATIONS; i++) latency.record(i + 0.5)
    return beacon
  }

  it.each<[string, Parts['compactor']]>([
    ['missing', missing],
    ['there', PARTS.compactor],
    ['late', () => new Promise((resolve) => setTimeout(() => resolve({ compactor }), 500))],
    ['too late', () => new Promise((resolve) => setTimeout(() => resolve({ compactor }), 5_000))],
    ['never there', () => new Promise(() => {})],
  ])('counts each observation once where the compactor is %s', async (what, load) => {
    const loads = vi.fn<Parts['compactor']>(load)
    const beacon = recordMany({ ...PARTS, compactor: loads })
    await vi.advanceTimersByTimeAsync(1_200)
    setVisibility('hidden')
    expect([total(), loads.mock.calls.length]).toEqual([OBSERVATIONS, 1])
    expect(beacon.stats()).toMatchObject({ recorded: OBSERVATIONS, pending: OBSERVATIONS, dropped: {} })
    const isCompact = what === 'there' || what === 'late'
    expect(histograms().length).toBe(isCompact ? 1 : 3)
  })

  it('leaves as it is when the page does before the compactor comes', () => {
    recordMany(without('compactor'))
    setVisibility('hidden')
    expect(total()).toBe(OBSERVATIONS)
  })

  it('asks again for a compactor that could not be loaded, not at each record', async () => {
    const loads = vi.fn<Parts['compactor']>(missing)
    const beacon = recordMany({ ...PARTS, compactor: loads })
    const latency = beacon.histogram('latency')
    for (let i = 0; i < OBSERVATIONS; i++) {
      latency.record(i)
      await Promise.resolve()
    }
    expect(loads).toHaveBeenCalledTimes(1)
    await vi.advanceTimersByTimeAsync(12_000)
    for (let i = 0; i < 300; i++) latency.record(i)
    expect(loads).toHaveBeenCalledTimes(2)
  })
})

it('what comes to nothing says so: a window that cannot be sealed is no acknowledged flush', async () => {
  let state: Page | undefined
  const beacon = page.start(
    {},
    { ...PARTS, courier: async () => ({ createCourier: (it: Page) => createCourier((state = it)) }) },
  )
  beacon.increment('clicks')
  vi.spyOn(TextEncoder.prototype, 'encode').mockImplementation(() => {
    throw new Error('broken by the page')
  })
  expect(await beacon.flush()).toEqual({ acknowledged: false, reason: 'error' })
  vi.restoreAllMocks()
  expect(await beacon.flush()).toEqual({ acknowledged: true })
  expect([page.counts(), state!.own.size]).toEqual([[['clicks', 1]], 0])
})

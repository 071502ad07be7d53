// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Beacon } from '../../../src/core/beacon.ts'
import { filter } from '../../../src/filter.ts'
import { leavePage, setVisibility, showPage } from '../../support/page-events.ts'
import { answer, openPage } from './starting.ts'

let page: ReturnType<typeof openPage>
const start: typeof page.start = (...args) => page.start(...args)
const answerWith = (settings: unknown): void =>
  void page.fetched.mockImplementation(async () => answer({ 'pharos-settings': JSON.stringify(settings) }))
const drawing = (draw: number): void => void vi.spyOn(Math, 'random').mockReturnValue(draw)

beforeEach(() => void (page = openPage()))
afterEach(() => page.close())

describe('sampling', () => {
  it('a page that is in says how many it stands for', async () => {
    drawing(0.0999)
    const beacon = start({ sampleRate: 0.1 })
    beacon.increment('clicks')
    expect(await beacon.flush()).toEqual({ acknowledged: true })
    expect(page.groups()).toMatchObject([{ weight: 10 }])
    expect(page.counts()).toEqual([['clicks', 1]])
  })

  it('a page that is out records nothing, sends nothing and has no error', async () => {
    drawing(0.1)
    const plugin = vi.fn<() => void>()
    const beacon = start({ sampleRate: 0.1, plugins: [plugin] })
    beacon.increment('clicks')
    beacon.counter('bound').add()
    beacon.observe('size', NaN)
    expect(await beacon.flush()).toEqual({ acknowledged: true })
    setVisibility('hidden')
    leavePage()
    await vi.advanceTimersByTimeAsync(120_000)
    expect(beacon.stats()).toEqual({ recorded: 0, pending: 0, acknowledged: 0, dropped: {} })
    expect([page.requests(), plugin.mock.calls.length]).toEqual([0, 0])
  })

  it('decides once, for the session after the back/forward cache too', async () => {
    drawing(0.05)
    const beacon = start({ sampleRate: 0.1 })
    drawing(0.99)
    beacon.increment('clicks')
    leavePage()
    showPage(true)
    beacon.increment('clicks')
    await beacon.flush()
    expect(page.counts()).toHaveLength(2)
    expect(page.groups().map(({ weight }) => weight)).toEqual([10, 10])
  })

  it.each([undefined, 1, 0.75])('a rate of %s is nothing on the wire', async (sampleRate) => {
    drawing(0.9999)
    const beacon = start(sampleRate === undefined ? {} : { sampleRate })
    beacon.increment('clicks')
    await beacon.flush()
    expect(Object.keys(page.groups()[0]!)).toEqual(['session', 'resource', 'batches'])
  })

  it('a rate of 0 is nobody', async () => {
    drawing(0)
    const beacon = start({ sampleRate: 0 })
    beacon.increment('clicks')
    await beacon.flush()
    expect([beacon.stats().recorded, page.requests()]).toEqual([0, 0])
  })

  it('takes one in n', async () => {
    let isIn = 0
    for (let i = 0; i < 400; i++) {
      drawing(i / 400)
      const beacon = start({ sampleRate: 0.25 })
      beacon.increment('clicks')
      isIn += beacon.stats().recorded
      await beacon.shutdown()
    }
    expect(isIn).toBe(100)
  })
})

describe('what the edge says', () => {
  const send = async (beacon: Beacon, name: string): Promise<void> => {
    beacon.increment(name)
    await beacon.flush()
  }

  it('off: the page stops at once, what was acknowledged stays', async () => {
    answerWith({ enabled: false })
    const stop = vi.fn<() => void>()
    const beacon = start({ plugins: [() => stop] })
    await send(beacon, 'before')
    expect(beacon.stats()).toMatchObject({ recorded: 1, acknowledged: 1 })
    expect(stop).toHaveBeenCalledTimes(1)
    const before = page.requests()
    await send(beacon, 'after')
    setVisibility('hidden')
    leavePage()
    await vi.advanceTimersByTimeAsync(120_000)
    expect(await beacon.flush()).toEqual({ acknowledged: false, reason: 'inactive' })
    beacon.setConsent(true)
    await send(beacon, 'never')
    expect([page.requests(), beacon.stats().recorded]).toEqual([before, 1])
  })

  it('another interval holds at once, until nothing is said any more', async () => {
    answerWith({ flushIntervalMs: 5_000 })
    const beacon = start({ flushIntervalMs: 60_000 })
    await send(beacon, 'a')
    page.fetched.mockImplementation(async () => answer())
    beacon.increment('b')
    await vi.advanceTimersByTimeAsync(6_000)
    expect(page.requests()).toBe(2)
    beacon.increment('c')
    await vi.advanceTimersByTimeAsync(50_000)
    expect(page.requests()).toBe(2)
    await vi.advanceTimersByTimeAsync(11_000)
    expect(page.requests()).toBe(3)
  })

  it('a rate is for later sessions: this one keeps its weight, the next one has it', async () => {
    drawing(0.05)
    answerWith({ sampleRate: 0.1 })
    const beacon = start({ sampleRate: 0.5 })
    await send(beacon, 'a')
    await send(beacon, 'b')
    expect(page.groups().map(({ weight }) => weight)).toEqual([2, 2])
    leavePage()
    showPage(true)
    await send(beacon, 'c')
    page.fetched.mockClear()
    answerWith({ sampleRate: 0.05 })
    await send(beacon, 'd')
    expect(page.groups().at(-1)).toMatchObject({ weight: 2 })
  })

  it.each(['{', 'null', '7', '[]', '"x"', '{"enabled":0,"sampleRate":"1","flushIntervalMs":1}', '{"plugins":7}'])(
    'that is wrong, as %s, changes nothing',
    async (text) => {
      vi.spyOn(console, 'warn').mockImplementation(() => {})
      const headers = { 'pharos-settings': text }
      page.fetched.mockImplementation(async () => answer(headers))
      const beacon = start({ flushIntervalMs: 5_000 })
      await send(beacon, 'a')
      expect(beacon.stats().acknowledged).toBe(1)
      beacon.increment('b')
      await vi.advanceTimersByTimeAsync(6_100)
      expect(beacon.stats()).toMatchObject({ recorded: 2, acknowledged: 2 })
    },
  )
})

describe('a filter', () => {
  it('renames and drops, plugins included', async () => {
    const beacon = start({
      plugins: [({ increment }) => increment('plugin')],
      filter: filter((record) => record.name !== 'noise' && { ...record, name: `shop.${record.name}` }),
    })
    beacon.increment('noise')
    beacon.counter('clicks').add(2)
    await beacon.flush()
    expect(page.counts()).toEqual([
      ['pharos.dropped', 1, { reason: 'filtered', where: 'page' }],
      ['shop.plugin', 1],
      ['shop.clicks', 2],
    ])
  })
})

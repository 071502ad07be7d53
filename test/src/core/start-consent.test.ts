// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Beacon } from '../../../src/core/beacon.ts'
import { hold, save } from '../../../src/core/hold.ts'
import type { Options } from '../../../src/core/options.ts'
import { activate, beginPrerender, leavePage, setVisibility } from '../../support/page-events.ts'
import { createTestPage, entryOf, settle, storedAt, stubStorage } from './pages.ts'
import { openPage } from './starting.ts'

let page: ReturnType<typeof openPage>
const start: typeof page.start = (...args) => page.start(...args)

beforeEach(() => void (page = openPage()))
afterEach(() => page.close())

describe('consent', () => {
  it('withdrawn: nothing is recorded or sent, what is buffered is gone', async () => {
    page.fetched.mockRejectedValue(new TypeError('offline'))
    const beacon = start()
    beacon.increment('sealed')
    await beacon.flush()
    page.fetched.mockClear()
    beacon.increment('pending')
    beacon.setConsent(false)
    beacon.increment('refused')
    leavePage()
    await vi.advanceTimersByTimeAsync(120_000)
    expect(await beacon.flush()).toEqual({ acknowledged: false, reason: 'inactive' })
    expect(page.requests()).toBe(0)
    expect(beacon.stats().pending).toBe(0)
  })

  it.each([false, true])(
    'withdrawn while a flush waits for the courier: not acknowledged (given again: %s)',
    async (again) => {
      const beacon = start()
      beacon.increment('clicks')
      const flushed = beacon.flush()
      beacon.setConsent(false)
      if (again) beacon.setConsent(true)
      expect(await flushed).toEqual({ acknowledged: false, reason: 'cleared' })
      expect(page.counts()).toEqual([])
    },
  )

  it('given again: records from then on', async () => {
    const beacon = start({ consent: false })
    beacon.increment('before')
    beacon.setConsent(true)
    beacon.increment('after')
    await beacon.flush()
    expect(page.counts()).toEqual([['after', 1]])
  })

  it.each([
    [undefined, []],
    [true, [['clicks', 1]]],
  ])('Global Privacy Control with the option consent %s', async (consent, wanted) => {
    Object.defineProperty(navigator, 'globalPrivacyControl', { configurable: true, value: true })
    const plugin = vi.fn<() => void>()
    const beacon = start({ plugins: [plugin], ...(consent && { consent }) })
    beacon.increment('clicks')
    await beacon.flush()
    leavePage()
    expect(page.counts()).toEqual(wanted)
    expect(plugin).toHaveBeenCalledTimes(wanted.length)
  })

  it('given again and again: the timer of the flush runs on', async () => {
    const beacon = start()
    beacon.increment('clicks')
    for (let i = 0; i < 10; i++) {
      beacon.setConsent(true)
      await vi.advanceTimersByTimeAsync(4_000)
    }
    expect(page.counts()).toEqual([['clicks', 1]])
  })

  it('begins plugins with the consent, once', () => {
    const plugin = vi.fn<() => void>()
    const beacon = start({ consent: false, plugins: [plugin] })
    expect(plugin).not.toHaveBeenCalled()
    beacon.setConsent(true)
    beacon.setConsent(false)
    beacon.setConsent(true)
    expect(plugin).toHaveBeenCalledTimes(1)
  })
})

describe('consent fails closed', () => {
  it.each(['no', 'yes', '', 'off', 'true', 'Granted', 0, 1, NaN, null, {}, []])('%j is denied', async (consent) => {
    vi.spyOn(console, 'warn').mockImplementation(() => {})
    const plugin = vi.fn<() => void>()
    const beacon = start({ consent: consent as never, plugins: [plugin] })
    beacon.increment('clicks')
    expect(await beacon.flush()).toEqual({ acknowledged: false, reason: 'inactive' })
    setVisibility('hidden')
    expect([beacon.stats().recorded, page.requests(), plugin.mock.calls.length]).toEqual([0, 0, 0])
  })

  it('the development build says what an unknown one means at run time', () => {
    const said = vi.spyOn(console, 'warn').mockImplementation(() => {})
    start({}).setConsent('agreed' as never)
    expect(said.mock.calls.map(([text]) => text)).toEqual([
      expect.stringMatching(/^pharos: consent: "agreed" is unknown, so it means denied/),
    ])
  })

  it.each([undefined, true, false, 'granted', 'denied', 'pending'] as const)('%j is known', (consent) => {
    const said = vi.fn<(...texts: unknown[]) => void>()
    vi.spyOn(console, 'warn').mockImplementation(said)
    start(consent === undefined ? {} : { consent })
    expect(said).not.toHaveBeenCalled()
  })

  it.each([
    () => Symbol('granted'),
    () => ({
      toString: () => {
        throw new Error('no')
      },
    }),
  ])('what cannot even be said is denied', (make) => {
    vi.spyOn(console, 'warn').mockImplementation(() => {})
    const beacon = start({ consent: make() as never })
    beacon.increment('clicks')
    expect(beacon.stats().recorded).toBe(0)
  })
})

// docs/STORAGE.md
it('two services of one endpoint: an erasure empties the outbox of both, and stops one beacon', async () => {
  stubStorage()
  const [shop, blog] = [start({ service: 'shop' }), start({ service: 'blog' })]
  shop.increment('clicks')
  blog.increment('clicks')
  await vi.advanceTimersByTimeAsync(100)
  await settle()
  expect((await storedAt()).size).toBe(2)
  shop.setConsent(false)
  await settle()
  expect((await storedAt()).size).toBe(0)
  for (const beacon of [shop, blog]) beacon.increment('clicks')
  expect([shop.stats().recorded, blog.stats()]).toMatchObject([1, { recorded: 2, pending: 2 }])
})

describe('Global Privacy Control', () => {
  it.each([
    ['granted', true],
    ['denied', false],
    ['pending', true],
    [undefined, false],
    [true, true],
    [false, false],
    ['no', false],
  ])('with the option consent %j records: %s', (consent, wanted) => {
    vi.spyOn(console, 'warn').mockImplementation(() => {})
    Object.defineProperty(navigator, 'globalPrivacyControl', { configurable: true, value: true })
    const beacon = start(consent === undefined ? {} : { consent: consent as never })
    beacon.increment('clicks')
    expect(beacon.stats().recorded).toBe(wanted ? 1 : 0)
  })

  it.each([false, undefined, 'true', 1])('is only what the specification calls it, not %j', (value) => {
    Object.defineProperty(navigator, 'globalPrivacyControl', { configurable: true, value })
    const beacon = start()
    beacon.increment('clicks')
    expect(beacon.stats().recorded).toBe(1)
  })

  it('erases what was buffered before', async () => {
    stubStorage()
    const earlier = createTestPage()
    hold(earlier, [entryOf(1)])
    await save(earlier)
    Object.defineProperty(navigator, 'globalPrivacyControl', { configurable: true, value: true })
    start()
    await settle()
    expect((await storedAt()).size).toBe(0)
  })
})

describe('consent that is pending', () => {
  const buffer = async (): Promise<Beacon> => {
    const plugin: Options['plugins'] = [({ increment }) => increment('plugin')]
    const beacon = start({ consent: 'pending', plugins: plugin, flushIntervalMs: 1_000 })
    beacon.increment('early')
    await vi.advanceTimersByTimeAsync(10_000)
    setVisibility('hidden')
    setVisibility('visible')
    expect(await beacon.flush()).toEqual({ acknowledged: false, reason: 'inactive' })
    expect(page.requests()).toBe(0)
    expect(beacon.stats()).toMatchObject({ recorded: 2, pending: 2 })
    return beacon
  }

  it.each([true, 'granted'] as const)('then %s: what was recorded is sent', async (consent) => {
    const beacon = await buffer()
    beacon.setConsent(consent)
    await vi.advanceTimersByTimeAsync(2_100)
    expect(page.counts()).toEqual([
      ['plugin', 1],
      ['early', 1],
    ])
    expect(beacon.stats()).toMatchObject({ acknowledged: 2, pending: 0 })
  })

  it.each([false, 'denied', 'pending', undefined, 1])('then %s: it is erased', async (consent) => {
    const beacon = await buffer()
    beacon.setConsent(consent as never)
    beacon.increment('late')
    expect(beacon.stats()).toMatchObject({ recorded: 2, pending: 0 })
    beacon.setConsent('granted')
    await beacon.flush()
    expect(page.requests()).toBe(0)
  })

  it('of a page that was prerendered', async () => {
    beginPrerender()
    const beacon = start({ consent: 'pending' })
    beacon.increment('early')
    activate()
    expect(await beacon.flush()).toMatchObject({ acknowledged: false })
    beacon.setConsent('granted')
    await beacon.flush()
    expect(page.counts()).toEqual([['early', 1]])
  })
})

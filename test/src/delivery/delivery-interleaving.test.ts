import * as fc from 'fast-check'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { batchOf, identitiesOf } from './batches.ts'
import { openPage, settle, type TestPage, type Weather } from './harness.ts'
import { createMemoryStorage } from './memory-outbox.ts'

beforeEach(() => vi.useFakeTimers({ now: 1_000_000_000_000 }))
afterEach(() => vi.useRealTimers())

const TABS = 3

const anyWeather = fc.constantFrom<Weather[]>(
  'ok',
  'ok',
  'down',
  'lost',
  { status: 500 },
  { status: 503, retryAfter: '90' },
  { status: 413 },
  { status: 400 },
)

const anyStep = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('add' as const), tab: fc.nat(TABS - 1) }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constantFrom('flush', 'beacon', 'kill', 'toggle'), tab: fc.nat(TABS - 1) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('wait' as const), ms: fc.constantFrom(0, 10, 1_500, 40_000, 700_000) }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('weather' as const), weather: anyWeather }) },
)

it('over any interleaving of tabs, kills and failures each batch is counted once or counted as dropped', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(anyStep, { maxLength: 60 }), async (steps) => {
      const storage = createMemoryStorage()
      const counted = new Set<string>()
      let weather: Weather = 'ok'
      const receive = (body: string): undefined => {
        for (const identity of identitiesOf(body)) counted.add(identity)
      }
      const all: { page: TestPage; session: string; added: number }[] = []
      const open = () => {
        const page = openPage({ storage, receive, weather: () => weather })
        page.start()
        const tab = { page, session: `S${all.length}`.padEnd(16, '_'), added: 0 }
        all.push(tab)
        return tab
      }
      const tabs = Array.from({ length: TABS }, open)
      for (const step of steps) {
        if (step.kind === 'weather') weather = step.weather
        else if (step.kind === 'wait') await vi.advanceTimersByTimeAsync(step.ms)
        else {
          const tab = tabs[step.tab]!
          if (step.kind === 'add') tab.page.add(batchOf(++tab.added, Date.now(), tab.session))
          if (step.kind === 'flush') void tab.page.flush()
          if (step.kind === 'beacon') tab.page.beacon()
          if (step.kind === 'toggle') tab.page.visible = !tab.page.visible
          if (step.kind === 'kill') {
            await settle()
            tab.page.kill()
            tabs[step.tab] = open()
          }
        }
      }
      await settle()
      weather = 'ok'
      const dropped = () =>
        all.reduce((sum, { page }) => sum + Object.values(page.dropped).reduce((a, b) => a + b, 0), 0)
      for (const { page, added } of all.filter((tab) => tabs.includes(tab))) {
        await page.flush()
        const ownDrops = added - page.acknowledged() - page.pendingRecords()
        expect(ownDrops).toBeGreaterThanOrEqual(0)
        expect(ownDrops).toBeLessThanOrEqual(dropped())
      }
      for (const { page } of tabs) page.kill()
      // Past any Retry-After.
      await vi.advanceTimersByTimeAsync(100_000)
      const last = open()
      const result = last.page.flush()
      await settle()
      expect(await result).toEqual({ acknowledged: true })
      expect(storage.entries.size).toBe(0)
      const added = all.reduce((sum, tab) => sum + tab.added, 0)
      expect(counted.size).toBeLessThanOrEqual(added)
      expect(counted.size + dropped()).toBeGreaterThanOrEqual(added)
      const isAlwaysFair = steps.every(({ kind }) => kind !== 'weather')
      expect(isAlwaysFair ? [counted.size, dropped()] : []).toEqual(isAlwaysFair ? [added, 0] : [])
      last.page.kill()
    }),
    { numRuns: 400 },
  )
})

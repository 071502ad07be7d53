import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import type { Page } from '../../../src/core/types.ts'
import {
  createWorld,
  destroyWorld,
  finish,
  later,
  REFUSALS,
  settle,
  storedEntries,
  type Tab,
  turn,
  type Weather,
} from './harness.ts'

const TABS = 3

const anyWeather = fc.constantFrom<Weather[]>(
  'ok',
  'ok',
  'down',
  'lost',
  'hangs',
  'hangs',
  'hangs',
  { status: 500 },
  { ...REFUSALS[503]!, headers: { 'retry-after': '90' } },
  // Strangers: a page of the site, a sinkhole, a firewall, a gap in a route, and one that asks for a wait of a day.
  { status: 200, body: '<!doctype html>', isOfStranger: true },
  { status: 204, isOfStranger: true },
  { ...REFUSALS[400]!, isOfStranger: true },
  { status: 404, isOfStranger: true },
  { status: 503, headers: { 'retry-after': '86400', 'pharos-settings': '{"enabled":false}' }, isOfStranger: true },
)

const anyTab = fc.nat(TABS - 1)
const anyStep = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('add' as const), tab: anyTab }) },
  // What was dropped before it was recorded leaves with the next batch.
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('drop' as const), tab: anyTab }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constantFrom('flush', 'leave', 'kill', 'wake'), tab: anyTab }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('wait' as const), ms: fc.constantFrom(0, 10, 1_500, 40_000, 700_000) }),
  },
  // Left in the middle of a flush.
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('hide' as const), tab: anyTab, turns: fc.nat(30) }) },
  // So far that the storage or the network is in the middle of something.
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('turns' as const), turns: fc.nat(12) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('weather' as const), weather: anyWeather }) },
)

/** Every fifth batch is one that the edge refuses for good, as it may be of an older release. */
const isBad = (identity: string): boolean => Number(identity.split('/')[1]) % 5 === 0

const totalOf = (all: Readonly<Record<string, number | undefined>>): number =>
  Object.values(all).reduce<number>((sum, calls = 0) => sum + calls, 0)

it('over any interleaving of tabs, kills and failures each call is counted once, or dropped because the edge refused it', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(anyStep, { maxLength: 60, size: 'max' }), fc.boolean(), async (steps, isAnyBad) => {
      const world = createWorld()
      world.refuse = (identity) => (isAnyBad && isBad(identity) ? REFUSALS[400] : undefined)
      const all: Tab[] = []
      const added: string[] = []
      const open = (): Tab => {
        const tab = world.open()
        all.push(tab)
        return tab
      }
      const tabs = Array.from({ length: TABS }, open)
      for (const step of steps) {
        if (step.kind === 'weather') world.weather = step.weather
        else if (step.kind === 'wait') await later(step.ms)
        else if (step.kind === 'turns') await turn(step.turns)
        else {
          const tab = tabs[step.tab]!
          if (step.kind === 'add') added.push(tab.add())
          if (step.kind === 'drop') tab.page.instruments.increment('clicks', -1)
          if (step.kind === 'flush') void tab.flush()
          if (step.kind === 'leave') tab.leave()
          if (step.kind === 'wake') tab.page.courier?.wake()
          if (step.kind === 'hide') {
            void tab.flush()
            await turn(step.turns)
            tab.leave()
          }
          if (step.kind === 'kill') {
            await settle()
            tab.kill()
            tabs[step.tab] = open()
          }
        }
      }
      world.weather = 'ok'
      // Past any Retry-After, and whatever hangs was given up.
      await later(100_000)
      // What a first flush loses of other pages' batches is said by the second.
      for (const tab of tabs) await finish(tab.flush())
      for (const tab of tabs) await finish(tab.flush())
      for (const { page } of tabs) expect([page.recorded - page.settled, page.own.size]).toEqual([0, 0])
      for (const tab of tabs) tab.kill()
      await later(100_000)
      const last = open()
      await finish(last.flush())
      await settle()
      // Nothing is left, and nothing but what the edge refused was lost.
      expect(await storedEntries()).toEqual([])
      const lost = added.filter((identity) => isAnyBad && isBad(identity))
      const clicks = [...world.counted].filter(([, calls]) => calls).map(([identity]) => identity)
      expect(clicks.sort()).toEqual(added.filter((identity) => !lost.includes(identity)).sort())
      const dropped = { bad_value: 0, rejected: 0 }
      for (const { page } of all)
        for (const [reason, calls] of Object.entries(page.dropped)) dropped[reason as 'rejected'] += calls
      // Two tabs may both hear that a batch is refused.
      expect(dropped.rejected).toBeGreaterThanOrEqual(lost.length)
      expect(isAnyBad || dropped.rejected === 0).toBe(true)
      // Every drop that a batch has said arrives, also when that batch was lost itself.
      const { bad_value = 0, ...others } = world.reported()
      const unreported = all.reduce((sum, { page }) => sum + (page.current.unreported.bad_value ?? 0), 0)
      expect(bad_value).toBeGreaterThanOrEqual(dropped.bad_value - unreported)
      // Two tabs may both say again what a batch said that is refused.
      expect(isAnyBad || bad_value === dropped.bad_value - unreported).toBe(true)
      expect(totalOf(others)).toBeLessThanOrEqual(2 * dropped.rejected)
      last.kill()
      destroyWorld()
    }),
    { numRuns: 300 },
  )
}, 300_000)

const anyStepWithErasure = fc.oneof(
  { weight: 5, arbitrary: anyStep },
  { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom('erase' as const, 'grant' as const), tab: anyTab }) },
  // Erased in the middle of a flush, and recording again.
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('restart' as const), tab: anyTab, turns: fc.nat(30) }) },
)

it('what was erased never leaves that page again, whatever was under way, and what comes later is counted', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(anyStepWithErasure, { maxLength: 60, size: 'max' }), async (steps) => {
      const world = createWorld()
      const tabs = Array.from({ length: TABS }, () => world.open())
      /** Added since the last erasure, by anybody. */
      let kept: string[] = []
      const erased: { readonly page: Page; readonly identities: readonly string[]; readonly from: number }[] = []
      const own = new Map<Page, string[]>(tabs.map(({ page }) => [page, []]))
      const add = (tab: Tab): void => {
        const identity = tab.add()
        kept.push(identity)
        own.get(tab.page)!.push(identity)
      }
      for (const step of steps) {
        if (step.kind === 'weather') world.weather = step.weather
        else if (step.kind === 'wait') await later(step.ms)
        else if (step.kind === 'turns') await turn(step.turns)
        else {
          const tab = tabs[step.tab]!
          const { page } = tab
          if (step.kind === 'add' && page.consent) add(tab)
          if (step.kind === 'flush') void tab.flush()
          if (step.kind === 'leave' && page.consent) tab.leave()
          if (step.kind === 'wake') page.courier?.wake()
          if (step.kind === 'hide') {
            void tab.flush()
            await turn(step.turns)
            if (page.consent) tab.leave()
          }
          if (step.kind === 'grant' && !page.consent) tab.grant()
          if (step.kind === 'restart' && page.consent) {
            void tab.flush()
            await turn(step.turns)
          }
          if ((step.kind === 'erase' || step.kind === 'restart') && page.consent) {
            tab.erase()
            erased.push({ page, identities: own.get(page)!, from: world.requests.length })
            own.set(page, [])
            kept = []
          }
          if (step.kind === 'restart') {
            if (!page.consent) tab.grant()
            add(tab)
            tab.leave()
          }
        }
      }
      world.weather = 'ok'
      for (const tab of tabs) if (!tab.page.consent) tab.grant()
      await later(100_000)
      for (const tab of tabs) await finish(tab.flush())
      await settle()
      expect(await storedEntries()).toEqual([])
      for (const { page, identities, from } of erased) {
        const after = world.requests.slice(from).filter((asked) => asked.page === page)
        expect(after.flatMap(({ batches }) => batches).filter((one) => identities.includes(one))).toEqual([])
      }
      for (const identity of kept) expect(world.counted.get(identity)).toBe(1)
      for (const { page } of tabs) expect([page.own.size, page.recorded - page.settled]).toEqual([0, 0])
      for (const tab of tabs) tab.kill()
      destroyWorld()
    }),
    { numRuns: 300 },
  )
}, 300_000)

import { describe, expect, it } from 'vitest'
import { DESTINATIONS } from '../../../worker/destinations/kinds.ts'
import { createEffectiveConfigs, type EffectiveConfigs } from '../../../worker/flush/effective-config.ts'
import { testConfig, testDestination } from '../../contract/snapshots.ts'
import { createFakeWorld } from '../delivery/fake-world.ts'

const deployed = testConfig({
  flushIntervalMs: 15_000,
  page: { sampleRate: 0.5 },
  destinations: [testDestination({ name: 'a' }), testDestination({ name: 'b' })],
})

const open = (): EffectiveConfigs =>
  createEffectiveConfigs({
    deployed,
    kinds: DESTINATIONS,
    contextFor: (config) => createFakeWorld(() => 204, { config }),
  })

/** Goes over to an override, which must be a good one. */
function change(configs: EffectiveConfigs, override: unknown): void {
  const next = configs.change(override)
  if (!next.ok) throw new Error(next.error.join('\n'))
  configs.use(next.value)
}

describe('a destination', () => {
  it.each<[string, unknown, kept: boolean[]]>([
    ['nothing', {}, [true, true]],
    ['the pages', { page: { enabled: false } }, [true, true]],
    ['one of them', { destinations: { a: { timeoutMs: 1_000 } } }, [false, true]],
    ['the interval, which every push reads', { flushIntervalMs: 5_000 }, [false, false]],
    ['the log of requests', { debug: 'exports' }, [false, false]],
  ])('keeps its circuit unless its own settings change: %s', (_, override, kept) => {
    const configs = open()
    const before = configs.current().setup.destinations
    change(configs, override)
    const after = configs.current().setup.destinations
    expect(before.map((one, i) => after[i] === one)).toEqual(kept)
  })

  it('that is switched off is in no group, and stays in the list', () => {
    const configs = open()
    change(configs, { destinations: { a: { enabled: false } } })
    const { destinations, groups } = configs.current().setup
    expect(destinations.map(({ name }) => name)).toEqual(['a', 'b'])
    expect(groups.flatMap((group) => group.destinations)).toEqual(['b'])
  })
})

it.each<[unknown, string | undefined]>([
  [{}, '{"sampleRate":0.5}'],
  [{ page: { enabled: false } }, '{"sampleRate":0.5,"enabled":false}'],
])('with %j pages are told %s', (override, told) => {
  const configs = open()
  change(configs, override)
  expect(configs.current().pageSettings).toBe(told)
})

it.each<[unknown, string]>([
  [null, 'override: give an object'],
  [undefined, 'override: give an object'],
  [{ later: 1 }, 'override.later: remove'],
  [{ destinations: { gone: {} } }, 'override.destinations.gone: remove'],
])('a change to %j is refused, and nothing has changed', (override, mistake) => {
  const configs = open()
  const before = configs.current()
  expect(configs.change(override)).toEqual({ ok: false, error: [expect.stringContaining(mistake)] })
  expect(configs.current()).toBe(before)
})

it.each<[string, unknown, interval: number, mistakes: number]>([
  ['nothing', undefined, 15_000, 0],
  ['an override', { flushIntervalMs: 5_000 }, 5_000, 0],
  ['an override that does not fit any more', { flushIntervalMs: 5_000, destinations: { gone: {} } }, 15_000, 1],
])('what was stored is restored: %s', (...[, stored, flushIntervalMs, mistakes]) => {
  const { setup, resolved } = open().restore(stored)
  expect([setup.config.flushIntervalMs, resolved.mistakes.length]).toEqual([flushIntervalMs, mistakes])
})

// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { runningBeacons } from '../../../src/core/running-beacons.ts'
import { initWith } from '../../../src/init.ts'
import type { Options } from '../../../src/core/options.ts'
import { openPage, PARTS } from './starting.ts'

let page: ReturnType<typeof openPage>
let said: ReturnType<typeof vi.fn<(...texts: unknown[]) => void>>

beforeEach(() => {
  page = openPage()
  said = vi.fn<(...texts: unknown[]) => void>()
  vi.spyOn(console, 'warn').mockImplementation(said)
})
afterEach(() => page.close())

const at = (url: string, options: Options = {}) => initWith(PARTS, () => [options, url])
const A = 'https://a.example/v1/beacon'

it('a second init for the same endpoint and service returns the first, says so, and starts no plugin', async () => {
  const plugin = vi.fn<() => void>()
  const first = page.start({ service: 'shop', plugins: [plugin] })
  const second = page.start({ service: 'shop', plugins: [plugin], consent: false })
  expect(second).toBe(first)
  expect(plugin).toHaveBeenCalledTimes(1)
  expect(said.mock.calls).toEqual([['pharos:', 'https://beacon.example/v1/beacon shop runs already']])
  second.increment('clicks')
  await first.flush()
  expect(page.counts()).toEqual([['clicks', 1]])
})

it.each<[string, Options, string, Options, string]>([
  ['two services', { service: 'shop' }, A, { service: 'blog' }, A],
  ['one service, and one without a name', { service: 'shop' }, A, {}, A],
  ['two endpoints', {}, A, {}, 'https://b.example/v1/beacon'],
  ['two paths', {}, A, {}, 'https://a.example/b'],
])('%s are two beacons', (_, one, ...[oneUrl, other, otherUrl]) => {
  const first = at(oneUrl, one)
  const second = at(otherUrl, other)
  first.increment('clicks')
  expect([second === first, second.stats().recorded, said.mock.calls]).toEqual([false, 0, []])
  void first.shutdown()
  void second.shutdown()
})

it('shutdown makes room for another beacon at once, and for one only', async () => {
  let finish = (): void => {}
  page.fetched.mockImplementation(() => new Promise((resolve) => (finish = () => resolve(new Response()))))
  const first = page.start()
  first.increment('clicks')
  const done = first.shutdown()
  const second = page.start()
  expect(second).not.toBe(first)
  await vi.advanceTimersByTimeAsync(0)
  finish()
  await done
  await first.shutdown()
  expect([...runningBeacons.values()]).toEqual([second])
  expect(page.start()).toBe(second)
  await second.shutdown()
  expect(runningBeacons.size).toBe(0)
})

it('without an endpoint no beacon is registered, and each does nothing', async () => {
  const beacons = [initWith(PARTS, () => [{}, undefined]), initWith(PARTS, () => [{}, undefined])]
  for (const beacon of beacons) beacon.increment('clicks')
  expect([runningBeacons.size, beacons[0]!.stats().recorded, page.requests()]).toEqual([0, 0, 0])
})

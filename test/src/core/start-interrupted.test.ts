// @vitest-environment happy-dom
import { afterEach, expect, it, vi } from 'vitest'
import { runningBeacons } from '../../../src/core/running-beacons.ts'
import { init } from '../../../src/init.ts'
import type { WireEnvelope } from '../../../src/protocol/types.ts'
import { stubNetwork } from './pages.ts'
import { answer } from './starting.ts'
import { leavePage, resetPage, setVisibility } from '../../support/page-events.ts'

afterEach(() => {
  resetPage()
  runningBeacons.clear()
  vi.unstubAllGlobals()
})

interface Ending {
  readonly when: string
  readonly object: object
  readonly method: string
  /** At which call of it. */
  readonly nth: number
}

const ENDINGS: readonly Ending[] = [
  { when: 'a point is made', object: TextEncoder.prototype, method: 'encode', nth: 1 },
  { when: 'the second point is made', object: TextEncoder.prototype, method: 'encode', nth: 2 },
  { when: 'the batch is made', object: TextEncoder.prototype, method: 'encode', nth: 3 },
  { when: 'its body is made', object: JSON, method: 'stringify', nth: 1 },
  { when: 'the batch is added', object: Set.prototype, method: 'add', nth: 1 },
  { when: 'the batch is saved', object: Set.prototype, method: 'add', nth: 2 },
]

it.each(ENDINGS)('goes on at the next event where Firefox ends a listener as $when', ({ object, method, nth }) => {
  resetPage()
  vi.stubGlobal('indexedDB', undefined)
  const bodies: WireEnvelope[] = []
  stubNetwork().fetched.mockImplementation(async (_, { body }) => {
    bodies.push(JSON.parse(body as string) as WireEnvelope)
    return answer()
  })
  const beacon = init({ url: 'https://beacon.example/v1/beacon' })
  beacon.increment('clicks', 2)
  beacon.observe('load', 1)

  const host = object as Record<string, (...args: unknown[]) => unknown>
  const original = host[method]!
  let calls = 0
  host[method] = function (...args) {
    if (++calls === nth) throw new Error('the script ends')
    return original.apply(this, args)
  }
  leavePage()
  host[method] = original
  expect(calls).toBe(nth)

  beacon.increment('clicks', 1)
  setVisibility('hidden')
  const batches = bodies.flatMap(({ groups }) => groups.flatMap(({ batches }) => batches))
  const sum = batches.flatMap(([, , counters]) => counters as [string, number][]).reduce((all, [, n]) => all + n, 0)
  expect(sum).toBe(3)
  expect(batches.flatMap(([, , , histograms]) => histograms)).toHaveLength(1)
  expect(new Set(batches.map(([sequence]) => sequence)).size).toBe(batches.length)
  expect(beacon.stats()).toMatchObject({ recorded: 3, pending: 3 })
})

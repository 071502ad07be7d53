import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { Store } from '../../../src/core/storage.ts'
import { createReviewer, type Change } from '../../../src/courier/review.ts'
import { IDLE } from '../../../src/protocol/send-state.ts'
import { createStore } from 'idb-keyval'
import {
  createWorld,
  destroyWorld,
  EDGE,
  hangingStore,
  later,
  settle,
  storedEntries,
  storedState,
  turn,
  type World,
} from './harness.ts'

let world: World
beforeEach(async () => {
  world = createWorld()
  const tab = world.open()
  tab.add()
  tab.add()
  await settle()
  tab.kill()
})
afterEach(destroyWorld)

const opened = () => ({ url: EDGE, store: undefined as Store | undefined })

it('reads all, oldest first, and makes the change in the same transaction', async () => {
  const read: number[][] = []
  const { review } = createReviewer(opened())
  const result = await review((stored, state) => {
    read.push(stored.map(({ sequence }) => sequence))
    expect(state).toBe(IDLE)
    return { remove: stored.slice(0, 1), put: [{ ...stored[1]!, leftMs: 7 }], state: { ...IDLE, leasedMs: 9 } }
  })
  expect([result, read]).toEqual(['done', [[1, 2]]])
  expect((await storedEntries()).map(({ sequence, leftMs }) => [sequence, leftMs])).toEqual([[2, 7]])
  expect(await storedState()).toEqual({ ...IDLE, leasedMs: 9 })
})

it('two at once see one another', async () => {
  const [one, other] = [createReviewer(opened()), createReviewer(opened())]
  const seen: number[] = []
  const take = (stored: readonly { readonly sequence: number }[]): Change => {
    seen.push(stored.length)
    return { remove: stored as never }
  }
  await Promise.all([one.review(take), other.review(take)])
  expect(seen).toEqual([2, 0])
})

it('a storage that does not answer within a second is given up, and later changes nothing', async () => {
  let answer = (): void => {}
  const store = createStore(`pharos ${EDGE}`, 'outbox')
  const slow: Store = async (mode, work) => {
    await new Promise<void>((resolve) => (answer = resolve))
    return store(mode, work)
  }
  const decide = vi.fn<() => Change>(() => ({ remove: [] }))
  const reviewed = createReviewer({ url: EDGE, store: slow }).review(decide)
  await later(1_000)
  expect(await reviewed).toBe('failed')
  answer()
  await settle()
  expect(decide).not.toHaveBeenCalled()
  expect(await storedEntries()).toHaveLength(2)
})

it('a storage that is slow in the middle deletes nothing that nobody counts', async () => {
  const store = createStore(`pharos ${EDGE}`, 'outbox')
  const decide = vi.fn<(stored: readonly unknown[]) => Change>((stored) => ({ remove: stored as never }))
  const reviewed = createReviewer({ url: EDGE, store }).review(decide)
  // The transaction has begun; then the time is up before it has read.
  await turn(1)
  vi.advanceTimersByTime(1_000)
  expect(await reviewed).toBe('failed')
  await settle()
  expect(decide).not.toHaveBeenCalled()
  expect(await storedEntries()).toHaveLength(2)
})

it.each([0, 1, 2, 3, 4, 5, 8, 20])(
  'leaving after %i turns leaves no transaction open, and all or nothing is done',
  async (turns) => {
    const { review, leave } = createReviewer(opened())
    const reviewed = review((stored) => ({ remove: stored }))
    await turn(turns)
    leave()
    leave()
    await settle()
    const result = await reviewed
    expect(await storedEntries()).toHaveLength(result === 'done' ? 0 : 2)
  },
)

it('leaving where the browser has taken the storage away throws nothing', async () => {
  const { review, leave } = createReviewer(opened())
  const store = createStore(`pharos ${EDGE}`, 'outbox')
  const taken: Store = (mode, work) =>
    store(mode, (objects) => {
      const result = work(objects)
      objects.transaction.abort()
      return result
    })
  const reviewer = createReviewer({ url: EDGE, store: taken })
  const reviewed = reviewer.review(() => ({ remove: [] }))
  await settle()
  expect(await reviewed).toBe('failed')
  expect(() => reviewer.leave()).not.toThrow()
  await review(() => ({ remove: [] }))
  expect(() => leave()).not.toThrow()
})

it('a storage that hangs is given up by everybody', async () => {
  const { review } = createReviewer({ url: EDGE, store: hangingStore })
  const both = Promise.all([review(() => ({ remove: [] })), review(() => ({ remove: [] }))])
  await later(1_000)
  expect(await both).toEqual(['failed', 'failed'])
})

import { expect, it, vi } from 'vitest'
import { createEntry } from '../../../src/core/entry.ts'
import type { Entry } from '../../../src/core/types.ts'
import { createSendQueue, type SendQueueHooks } from '../../../src/edge/send-queue.ts'
import { RETENTION_MS } from '../../../src/protocol/limits.ts'

const NOW_MS = 1_800_000_000_000

const entryOf = (sequence: number, records = 1): Entry =>
  createEntry({
    session: 'AAAAAAAAAAAAAAAA',
    weight: undefined,
    resource: {},
    sequence,
    sealedMs: NOW_MS + sequence,
    records,
    drops: {},
    text: `[${sequence},${NOW_MS},[["clicks",${records}]],[]]`,
  })

const open = () => {
  const hooks = {
    onAcknowledged: vi.fn<SendQueueHooks['onAcknowledged']>(),
    onDropped: vi.fn<SendQueueHooks['onDropped']>(),
  }
  return { queue: createSendQueue(hooks), ...hooks }
}

const acknowledged = { status: 204, isMarked: true }
const refused = (status: number, reason: string) => ({ status, isMarked: true, reason })

it('gives the oldest first, and forgets what is acknowledged, once', () => {
  const { queue, onAcknowledged } = open()
  const batches = [entryOf(1), entryOf(2, 5)]
  queue.add(batches)
  expect(queue.next(NOW_MS)).toEqual(batches)
  expect(queue.settle(batches, acknowledged)).toBe('acknowledged')
  expect(queue.next(NOW_MS)).toEqual([])
  // A second answer to the same body, after a call that was taken for dead.
  queue.settle(batches, acknowledged)
  expect(onAcknowledged.mock.calls).toEqual([[6], [0]])
})

it('keeps what nobody answered, and drops it when the edge would not take it any more', () => {
  const { queue, onDropped } = open()
  const batches = [entryOf(1)]
  queue.add(batches)
  expect(queue.settle(batches, { status: 200, isMarked: false })).toBe('retry')
  expect(queue.next(NOW_MS + 1 + RETENTION_MS)).toEqual(batches)
  expect(queue.next(NOW_MS + 2 + RETENTION_MS)).toEqual([])
  expect(onDropped).toHaveBeenLastCalledWith('expired', batches)
})

it('halves bodies until the bad batch is alone, and then drops it', () => {
  const { queue, onDropped } = open()
  const batches = [1, 2, 3, 4].map((sequence) => entryOf(sequence))
  queue.add(batches)
  const bad = refused(422, 'bad_batch')
  expect(queue.settle(queue.next(NOW_MS), bad)).toBe('split')
  expect(queue.next(NOW_MS)).toHaveLength(2)
  expect(queue.settle(queue.next(NOW_MS), bad)).toBe('split')
  expect(queue.settle(queue.next(NOW_MS), bad)).toBe('rejected')
  expect(onDropped).toHaveBeenLastCalledWith('rejected', batches.slice(0, 1))
  expect(queue.next(NOW_MS)).toEqual(batches.slice(1, 3))
})

it.each([
  ['the sender is refused', refused(403, 'origin_not_allowed'), 1, false],
  ['its coding is refused', refused(415, 'unsupported_encoding'), 1, false],
  ['a batch with records is refused', refused(422, 'bad_batch'), 1, true],
  ['a batch of nothing but drops is refused', refused(422, 'bad_batch'), 0, false],
  ['there is no answer', { status: 0, isMarked: false }, 0, true],
  ['it is acknowledged', acknowledged, 0, true],
] as const)('a batch that only says what was dropped, after %s', (...[, answer, records, takesDrops]) => {
  const { queue } = open()
  expect(queue.takesDrops()).toBe(true)
  const batches = [entryOf(1, records)]
  queue.add(batches)
  queue.settle(batches, answer)
  expect(queue.takesDrops()).toBe(takesDrops)
  queue.settle([entryOf(2)], refused(422, 'bad_batch'))
  expect(queue.takesDrops()).toBe(takesDrops)
  queue.settle([entryOf(3)], acknowledged)
  expect(queue.takesDrops()).toBe(true)
})

import { describe, expect, it } from 'vitest'
import { CONFIRM_AFTER_MS } from '../../../src/core/entry.ts'
import { isTimerDue, hasLeftovers, isLeased, isLeftover, isExplicitFlush, LEASE_MS } from '../../../src/courier/due.ts'
import { IDLE } from '../../../src/protocol/send-state.ts'
import { entryOf } from './batches.ts'

const NOW_MS = 5_000_000

describe('the lease', () => {
  it.each([
    ['nobody', 0, false],
    ['a page that lives', NOW_MS - 1, true],
    ['a page that died with it', NOW_MS - LEASE_MS, false],
    ['a page from before this one began', NOW_MS - 101, false],
    ['a page that began with this one', NOW_MS - 100, true],
    ['a page with another clock', NOW_MS + 1, false],
  ])('of %s', (_, leasedMs, leased) => {
    expect(isLeased({ ...IDLE, leasedMs }, NOW_MS - 100, NOW_MS)).toBe(leased)
  })
})

describe('isLeftover', () => {
  it.each([
    ['from before this page', { sealedMs: 999, nowMs: 2_000 }, true],
    ['of this very moment', { sealedMs: 1_000, nowMs: 2_000 }, true],
    ['of a live tab, young', { sealedMs: 1_001, nowMs: 2_000 }, false],
    ['of a live tab, overdue', { sealedMs: 1_001, nowMs: 61_002 }, true],
    ['from before the clock was set back', { sealedMs: 200_000, nowMs: 2_000 }, true],
  ])('%s', (_, { sealedMs, nowMs }, expected) => {
    expect(isLeftover(entryOf(1, { sealedMs }), { startedMs: 1_000, nowMs, youngMs: 60_000 })).toBe(expected)
  })
})

describe('when it is time', () => {
  const paused = { ...IDLE, failures: 1, failedMs: NOW_MS, waitMs: 1_000 }
  const left = (agoMs: number) => entryOf(1, { leftMs: NOW_MS - agoMs })
  it.each([
    ['nothing', [], { state: IDLE, due: false, first: false, wanted: true }],
    ['something unsent', [entryOf(1)], { state: IDLE, due: true, first: true, wanted: true }],
    ['only what has left', [left(1)], { state: IDLE, due: false, first: false, wanted: true }],
    ['what has left long ago', [left(CONFIRM_AFTER_MS + 1)], { state: IDLE, due: true, first: true, wanted: true }],
    ['what leaves in the future', [left(-CONFIRM_AFTER_MS - 1)], { state: IDLE, due: true, first: true, wanted: true }],
    ['both', [left(1), entryOf(2)], { state: IDLE, due: true, first: true, wanted: true }],
    ['back-off', [entryOf(1)], { state: paused, due: false, first: true, wanted: true }],
  ])('%s', (_, entries, { state, ...expected }) => {
    const ready = { ready: entries, leftovers: entries, state, nowMs: NOW_MS }
    expect({ due: isTimerDue(ready), first: hasLeftovers(ready), wanted: isExplicitFlush(ready) }).toEqual(expected)
  })

  it('the start of a page leaves alone what is only this page own', () => {
    const ready = { ready: [entryOf(1)], state: IDLE, nowMs: NOW_MS }
    expect(hasLeftovers({ ...ready, leftovers: [] })).toBe(false)
    expect(hasLeftovers({ ...ready, leftovers: [entryOf(2)] })).toBe(true)
  })
})

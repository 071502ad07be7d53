import { describe, expect, it } from 'vitest'
import {
  AT_REST,
  CONFIRM_AFTER_MS,
  isDue,
  isLeased,
  isLeftover,
  isOrdered,
  isPaused,
  isWanted,
  LEASE_MS,
  paceAfter,
} from '../../../src/delivery/flush-policy.ts'
import { entryOf } from './batches.ts'

const NOW_MS = 5_000_000

describe('paceAfter', () => {
  it('doubles the bound of the wait with each failure, and waits a random part of it', () => {
    let pace = AT_REST
    const waitsMs = [0.5, 0.5, 0.5].map((random) => {
      pace = paceAfter(pace, { failedMs: NOW_MS, waitMs: undefined, random })
      return pace.waitMs
    })
    expect(waitsMs).toEqual([1_000, 2_000, 4_000])
    expect(pace).toMatchObject({ failures: 3, failedMs: NOW_MS })
  })

  it('lets Retry-After win, and gives up the lease', () => {
    const pace = paceAfter({ ...AT_REST, failures: 4, leasedMs: 7 }, { failedMs: NOW_MS, waitMs: 60_000, random: 0.5 })
    expect(pace).toEqual({ leasedMs: 0, failures: 0, failedMs: NOW_MS, waitMs: 60_000 })
  })
})

describe('the pace', () => {
  const backingOff = { ...AT_REST, failures: 1, failedMs: NOW_MS, waitMs: 1_000 }
  const asked = { ...backingOff, failures: 0 }
  it.each([
    ['at rest', { pace: AT_REST, nowMs: NOW_MS, paused: false, ordered: false }],
    ['in back-off', { pace: backingOff, nowMs: NOW_MS + 999, paused: true, ordered: false }],
    ['after back-off', { pace: backingOff, nowMs: NOW_MS + 1_000, paused: false, ordered: false }],
    ['asked to wait', { pace: asked, nowMs: NOW_MS + 999, paused: true, ordered: true }],
    ['after that', { pace: asked, nowMs: NOW_MS + 1_000, paused: false, ordered: false }],
    [
      'asked to wait, and then the clock was set back',
      { pace: asked, nowMs: NOW_MS - 1, paused: false, ordered: false },
    ],
  ])('%s', (_, { pace, nowMs, ...expected }) => {
    expect({ paused: isPaused(pace, nowMs), ordered: isOrdered(pace, nowMs) }).toEqual(expected)
  })

  it.each([
    ['nobody', 0, false],
    ['a page that lives', NOW_MS - 1, true],
    ['a page that died with it', NOW_MS - LEASE_MS, false],
    ['a page from before this one began', NOW_MS - 100, false],
    ['a page with another clock', NOW_MS + 1, false],
  ])('the lease of %s', (_, leasedMs, leased) => {
    expect(isLeased({ ...AT_REST, leasedMs }, NOW_MS - 100, NOW_MS)).toBe(leased)
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
  const paused = { ...AT_REST, failures: 1, failedMs: NOW_MS, waitMs: 1_000 }
  const asked = { ...paused, failures: 0 }
  const marked = (agoMs: number) => entryOf(1, { beaconedMs: NOW_MS - agoMs })
  it.each([
    ['nothing', [], { pace: AT_REST, due: false, wanted: true }],
    ['something unsent', [entryOf(1)], { pace: AT_REST, due: true, wanted: true }],
    ['only what a beacon took', [marked(1)], { pace: AT_REST, due: false, wanted: true }],
    ['what a beacon took long ago', [marked(CONFIRM_AFTER_MS + 1)], { pace: AT_REST, due: true, wanted: true }],
    ['both', [marked(1), entryOf(2)], { pace: AT_REST, due: true, wanted: true }],
    ['back-off', [entryOf(1)], { pace: paused, due: false, wanted: true }],
    ['Retry-After', [entryOf(1)], { pace: asked, due: false, wanted: false }],
  ])('%s', (_, entries, { pace, ...expected }) => {
    expect({ due: isDue(entries, pace, NOW_MS), wanted: isWanted(entries, pace, NOW_MS) }).toEqual(expected)
  })
})

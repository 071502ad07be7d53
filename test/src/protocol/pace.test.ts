import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { AT_REST, isOrdered, isPaused, isWithin, OBEY_MS, paceAfter, settingsIn } from '../../../src/protocol/pace.ts'

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

  it('lets Retry-After win, gives up the lease and keeps what the edge said', () => {
    const before = { ...AT_REST, failures: 4, leasedMs: 7, settings: '{}', heardMs: 9 }
    expect(paceAfter(before, { failedMs: NOW_MS, waitMs: 60_000, random: 0.5 })).toEqual({
      leasedMs: 0,
      failures: 0,
      failedMs: NOW_MS,
      waitMs: 60_000,
      settings: '{}',
      heardMs: 9,
    })
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
      'asked to wait by a page whose clock was ahead',
      { pace: asked, nowMs: NOW_MS - 1, paused: false, ordered: false },
    ],
  ])('%s', (_, { pace, nowMs, ...expected }) => {
    expect({ paused: isPaused(pace, nowMs), ordered: isOrdered(pace, nowMs) }).toEqual(expected)
  })

  it('is within from its start on, for its length', () => {
    fc.assert(
      fc.property(fc.nat(1e6), fc.nat(1e6), fc.nat(3e6), (startMs, lengthMs, nowMs) => {
        expect(isWithin(startMs, lengthMs, nowMs)).toBe(nowMs >= startMs && nowMs - startMs < lengthMs)
      }),
    )
  })
})

describe('settingsIn', () => {
  it.each([
    ['never heard', AT_REST, NOW_MS, null],
    ['just heard', { ...AT_REST, settings: '{}', heardMs: NOW_MS }, NOW_MS, '{}'],
    ['within the hour', { ...AT_REST, settings: '{}', heardMs: NOW_MS }, NOW_MS + OBEY_MS - 1, '{}'],
    ['after the hour', { ...AT_REST, settings: '{}', heardMs: NOW_MS }, NOW_MS + OBEY_MS, null],
    ['nothing said', { ...AT_REST, settings: null, heardMs: NOW_MS }, NOW_MS, null],
    ['heard by a clock that was ahead', { ...AT_REST, settings: '{}', heardMs: NOW_MS + 1 }, NOW_MS, null],
  ])('%s', (...[, pace, nowMs, settings]) => {
    expect(settingsIn(pace, nowMs)).toBe(settings)
  })
})

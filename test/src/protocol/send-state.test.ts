import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  IDLE,
  isHeldByServer,
  isPaused,
  isWithin,
  SETTINGS_TTL_MS,
  afterFailure,
  settingsIn,
} from '../../../src/protocol/send-state.ts'

const NOW_MS = 5_000_000

describe('afterFailure', () => {
  it('doubles the bound of the wait with each failure, and waits a random part of it', () => {
    let state = IDLE
    const waitsMs = [0.5, 0.5, 0.5].map((random) => {
      state = afterFailure(state, { failedMs: NOW_MS, waitMs: undefined, random })
      return state.waitMs
    })
    expect(waitsMs).toEqual([1_000, 2_000, 4_000])
    expect(state).toMatchObject({ failures: 3, failedMs: NOW_MS })
  })

  it('lets Retry-After win, gives up the lease and keeps what the edge said', () => {
    const before = { ...IDLE, failures: 4, leasedMs: 7, settings: '{}', heardMs: 9 }
    expect(afterFailure(before, { failedMs: NOW_MS, waitMs: 60_000, random: 0.5 })).toEqual({
      leasedMs: 0,
      failures: 0,
      failedMs: NOW_MS,
      waitMs: 60_000,
      settings: '{}',
      heardMs: 9,
    })
  })
})

describe('the send state', () => {
  const backingOff = { ...IDLE, failures: 1, failedMs: NOW_MS, waitMs: 1_000 }
  const asked = { ...backingOff, failures: 0 }
  it.each([
    ['at rest', { state: IDLE, nowMs: NOW_MS, paused: false, held: false }],
    ['in back-off', { state: backingOff, nowMs: NOW_MS + 999, paused: true, held: false }],
    ['after back-off', { state: backingOff, nowMs: NOW_MS + 1_000, paused: false, held: false }],
    ['asked to wait', { state: asked, nowMs: NOW_MS + 999, paused: true, held: true }],
    ['after that', { state: asked, nowMs: NOW_MS + 1_000, paused: false, held: false }],
    ['asked to wait by a page whose clock was ahead', { state: asked, nowMs: NOW_MS - 1, paused: false, held: false }],
  ])('%s', (_, { state, nowMs, ...expected }) => {
    expect({ paused: isPaused(state, nowMs), held: isHeldByServer(state, nowMs) }).toEqual(expected)
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
    ['never heard', IDLE, NOW_MS, null],
    ['just heard', { ...IDLE, settings: '{}', heardMs: NOW_MS }, NOW_MS, '{}'],
    ['within the hour', { ...IDLE, settings: '{}', heardMs: NOW_MS }, NOW_MS + SETTINGS_TTL_MS - 1, '{}'],
    ['after the hour', { ...IDLE, settings: '{}', heardMs: NOW_MS }, NOW_MS + SETTINGS_TTL_MS, null],
    ['nothing said', { ...IDLE, settings: null, heardMs: NOW_MS }, NOW_MS, null],
    ['heard by a clock that was ahead', { ...IDLE, settings: '{}', heardMs: NOW_MS + 1 }, NOW_MS, null],
  ])('%s', (...[, state, nowMs, settings]) => {
    expect(settingsIn(state, nowMs)).toBe(settings)
  })
})

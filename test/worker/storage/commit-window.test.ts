import { describe, expect, it } from 'vitest'
import { createCommitWindow, isWorthARow, MAX_HOLD_MS } from '../../../worker/storage/commit-window.ts'

/** The hold after a long time at a steady rate, and how many rows a beacon costs then. */
function settle(ratePerSecond: number): { holdMs: number; rowsPerBeacon: number } {
  const window = createCommitWindow()
  const gapMs = 1_000 / ratePerSecond
  let rows = 0
  let beacons = 0
  let holdMs = 0
  let lateRows = 0
  let lateBeacons = 0
  for (let nowMs = 1_000_000; nowMs < 1_030_000;) {
    holdMs = window.holdMs(nowMs)
    const group = 1 + Math.floor(holdMs / gapMs + 1e-9)
    window.committed(group, nowMs + holdMs)
    nowMs += Math.max(group * gapMs, holdMs)
    rows++
    beacons += group
    if (nowMs < 1_010_000) [lateRows, lateBeacons] = [rows, beacons]
  }
  return { holdMs, rowsPerBeacon: (rows - lateRows) / (beacons - lateBeacons) }
}

describe('the commit window', () => {
  it.each([0.1, 1, 5])('holds nobody up at %d beacons/s', (rate) => {
    expect(settle(rate).holdMs).toBe(0)
  })

  it.each([100, 300, 1_000, 5_000])('costs at most 0.1 rows a beacon at %d beacons/s', (rate) => {
    const { holdMs, rowsPerBeacon } = settle(rate)
    expect(rowsPerBeacon).toBeLessThanOrEqual(0.1)
    expect(holdMs).toBeLessThanOrEqual(MAX_HOLD_MS)
  })

  it('holds 100 ms at the most, and less the more there is', () => {
    expect(settle(30).holdMs).toBe(MAX_HOLD_MS)
    expect(settle(1_000).holdMs).toBeLessThan(20)
    expect(settle(10_000).holdMs).toBeLessThan(2)
  })

  it('forgets a burst within seconds', () => {
    const window = createCommitWindow()
    window.committed(500, 1_000)
    expect(window.holdMs(1_100)).toBeGreaterThan(0)
    expect(window.holdMs(8_000)).toBe(0)
  })

  it('survives a clock that goes back', () => {
    const window = createCommitWindow()
    window.committed(1, 10_000)
    window.committed(1, 5_000)
    expect(window.holdMs(5_000)).toBeGreaterThanOrEqual(0)
  })

  it.each([
    [1, false],
    [15, false],
    [16, true],
  ])('%i beacons are worth a row: %s', (beacons, isWorth) => {
    expect(isWorthARow(beacons)).toBe(isWorth)
  })
})

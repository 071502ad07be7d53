import { expect, it } from 'vitest'
import { buildsToDrop, KEPT_MS, MAX_BUILDS, MAX_BYTES } from '../../../worker/storage/kept-builds.ts'

const NOW_MS = 1_800_000_000_000
const DAY_MS = 86_400_000

/** The oldest first, each a day after the one before it, and the last one of this moment. */
const daily = (count: number, bytes: number): { servedMs: number; bytes: number }[] =>
  Array.from({ length: count }, (_, i) => ({ servedMs: NOW_MS - (count - 1 - i) * DAY_MS, bytes }))

it.each([
  ['nothing of nothing', [], 0],
  ['nothing of one', daily(1, 1), 0],
  ['nothing of few, however old', [{ servedMs: 0, bytes: 1 }, ...daily(10, 1)], 0],
  ['nothing of as many as there may be', daily(MAX_BUILDS, 1), 0],
  ['the oldest of more', daily(MAX_BUILDS + 3, 1), 3],
  // 100 days: 32 builds are of the last 31 of them, and 40 may stay.
  ['no more than what is too many', daily(100, 1), 100 - MAX_BUILDS],
  [
    'nothing that is young, however many there are',
    daily(100, 1).map((build) => ({ ...build, servedMs: NOW_MS - KEPT_MS })),
    0,
  ],
  ['the oldest of what is too large, however young', daily(10, MAX_BYTES / 8), 2],
  ['nothing of what just fits', daily(8, MAX_BYTES / 8), 0],
  ['all but the last', daily(10, MAX_BYTES * 2), 9],
])('%s goes', (_, builds, expected) => {
  expect(buildsToDrop(builds, NOW_MS)).toBe(expected)
})

import * as fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { compactor } from '../../../src/compact/compactor.ts'
import { KEEPALIVE_BYTES } from '../../../src/core/keepalive-budget.ts'
import { drop } from '../../../src/core/record.ts'
import { batchesOf, sealWindow } from '../../../src/core/seal.ts'
import { MAX_BATCH_BYTES, MAX_POINTS_PER_BATCH, MAX_VALUES } from '../../../src/protocol/limits.ts'
import type { WireBatch } from '../../../src/protocol/types.ts'
import { HEAD as PLAIN, pointsOf, readByEdge, seal, startRecorder } from './recording.ts'

// The development build says what is wrong; its texts have tests of their own (test/src/check).
beforeEach(() => void vi.spyOn(console, 'warn').mockImplementation(() => {}))
afterEach(() => vi.restoreAllMocks())

const HEAD = { ...PLAIN, sequence: 7, sealedMs: 1_700_000_000_000 }
const many = (values: number): number[] => Array.from({ length: values }, (_, i) => i + 0.5)

it('makes nothing of nothing', () => {
  const { recorder } = startRecorder()
  expect(batchesOf(recorder, HEAD)).toEqual([])
})

it('writes one batch, counters before histograms, and what was dropped first', () => {
  const { recorder, verbs } = startRecorder()
  verbs.observe('h', 0.5)
  verbs.increment('c', 1, { a: 'b' })
  verbs.increment('c', 2, { a: 'b' })
  drop(recorder, 'expired', 4)
  const [batch, ...others] = batchesOf(recorder, { ...HEAD, weight: 10, resource: { service: 'shop' } })
  expect(others).toEqual([])
  expect(batch).toMatchObject({
    v: 1,
    session: HEAD.session,
    weight: 10,
    resource: { service: 'shop' },
    sequence: 7,
    sealedMs: HEAD.sealedMs,
    records: 3,
    drops: { expired: 4 },
    text: '[7,1700000000000,[["pharos.dropped",4,{"reason":"expired","where":"page"}],["c",3,{"a":"b"}]],[["h",0.5]]]',
  })
})

it('ends the window by one assignment: it has all of the batches, or is still there', () => {
  const { recorder, verbs } = startRecorder()
  verbs.increment('a')
  const window = recorder.current
  const batches = batchesOf(recorder, HEAD)
  expect([recorder.current, batchesOf(recorder, HEAD)]).toEqual([window, batches])
  sealWindow(recorder, HEAD)
  expect(recorder.current).toEqual({ dirty: [], unreported: {}, sealed: batches })
})

describe('the values of a point', () => {
  const written = (values: readonly number[], withCompactor: boolean): readonly [unknown[], unknown[]] => {
    const { recorder, verbs } = startRecorder()
    if (withCompactor) recorder.compactor = compactor
    for (const value of values) {
      verbs.increment('c', value)
      verbs.observe('h', value)
    }
    return pointsOf(seal(recorder))
  }

  it.each<[string, number[], unknown, unknown]>([
    ['one whole', [3], 3, 3],
    ['two whole', [3, 4], 7, [[3, 4]]],
    ['a fraction', [0.5], 0.5, 0.5],
    ['fractions', [0.5, 0.25], [0.5, 0.25], [[0.5, 0.25]]],
    ['both', [0.5, 2, 0.25, 3], [5, 0.5, 0.25], [[0.5, 2, 0.25, 3]]],
  ])('as they are: %s', (_, values, ...[counter, histogram]) => {
    for (const withCompactor of [false, true])
      expect(written(values, withCompactor)).toEqual([[['c', counter]], [['h', histogram]]])
  })

  it('travel as they are up to 255, and as buckets from there on', () => {
    expect(written(many(255), true)).toEqual([[['c', many(255)]], [['h', [many(255)]]]])
    const [[counter], [histogram]] = written(many(256), true) as [[unknown[]], [unknown[]]]
    expect(counter[1]).toBe(256 * 128)
    expect(histogram[1]).toEqual([256 * 128, expect.any(Array), expect.any(Number)])
  })

  it('are those of several points while the compactor is missing, each within the limits of the wire', () => {
    const [counters, histograms] = written(many(1_201), false) as [[string, number[]][], [string, [number[]]][]]
    expect(counters.map(([, values]) => values.length)).toEqual([500, 500, 201])
    expect(histograms.map(([, [values]]) => values.length)).toEqual([500, 500, 201])
    for (const [, values] of counters) expect(values.length).toBeLessThanOrEqual(MAX_VALUES)
  })

  it('that were folded are those of one window', () => {
    const { recorder, verbs } = startRecorder()
    recorder.compactor = compactor
    for (const value of many(600)) verbs.observe('h', value)
    seal(recorder)
    verbs.observe('h', 0.5)
    expect(pointsOf(seal(recorder))[1]).toEqual([['h', 0.5]])
  })

  it('are folded at the end where the compactor came in the middle', () => {
    const { recorder, verbs } = startRecorder()
    for (const value of many(700)) verbs.observe('h', value)
    recorder.compactor = compactor
    expect(pointsOf(batchesOf(recorder, HEAD))[1]).toHaveLength(1)
    for (const value of many(3)) verbs.observe('h', value)
    const [point, ...rest] = [...readByEdge(seal(recorder)).histograms.values()]
    expect(rest).toEqual([])
    expect([...point!.positive.values()].reduce((sum, count) => sum + count, 0)).toBe(703)
  })
})

const anyText = fc.string({ unit: 'grapheme', maxLength: 900 })
const anyMetric = fc.record({
  name: anyText,
  attributes: fc.dictionary(fc.string({ unit: 'grapheme', maxLength: 9 }), anyText, {
    maxKeys: 3,
    noNullPrototype: true,
  }),
  values: fc.oneof(
    { weight: 20, arbitrary: fc.array(fc.double({ min: 0.1, max: 1e9, noNaN: true }), { minLength: 1, maxLength: 3 }) },
    {
      weight: 1,
      arbitrary: fc.array(fc.double({ min: 0.1, max: 1e9, noNaN: true }), { minLength: 300, maxLength: 900 }),
    },
  ),
})

it('keeps every point and every record, in batches within the limits', () => {
  fc.assert(
    fc.property(fc.array(anyMetric, { maxLength: 300, size: 'max' }), (metrics) => {
      const { recorder, verbs } = startRecorder()
      for (const { name, attributes, values } of metrics)
        for (const value of values) verbs.observe(name, value, attributes)
      const batches = batchesOf(recorder, HEAD)
      const found: number[] = []
      for (const [i, { text, sequence, bytes }] of batches.entries()) {
        const [number, , counters, histograms] = JSON.parse(text) as WireBatch
        expect([sequence, number]).toEqual([HEAD.sequence + i, HEAD.sequence + i])
        expect(counters.length + histograms.length).toBeLessThanOrEqual(MAX_POINTS_PER_BATCH)
        // One that is larger has a single point, which no edge would take: it may not hold up what comes after.
        expect(histograms.length > 1 ? Buffer.byteLength(text) : 0).toBeLessThanOrEqual(MAX_BATCH_BYTES)
        expect(bytes).toBeLessThan(KEEPALIVE_BYTES)
        for (const [, values] of histograms) found.push(...((values as [number[]])[0] ?? [values]))
      }
      const sorted = (values: number[]): number[] => values.sort((a, b) => a - b)
      expect(sorted(found)).toEqual(sorted(metrics.flatMap(({ values }) => values)))
      expect(batches.reduce((sum, { records }) => sum + records, 0)).toBe(found.length)
    }),
    { numRuns: 30 },
  )
})

import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type DecodedBatch, decodeEnvelope } from '../../../src/protocol/decode.ts'
import { decodeHistogram } from '../../../src/protocol/decode-value.ts'
import { addExact, roundExact } from '../../../src/protocol/exact-sum.ts'
import { countOf } from '../../../src/protocol/histogram.ts'
import {
  MAX_BATCHES_PER_BODY,
  MAX_COUNT,
  MAX_POINTS_PER_BATCH,
  MAX_SUM,
  MAX_VALUE,
  MAX_VALUES,
  MAX_WEIGHT,
} from '../../../src/protocol/limits.ts'
import type { Histogram } from '../../../src/protocol/types.ts'
import { encodeHistogram } from '../../../src/protocol/wire.ts'
import { anyValue, histogramOf } from '../../support/arbitraries.ts'

const session = 'AAAAAAAAAAAAAAAA'
const batch = [1, 900, [['clicks', 1]], []]
const group = { session, resource: {}, batches: [batch] }
const body = { v: 1, sent: 1_000, groups: [group] }
const withGroup = (change: object): unknown => ({ ...body, groups: [{ ...group, ...change }] })
const withBatch = (changed: unknown): unknown => withGroup({ batches: [changed] })

const decodePoints = (counters: unknown, histograms: unknown = []): readonly string[] => {
  const decoded = decodeEnvelope(withBatch([1, 900, counters, histograms]))
  if (!decoded.ok) return [decoded.error]
  return decoded.value.flatMap(({ counters, histograms, dropped }) => [
    ...[...counters, ...histograms].map(({ name, attributes }) => [name, ...attributes.flat()].join(' ')),
    ...dropped,
  ])
}

describe('decodeEnvelope', () => {
  it('reads a batch with its age, resource and points', () => {
    const resource = { service: 'shop', release: '1.4.2', attributes: { environment: 'production' } }
    const points = [[['clicks', [1e-20, 2], { page: '/cart' }]], [['duration', 0.5]]]
    expect(decodeEnvelope(withGroup({ resource, batches: [[7, 400, ...points]] }))).toEqual({
      ok: true,
      value: [
        {
          session,
          sequence: 7,
          ageMs: 600,
          weight: 1,
          service: 'shop',
          release: '1.4.2',
          attributes: [['environment', 'production']],
          counters: [{ name: 'clicks', attributes: [['page', '/cart']], value: [1e-20, 2] }],
          histograms: [{ name: 'duration', attributes: [], value: decodeHistogram(0.5) }],
          dropped: [],
        },
      ],
    })
  })

  it.each([
    ['below zero, of a clock set back', 2_000, 0],
    ['beyond all doubles', -1.7e308, Number.MAX_SAFE_INTEGER],
  ])('keeps an age %s finite', (_, sealed, ageMs) => {
    const sent = sealed > 0 ? 1_000 : 1.7e308
    const decoded = decodeEnvelope({ ...(withBatch([1, sealed, [['clicks', 1]], []]) as object), sent })
    expect(decoded.ok && decoded.value[0]?.ageMs).toBe(ageMs)
  })

  it.each([1, 10, MAX_WEIGHT])('reads a weight of %d', (weight) => {
    const decoded = decodeEnvelope(withGroup({ weight }))
    expect(decoded.ok && decoded.value.map((one) => one.weight)).toEqual([weight])
  })

  it.each([0, -1, 1.5, MAX_WEIGHT + 1, '10', null, [10]])('refuses a weight of %j', (weight) => {
    expect(decodeEnvelope(withGroup({ weight }))).toEqual({ ok: false, error: 'bad_group' })
  })

  it('holds values times the weight against the limits, so that no total can be out of them', () => {
    const dropsAt = (weight: number): readonly string[] => {
      const counters = [['a', MAX_SUM / 10], ['b', MAX_SUM]] // prettier-ignore
      const histograms = [['c', 1e290], ['d', [1, [0, Math.floor(MAX_COUNT / 10)]]], ['e', [1, [0, MAX_COUNT]]], ['f', [[1, MAX_SUM], [0, 1]]]] // prettier-ignore
      const decoded = decodeEnvelope(withGroup({ weight, batches: [[1, 900, counters, histograms]] }))
      if (!decoded.ok) return [decoded.error]
      return decoded.value.flatMap((it) => [...it.counters, ...it.histograms].map(({ name }) => name))
    }
    expect(dropsAt(1)).toEqual(['a', 'b', 'c', 'd', 'e', 'f'])
    expect(dropsAt(10)).toEqual(['a', 'c', 'd'])
    expect(dropsAt(MAX_WEIGHT)).toEqual(['c'])
  })

  it('leaves out what it does not know', () => {
    expect(decodeEnvelope({ ...body, extra: 1, groups: [{ ...group, more: [] }] })).toEqual(decodeEnvelope(body))
  })

  it.each([
    ['null', null, 'bad_envelope'],
    ['an array', [body], 'bad_envelope'],
    ['text', 'beacon', 'bad_envelope'],
    ['an empty object', {}, 'bad_envelope'],
    ['another version', { ...body, v: 2 }, 'unsupported_version'],
    ['a version as text', { ...body, v: '1' }, 'unsupported_version'],
    ['no time', { ...body, sent: undefined }, 'bad_envelope'],
    ['time as text', { ...body, sent: '1000' }, 'bad_envelope'],
    ['an infinite time', { ...body, sent: Infinity }, 'bad_envelope'],
    ['no groups', { ...body, groups: [] }, 'bad_envelope'],
    ['groups as object', { ...body, groups: {} }, 'bad_envelope'],
    ['a null group', { ...body, groups: [null] }, 'bad_group'],
    ['a group in an array', { ...body, groups: [[group]] }, 'bad_group'],
    ['a short session', withGroup({ session: 'AAAA' }), 'bad_group'],
    ['a session with a line end', withGroup({ session: `${session}\n` }), 'bad_group'],
    ['a session of other letters', withGroup({ session: 'A+/AAAAAAAAAAAAA' }), 'bad_group'],
    ['no resource', withGroup({ resource: undefined }), 'bad_group'],
    ['a null resource', withGroup({ resource: null }), 'bad_group'],
    ['a resource as list', withGroup({ resource: [] }), 'bad_group'],
    ['no batches', withGroup({ batches: [] }), 'bad_group'],
    ['batches as object', withGroup({ batches: { 0: batch } }), 'bad_group'],
    ['a null batch', withBatch(null), 'bad_batch'],
    ['a short batch', withBatch([1, 900, []]), 'bad_batch'],
    ['a long batch', withBatch([...batch, 0]), 'bad_batch'],
    ['sequence zero', withBatch([0, 900, [['a', 1]], []]), 'bad_batch'],
    ['a negative sequence', withBatch([-1, 900, [['a', 1]], []]), 'bad_batch'],
    ['a broken sequence', withBatch([1.5, 900, [['a', 1]], []]), 'bad_batch'],
    ['a sequence beyond 2^53', withBatch([2 ** 53, 900, [['a', 1]], []]), 'bad_batch'],
    ['a sealing time as text', withBatch([1, '900', [['a', 1]], []]), 'bad_batch'],
    ['no point', withBatch([1, 900, [], []]), 'bad_batch'],
    ['points as object', withBatch([1, 900, {}, []]), 'bad_batch'],
    ['deep arrays', JSON.parse('['.repeat(30_000) + ']'.repeat(30_000)), 'bad_envelope'],
  ])('refuses %s', (_, value, error) => {
    expect(decodeEnvelope(value)).toEqual({ ok: false, error })
  })

  it('bounds points and batches', () => {
    const points = (count: number): unknown => Array.from({ length: count }, (_, i) => [`m${i}`, 1])
    const batches = (count: number): unknown => withGroup({ batches: Array.from({ length: count }, () => batch) })
    expect(decodeEnvelope(withBatch([1, 900, points(MAX_POINTS_PER_BATCH), []])).ok).toBe(true)
    expect(decodeEnvelope(withBatch([1, 900, points(MAX_POINTS_PER_BATCH), [['d', 1]]]))).toEqual({
      ok: false,
      error: 'bad_batch',
    })
    expect(decodeEnvelope(batches(MAX_BATCHES_PER_BODY)).ok).toBe(true)
    expect(decodeEnvelope(batches(MAX_BATCHES_PER_BODY + 1))).toEqual({ ok: false, error: 'too_many_batches' })
  })
})

describe('a point', () => {
  const valid = ['good', 1]
  it.each([
    ['null', null, 'bad_shape'],
    ['a bare name', ['a'], 'bad_shape'],
    ['a fourth item', ['a', 1, {}, 0], 'bad_shape'],
    ['an object', { name: 'a' }, 'bad_shape'],
    ['a name as number', [1, 1], 'bad_name'],
    ['a name of Prometheus', ['__name__', 1], 'bad_name'],
    ['attributes as list', ['a', 1, []], 'bad_attributes'],
    ['null attributes', ['a', 1, null], 'bad_attributes'],
    ['__proto__ as attribute', ['a', 1, JSON.parse('{"__proto__":"x"}')], 'bad_attributes'],
    ['an object as value', ['a', 1, { b: {} }], 'bad_attributes'],
    ['a line end in a value', ['a', 1, { b: 'x\r\ny' }], 'bad_attributes'],
    ['an increase of zero', ['a', 0], 'bad_value'],
    ['a decrease', ['a', -1], 'bad_value'],
    ['an infinite increase', ['a', Infinity], 'bad_value'],
    ['an increase as text', ['a', '1'], 'bad_value'],
    ['no part', ['a', []], 'bad_value'],
    ['parts that cancel', ['a', [1, -1]], 'bad_value'],
    ['a null part', ['a', [1, null]], 'bad_value'],
    ['a nested part', ['a', [[1]]], 'bad_value'],
    ['too many parts', ['a', Array.from({ length: MAX_VALUES + 1 }, () => 1)], 'bad_value'],
    ['parts that are too much together', ['a', [0.6 * MAX_SUM, 0.6 * MAX_SUM]], 'bad_value'],
    ['too large a sum', ['a', 1.1 * MAX_SUM], 'bad_value'],
  ])('that is %s is left out alone', (_, point, reason) => {
    expect(decodePoints([valid, point])).toEqual(['good', reason])
  })

  it('may be a sum of several values of the largest magnitude', () => {
    expect(decodePoints([['a', 2e290]], [['b', [2e290, [246_000, 2]]]])).toEqual(['a', 'b'])
  })

  it('may have a name every object inherits', () => {
    expect(decodePoints([['constructor', 1, { constructor: 'x', toString: 'y' }]])).toEqual([
      'constructor constructor x toString y',
    ])
  })

  it('is another series when its name or attributes differ, or its kind', () => {
    const points = [
      ['a', 1],
      ['a', 1, { b: 'c' }],
      ['a', 1, { b: 'c ' }],
      ['b', 1],
    ]
    expect(decodePoints(points, [['a', 1]])).toHaveLength(5)
  })
})

describe('points of equal series', () => {
  const decodeOne = (counters: unknown, histograms: unknown, weight = 1): DecodedBatch => {
    const decoded = decodeEnvelope(withGroup({ weight, batches: [[1, 900, counters, histograms]] }))
    if (!decoded.ok) throw new Error(decoded.error)
    return decoded.value[0]!
  }

  it('are added without rounding, however their attributes are written', () => {
    const counters = [
      ['a', 0.1, { x: 1, y: 'z' }],
      ['b', 1],
      ['a', 0.2, { y: 'z', x: '1' }],
      ['a', 1e-300, { x: 1, y: 'z', empty: '' }],
    ]
    const sum: number[] = []
    for (const value of [0.1, 0.2, 1e-300]) addExact(sum, value)
    const batch = decodeOne(counters, [])
    expect(batch.dropped).toEqual([])
    expect(batch.counters).toEqual([
      { name: 'a', attributes: [['x', '1'], ['y', 'z']], value: sum }, // prettier-ignore
      { name: 'b', attributes: [], value: [1] },
    ])
  })

  it('have their buckets merged, whatever form each has', () => {
    const values = [3, -2, 0, 0.5, 1e9]
    const forms = [['d', 3], ['d', [[-2, 0]]], ['d', encodeHistogram(histogramOf([0.5, 1e9]))]] // prettier-ignore
    const batch = decodeOne([], forms)
    expect(batch.dropped).toEqual([])
    expect(batch.histograms).toEqual([{ name: 'd', attributes: [], value: histogramOf(values) }])
  })

  it('stay within the limits: the point that would go beyond is left out', () => {
    const counters = [['a', 0.6 * MAX_SUM], ['a', 0.6 * MAX_SUM], ['a', 1]] // prettier-ignore
    const histograms = [['d', [1, [0, MAX_COUNT - 1]]], ['d', [[1, 1]]], ['d', 1]] // prettier-ignore
    const batch = decodeOne(counters, histograms)
    expect(batch.dropped).toEqual(['bad_value', 'bad_value'])
    expect(batch.counters.map(({ value }) => roundExact(value))).toEqual([0.6 * MAX_SUM])
    expect(batch.histograms.map(({ value }) => countOf(value))).toEqual([MAX_COUNT])
    expect(decodeOne([['a', MAX_SUM / 20], ['a', MAX_SUM / 20]], [], 10).dropped).toEqual([]) // prettier-ignore
    expect(decodeOne([['a', MAX_SUM / 20], ['a', MAX_SUM / 10]], [], 10).dropped).toEqual(['bad_value']) // prettier-ignore
  })

  it('are each still one point of the two hundred', () => {
    const equal = (length: number): unknown => withBatch([1, 900, Array.from({ length }, () => ['a', 1]), []])
    const decoded = decodeEnvelope(equal(MAX_POINTS_PER_BATCH))
    expect(decoded.ok && decoded.value[0]!.counters[0]!.value).toEqual([MAX_POINTS_PER_BATCH])
    expect(decodeEnvelope(equal(MAX_POINTS_PER_BATCH + 1))).toEqual({ ok: false, error: 'bad_batch' })
  })
})

describe('a resource', () => {
  const many = (length: number): object => Object.fromEntries(Array.from({ length }, (_, i) => [`z${i}`, 'x']))
  const good = { service: 'shop', release: '1', attributes: [['a', 'b']] }
  const first = Object.entries(many(16)).sort(([a], [b]) => (a < b ? -1 : 1))
  it.each<[string, object, object]>([
    ['an empty one', {}, { service: '', release: '', attributes: [], dropped: [] }],
    ['a whole one', { service: 'shop', release: '1', attributes: { a: 'b' } }, { ...good, dropped: [] }],
    ['a service as number', { service: 1, release: '1', attributes: { a: 'b' } }, { ...good, service: '' }],
    ['a null service', { service: null, release: '1', attributes: { a: 'b' } }, { ...good, service: '' }],
    ['a long service', { service: 'x'.repeat(129), release: '1', attributes: { a: 'b' } }, { ...good, service: '' }],
    ['a lone surrogate', { service: 'shop', release: '\ud800', attributes: { a: 'b' } }, { ...good, release: '' }],
    ['a bad attribute name', { service: 'shop', release: '1', attributes: { 'x y': 1, a: 'b' } }, good],
    ['__proto__', { service: 'shop', release: '1', attributes: JSON.parse('{"__proto__":"x","a":"b"}') }, good],
    ['a null attribute', { service: 'shop', release: '1', attributes: { a: 'b', c: null } }, good],
    ['a nested attribute', { service: 'shop', release: '1', attributes: { a: 'b', c: { d: 1 } } }, good],
    ['a long attribute', { service: 'shop', release: '1', attributes: { a: 'b', c: 'x'.repeat(129) } }, good],
    ['several mistakes', { service: 1, release: {}, attributes: { a: 'b', '': 1, c: [] } }, { service: '', release: '', attributes: [['a', 'b']] }], // prettier-ignore
    ['attributes as list', { service: 'shop', release: '1', attributes: ['a'] }, { ...good, attributes: [] }],
    ['null attributes', { service: 'shop', release: '1', attributes: null }, { ...good, attributes: [] }],
    ['17 attributes', { attributes: { ...many(16), a: 'b' } }, { attributes: first }],
    ['17 good ones and a bad one', { attributes: { 'x y': 1, ...many(17) } }, { attributes: first }], // prettier-ignore
  ])('with %s keeps the rest, and its points are counted', (_, resource, kept) => {
    const decoded = decodeEnvelope(withGroup({ resource }))
    expect(decoded).toMatchObject({
      ok: true,
      value: [{ dropped: ['bad_resource'], counters: [{ name: 'clicks', value: [1] }], ...kept }],
    })
  })

  it('counts once for each batch, so that a batch that comes twice can be told', () => {
    const batches = [[1, 900, [['a', 1], ['b', 1]], []], [2, 900, [['a', 1]], []]] // prettier-ignore
    const decoded = decodeEnvelope(withGroup({ resource: { service: 1, release: 1 }, batches }))
    expect(decoded.ok && decoded.value.map(({ dropped }) => dropped)).toEqual([['bad_resource'], ['bad_resource']])
  })
})

describe('observations as they came', () => {
  it('are the histogram that they make', () => {
    fc.assert(
      fc.property(fc.array(anyValue, { minLength: 1, maxLength: 50 }), (values) => {
        expect(decodeHistogram([values])).toEqual(histogramOf(values))
      }),
    )
  })

  it('may be as many as the limit', () => {
    const values = Array.from({ length: MAX_VALUES }, (_, i) => i / 8)
    expect(countOf(decodeHistogram([values])!)).toBe(MAX_VALUES)
    expect(decodeHistogram([[...values, 1]])).toBeUndefined()
  })

  it.each([
    ['none', [[]]],
    ['text', [['1']]],
    ['null', [[1, null]]],
    ['a list', [[[1]]]],
    ['one not in a list', [1]],
    ['one too large', [[1.1 * MAX_VALUE]]],
    ['one that is infinite', [[Infinity]]],
    ['no list', []],
  ])('%s are no histogram', (_, raw) => {
    expect(decodeHistogram(raw)).toBeUndefined()
  })

  it('are held to the limit of a sum, with the weight', () => {
    expect(decodeHistogram([[MAX_VALUE, MAX_VALUE]], MAX_WEIGHT)).toBeUndefined()
    expect(decodeHistogram([[MAX_VALUE, MAX_VALUE]], MAX_WEIGHT / 2)).toBeDefined()
  })
})

describe('decodeHistogram', () => {
  it('reads gaps, counts, scale, zero and negative buckets', () => {
    const histogram = decodeHistogram([6.5, [-3, 2, 5, 1], 2, 4, [7, 1]]) as Histogram
    expect(histogram).toEqual({
      scale: 2,
      zero: 4,
      positive: new Map([[-3, 2], [2, 1]]), // prettier-ignore
      negative: new Map([[7, 1]]),
      sum: [6.5],
    })
    expect(countOf(histogram)).toBe(8)
    expect(roundExact(histogram.sum)).toBe(6.5)
  })

  it.each([
    ['null', null],
    ['text', '1'],
    ['an object', {}],
    ['a huge lone value', 1e291],
    ['an infinite lone value', Infinity],
    ['no buckets', [1]],
    ['a sixth item', [1, [0, 1], 8, 0, [], 0]],
    ['an odd list', [1, [0, 1, 2]]],
    ['a gap of zero', [1, [0, 1, 0, 1]]],
    ['a gap below zero', [1, [5, 1, -1, 1]]],
    ['a broken index', [1, [0.5, 1]]],
    ['a count of zero', [1, [0, 0]]],
    ['a negative count', [1, [0, -1]]],
    ['a broken count', [1, [0, 1.5]]],
    ['a count beyond 2^53', [1, [0, 2 ** 53]]],
    ['counts beyond 2^53 together', [1, [0, MAX_COUNT, 1, 1]]],
    ['no observation', [0, []]],
    ['an index above any double', [1, [1024 * 256, 1]]],
    ['an index below any double', [1, [-1075 * 256 - 2, 1]]],
    ['a gap to beyond any double', [1, [0, 1, Number.MAX_SAFE_INTEGER, 1]]],
    ['too many buckets', [1, Array.from({ length: 322 }, () => 1)]],
    ['too fine a scale', [1, [0, 1], 9]],
    ['too coarse a scale', [1, [0, 1], -5]],
    ['a broken scale', [1, [0, 1], 1.5]],
    ['a null scale', [1, [0, 1], null]],
    ['a negative zero count', [1, [0, 1], 8, -1]],
    ['negative buckets as object', [1, [0, 1], 8, 0, {}]],
    ['no sum', [null, [0, 1]]],
  ])('refuses %s', (_, raw) => {
    expect(decodeHistogram(raw)).toBeUndefined()
  })
})

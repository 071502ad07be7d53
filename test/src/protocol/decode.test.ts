import { describe, expect, it } from 'vitest'
import { decodeEnvelope } from '../../../src/protocol/decode.ts'
import { decodeHistogram } from '../../../src/protocol/decode-value.ts'
import {
  MAX_BATCHES_PER_BODY,
  MAX_COUNT,
  MAX_POINTS_PER_BATCH,
  MAX_SUM,
  MAX_WEIGHT,
} from '../../../src/protocol/limits.ts'

const session = 'AAAAAAAAAAAAAAAA'
const batch = [1, 900, [['clicks', 1]], []]
const group = { session, resource: {}, batches: [batch] }
const body = { v: 1, sent: 1_000, groups: [group] }
const withGroup = (change: object): unknown => ({ ...body, groups: [{ ...group, ...change }] })
const withBatch = (changed: unknown): unknown => withGroup({ batches: [changed] })

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

  it('leaves out a point that is not valid, of either kind, and counts each', () => {
    const decoded = decodeEnvelope(withBatch([1, 900, [['a', 1], ['a b', 1], ['b', 0]], [['c', null], ['d', 1]]])) // prettier-ignore
    expect(decoded).toMatchObject({
      ok: true,
      value: [
        { counters: [{ name: 'a' }], histograms: [{ name: 'd' }], dropped: ['bad_name', 'bad_value', 'bad_value'] },
      ],
    })
  })

  it('counts points of equal series each as one of the two hundred', () => {
    const equal = (length: number): unknown => withBatch([1, 900, Array.from({ length }, () => ['a', 1]), []])
    const decoded = decodeEnvelope(equal(MAX_POINTS_PER_BATCH))
    expect(decoded.ok && decoded.value[0]!.counters[0]!.value).toEqual([MAX_POINTS_PER_BATCH])
    expect(decodeEnvelope(equal(MAX_POINTS_PER_BATCH + 1))).toEqual({ ok: false, error: 'bad_batch' })
  })

  it('counts a resource that is not valid once for each batch, so that a batch that comes twice can be told', () => {
    const batches = [[1, 900, [['a', 1], ['b', 1]], []], [2, 900, [['a', 1]], []]] // prettier-ignore
    const decoded = decodeEnvelope(withGroup({ resource: { service: 1, release: 1 }, batches }))
    expect(decoded.ok && decoded.value.map(({ dropped }) => dropped)).toEqual([['bad_resource'], ['bad_resource']])
  })
})

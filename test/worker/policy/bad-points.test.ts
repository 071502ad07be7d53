import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { ok } from '../../../src/protocol/result.ts'
import { parseSeriesKey } from '../../../worker/model/series-key.ts'
import { defaultConfig } from '../../../worker/config/default-config.ts'
import { admitText } from '../../../worker/policy/admit-text.ts'
import { unitsOf } from '../../support/rationals.ts'

const attributes = (count: number): object =>
  Object.fromEntries(Array.from({ length: count }, (_, i) => [`a${i}`, 'x'] as const))

/** Every way in which a point can be wrong, and the reason under which it is counted. */
const bad: readonly (readonly [point: unknown, reason: string])[] = [
  ...['', '1st', '.a', '__name__', 'a b', 'a-b', 'caf\u00e9', '\u{1f642}', 'a\n', 'x'.repeat(129)].map(
    (name) => [[name, 1], 'bad_name'] as const,
  ),
  ...[null, 1, {}, []].map((name) => [[name, 1], 'bad_name'] as const),
  ...['pharos.x', 'pharos_x', 'pharos.dropped'].map((name) => [[name, 1], 'reserved_name'] as const),
  ...[null, [], 'text', 1, true, attributes(17)].map((own) => [['c', 1, own], 'bad_attributes'] as const),
  ...[null, {}, [], { b: 1 }, 'x'.repeat(129), 'a\nb', '\ud800'].map(
    (value) => [['c', 1, { a: value }], 'bad_attributes'] as const,
  ),
  ...['', '1a', '__a', 'a b', '\u{1f642}', 'x'.repeat(65)].map(
    (name) => [['c', 1, { [name]: 1 }], 'bad_attributes'] as const,
  ),
  ...[null, 0, -1, '1', true, {}, [], [[]], [[1]], [1, -1], 1.1e294].map(
    (value) => [['c', value], 'bad_value'] as const,
  ),
  ...[null, 'a', 1, {}, [], ['c'], ['c', 1, {}, 1]].map((point) => [point, 'bad_shape'] as const),
]

const good = fc.record({
  kind: fc.constant('good' as const),
  name: fc.constantFrom('a', 'b', 'constructor'),
  page: fc.constantFrom('/', '/cart', 1, true),
  value: fc.oneof(fc.integer({ min: 1, max: 1_000 }), fc.double({ min: 1e-3, max: 1e3, noNaN: true })),
})
const wrong = fc.constantFrom(...bad).map(([point, reason]) => ({ kind: 'bad' as const, point, reason }))

it('a bad point costs itself and nothing else, whatever stands beside it', () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(good, wrong), { minLength: 1, maxLength: 60 }), (points) => {
      const wire = points.map((it) => (it.kind === 'good' ? [it.name, it.value, { page: it.page }] : it.point))
      const groups = [{ session: 'AAAAAAAAAAAAAAAA', resource: {}, batches: [[1, 1, wire, []]] }]
      const admitted = admitText(JSON.stringify({ v: 1, sent: 1, groups }), defaultConfig)
      const counted = new Map<string, bigint>()
      const reasons: string[] = []
      // Equal points are one once they are added, so what is refused for its series is counted once a series.
      const reserved = new Set<unknown>()
      for (const it of points) {
        if (it.kind === 'good') {
          const key = `${it.name} ${it.page}`
          counted.set(key, (counted.get(key) ?? 0n) + unitsOf([it.value]))
        } else if (it.reason !== 'reserved_name') reasons.push(it.reason)
        else reserved.add((it.point as unknown[])[0])
      }
      reasons.push(...[...reserved].map(() => 'reserved_name'))
      expect(admitted).toEqual(ok([expect.anything()]))
      const [batch] = admitted.ok ? admitted.value : []
      const got = batch!.deltas.map(([key, sum]) => {
        const series = parseSeriesKey(key)
        return [`${series.name} ${series.attributes[0]![1]}`, unitsOf(sum as number[])] as const
      })
      expect(new Map(got)).toEqual(counted)
      expect([...batch!.dropped].sort()).toEqual(reasons.sort())
    }),
    { numRuns: 2_000 },
  )
})

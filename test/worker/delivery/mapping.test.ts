import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { MappingRule } from '../../../worker/model/destination-settings.ts'
import type { SnapshotSeries } from '../../../worker/model/types.ts'
import { canonicalAttributes } from '../../../src/protocol/series.ts'
import { createMapping } from '../../../worker/delivery/mapping.ts'
import { counterOf, gaugeOf, histogramOf } from '../../contract/snapshots.ts'

const clicks = counterOf('shop.clicks', 3, {
  service: 'shop',
  release: '1',
  attributes: { page: '/cart', user: 'x' },
  phase: 'new',
})

const map = (series: SnapshotSeries, ...rules: readonly MappingRule[]): SnapshotSeries | undefined =>
  createMapping(rules)(series)

describe('createMapping', () => {
  it('leaves alone what no rule matches', () => {
    expect(map(clicks, { match: 'blog.*', drop: true })).toBe(clicks)
  })

  it('keeps key, phase, times and total', () => {
    expect(map(clicks, { match: '*', rename: 'a.*' })).toEqual({
      ...clicks,
      series: { ...clicks.series, name: 'a.shop.clicks' },
    })
  })

  it.each<[string, MappingRule[], string | undefined]>([
    ['renames', [{ match: 'shop.clicks', rename: 'clicks' }], 'clicks'],
    ['renames by what the first * stood for', [{ match: '*.c*', rename: '*.x.*' }], 'shop.x.shop'],
    ['takes a name as text', [{ match: 'shop.*', rename: "$&$'*" }], "$&$'clicks"],
    ['drops', [{ match: 'shop.*', drop: true }], undefined],
    ['holds to the first rule', [{ match: 'shop.*' }, { match: '*', drop: true }], 'shop.clicks'],
  ])('%s', (_what, rules, expected) => {
    expect(map(clicks, ...rules)?.series.name).toBe(expected)
  })

  it.each<[string, SnapshotSeries, MappingRule['type'], SnapshotSeries['series']['kind'], unknown]>([
    ['a histogram as a counter of its observations', histogramOf('h', [1, 2, 0, -3]), 'counter', 'counter', [4]],
    ['an empty histogram as a counter', histogramOf('h', []), 'counter', 'counter', []],
    ['a counter as a gauge', clicks, 'gauge', 'gauge', [3]],
    ['a counter as a counter', clicks, 'counter', 'counter', [3]],
    ['a gauge as it is', gaugeOf('g', 2), 'counter', 'gauge', [2]],
    ['a histogram as it is', histogramOf('h', [1]), 'gauge', 'histogram', histogramOf('h', [1]).total],
  ])('gives %s', (...[, series, type, kind, total]) => {
    const mapped = map(series, { match: '*', ...(type ? { type } : {}) })
    expect([mapped?.series.kind, mapped?.total]).toEqual([kind, total])
  })

  it.each<[string, Omit<MappingRule, 'match'>, object]>([
    ['drops', { dropAttributes: ['user', 'other'] }, { attributes: [['page', '/cart']] }],
    [
      'adds, sorted',
      { addAttributes: { zone: 'z', env: 'test' } },
      {
        attributes: [
          ['env', 'test'],
          ['page', '/cart'],
          ['user', 'x'],
          ['zone', 'z'],
        ],
      },
    ],
    [
      'replaces, and leaves empty ones out',
      { dropAttributes: ['page'], addAttributes: { page: '/', user: '' } },
      { attributes: [['page', '/']] },
    ],
    [
      'sets service and release',
      { dropAttributes: ['release'], addAttributes: { service: 'all' } },
      { service: 'all', release: '' },
    ],
  ])('%s attributes', (_what, rule, expected) => {
    expect(map(clicks, { match: '*', ...rule })?.series).toEqual({ ...clicks.series, ...expected })
  })

  it('keeps attributes canonical', () => {
    const anyAttributes = fc.dictionary(fc.stringMatching(/^[a-e]{1,2}$/), fc.constantFrom('', 'x', 'y'), {
      maxKeys: 4,
    })
    fc.assert(
      fc.property(
        anyAttributes,
        anyAttributes,
        fc.array(fc.constantFrom('a', 'b', 'ab')),
        (before, add, dropAttributes) => {
          const series = counterOf('x', 1, { attributes: before })
          const mapped = map(series, { match: 'x', addAttributes: add, dropAttributes })
          const expected = { ...before, ...Object.fromEntries(dropAttributes.map((name) => [name, ''])), ...add }
          expect(mapped?.series.attributes).toEqual(canonicalAttributes(expected))
        },
      ),
    )
  })
})

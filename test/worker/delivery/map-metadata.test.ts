import { describe, expect, it } from 'vitest'
import type { MappingRule } from '../../../worker/model/destination-settings.ts'
import type { Config } from '../../../worker/config/types.ts'
import { mapMetadata } from '../../../worker/delivery/map-metadata.ts'
import { metadataOf } from '../../../worker/model/built-in-metrics.ts'

const metrics: Config['metrics'] = {
  'search.duration': { help: 'Search.', unit: 's', buckets: [1, 2] },
  'page.weight': { help: 'Weight.', unit: 'By' },
}

const known = (name: string, ...rules: readonly MappingRule[]): unknown => metadataOf(name, mapMetadata(metrics, rules))

describe('mapMetadata', () => {
  it('changes nothing without rules', () => {
    expect(mapMetadata(metrics, [])).toBe(metrics)
  })

  it.each<[string, string, MappingRule[], object]>([
    ['what keeps its name', 'page.weight', [{ match: 'x', rename: 'y' }], metrics['page.weight']!],
    ['what is renamed', 'find.time', [{ match: 'search.duration', rename: 'find.time' }], metrics['search.duration']!],
    ['what is renamed by a glob', 'a.page.weight', [{ match: '*', rename: 'a.*' }], metrics['page.weight']!],
    [
      'what is built in',
      'vitals.lcp',
      [{ match: 'web_vitals.*', rename: 'vitals.*' }],
      { help: 'Largest Contentful Paint.', unit: 's' },
    ],
    [
      'another help',
      'search.duration',
      [{ match: 'search.*', help: 'Find.' }],
      { help: 'Find.', unit: 's', buckets: [1, 2] },
    ],
    ['a metric nobody described', 'clicks', [{ match: 'clicks', help: 'Clicks.' }], { help: 'Clicks.' }],
    [
      'a renamed metric nobody described',
      'taps',
      [{ match: 'clicks', rename: 'taps', help: 'Taps.' }],
      { help: 'Taps.' },
    ],
    [
      'no unit of what only counts observations',
      'searches',
      [{ match: 'search.duration', rename: 'searches', type: 'counter' }],
      { help: 'Search.', unit: '', buckets: [1, 2] },
    ],
    ['nothing of what is dropped', 'y', [{ match: 'page.weight', rename: 'y', drop: true }], {}],
    ['nothing of a rule that comes too late', 'y', [{ match: '*' }, { match: 'page.weight', rename: 'y' }], {}],
    [
      'a metric that keeps its name before one renamed onto it',
      'page.weight',
      [{ match: 'search.duration', rename: 'page.weight' }],
      metrics['page.weight']!,
    ],
    [
      'two metrics that change places',
      'page.weight',
      [
        { match: 'search.duration', rename: 'page.weight' },
        { match: 'page.weight', rename: 'search.duration' },
      ],
      metrics['search.duration']!,
    ],
    ['nothing of what every object has', 'constructor', [{ match: 'x', help: 'X.' }], {}],
  ])('knows %s', (...[, name, rules, expected]) => {
    expect(known(name, ...rules)).toEqual(expected)
  })
})

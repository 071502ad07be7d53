import { describe, expect, it } from 'vitest'
import { catalogConfig, type CatalogMetrics } from '../../../worker/config/catalog.ts'
import { readConfig } from '../../../worker/config/read-config.ts'

const catalog: CatalogMetrics = {
  clicks: { kind: 'counter', help: 'Clicks.', attributes: { page: ['/cart', '/basket'], member: 'boolean' } },
  plain: { kind: 'counter', help: 'Without attributes.' },
  duration: { kind: 'histogram', help: 'Seconds.', unit: 's', buckets: [0.1, 1], attributes: { results: 'number' } },
}

const listed = Array.from({ length: 201 }, (_, i) => `t${i}`)
const ATTRIBUTE = 'give "boolean", "number", "string" or a list of 1 to 200 different texts of 1 to 128 characters'

const mistakesIn = (metric: unknown): readonly string[] | undefined => {
  const config = readConfig({ PHAROS: { metrics: { clicks: metric } } })
  return config.ok ? undefined : config.error
}

describe('catalogConfig', () => {
  it('gives the metrics as the configuration has them, and takes no others', () => {
    expect(catalogConfig(catalog)).toEqual({
      catalogOnly: true,
      metrics: { ...catalog, plain: { kind: 'counter', help: 'Without attributes.', attributes: {} } },
    })
  })

  it('is taken by the worker as it is, also as JSON', () => {
    const config = readConfig({ PHAROS: JSON.stringify(catalogConfig(catalog)) })
    expect(config).toMatchObject({ ok: true, value: catalogConfig(catalog) })
  })

  it('leaves out what a metric has not', () => {
    expect(JSON.stringify(catalogConfig({ plain: catalog['plain']! }).metrics)).toBe(
      '{"plain":{"kind":"counter","help":"Without attributes.","attributes":{}}}',
    )
  })
})

describe('kind and attributes in the configuration', () => {
  it.each<[unknown, string]>([
    [{ kind: 'gauge' }, 'PHAROS.metrics.clicks.kind: give "counter" or "histogram"'],
    [{ attributes: ['page'] }, 'PHAROS.metrics.clicks.attributes: give an object of attribute names'],
    [
      { attributes: { 'a b': 'boolean' } },
      'PHAROS.metrics.clicks.attributes.a b: is not an attribute name: letters, digits, "_" and ".", at most 64',
    ],
    ...['text', [], [''], ['a', 'a'], [1], ['a\nb'], ['x'.repeat(129)], listed, true].map((page): [unknown, string] => [
      { attributes: { page } },
      `PHAROS.metrics.clicks.attributes.page: ${ATTRIBUTE}`,
    ]),
    [
      { attributes: Object.fromEntries(listed.slice(0, 17).map((name) => [name, 'boolean'])) },
      'PHAROS.metrics.clicks.attributes: give at most 16 attributes',
    ],
  ])('names the mistake in %j', (metric, mistake) => {
    expect(mistakesIn(metric)).toEqual([mistake])
  })

  it.each([
    { kind: 'histogram' },
    { attributes: {} },
    { attributes: { page: listed.slice(0, 200), name: 'string', count: 'number', is: 'boolean' } },
  ])('takes %j', (metric) => {
    expect(mistakesIn(metric)).toBeUndefined()
  })
})

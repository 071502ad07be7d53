import { describe, expect, it } from 'vitest'
import { catalogConfig, type CatalogMetrics } from '../../../worker/config/catalog.ts'
import { readConfig } from '../../../worker/config/read-config.ts'

const catalog: CatalogMetrics = {
  clicks: { kind: 'counter', help: 'Clicks.', attributes: { page: ['/cart', '/basket'], member: 'boolean' } },
  plain: { kind: 'counter', help: 'Without attributes.' },
  duration: { kind: 'histogram', help: 'Seconds.', unit: 's', buckets: [0.1, 1], attributes: { results: 'number' } },
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

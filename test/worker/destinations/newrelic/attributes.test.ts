import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { commonOf, createIdentity } from '../../../../worker/destinations/newrelic/attributes.ts'
import type { Series } from '../../../../worker/model/types.ts'

type Texts = Readonly<Record<string, string>>

const both = { service: true, release: true }

/** A series with attributes that no page could send, but a mapping can. */
const seriesOf = (name: string, attributes: Texts, more: Partial<Series> = {}): Series => ({
  kind: 'counter',
  name,
  service: '',
  release: '',
  attributes: Object.entries(attributes).sort(([a], [b]) => (a < b ? -1 : 1)),
  ...more,
})

describe('commonOf', () => {
  it.each<[string, Texts, [string, string][]]>([
    ['nothing', {}, []],
    ['sorted', { b: '1', a: '2' }, [['a', '2'], ['b', '1']]],
    ['empty', { a: '', b: 'x' }, [['b', 'x']]],
    ['restricted', { timestamp: 'x', accountId: 'y' }, [['exported_accountId', 'y'], ['exported_timestamp', 'x']]],
    ['not valid', { 'a-b': 'x', 'é': 'y' }, [['_', 'y'], ['a_b', 'x']]],
    ['too long', { ['n'.repeat(300)]: '😀'.repeat(5_000) }, [['n'.repeat(254), '😀'.repeat(4_096)]]],
    ['inherited', { constructor: 'x' }, [['constructor', 'x']]],
  ])('has names and values that are %s as New Relic takes them', (_, commonAttributes, common) => {
    expect(commonOf({ commonAttributes })).toEqual(common)
  }) // prettier-ignore
})

describe('the identity of a series', () => {
  const identityOf = createIdentity(both, commonOf({ commonAttributes: { environment: 'test' } }))

  it.each<[string, Texts, Texts]>([
    ['as it is', { 'http.route': '/', 'a:b': 'x' }, { 'http.route': '/', 'a:b': 'x' }],
    ['ours', { 'service.name': 'evil' }, { 'exported_service.name': 'evil' }],
    ['ours, though this series has none', { 'service.version': '9' }, { 'exported_service.version': '9' }],
    ['ours twice', { 'exported_service.name': 'x', 'service.name': 'y' }, { 'exported_service.name': 'x;y' }],
    ['common', { environment: 'x' }, { exported_environment: 'x' }],
    ['restricted', { timestamp: '5', metricName: 'x' }, { exported_timestamp: '5', exported_metricName: 'x' }],
    ['the metric', { clicks: 'x' }, { exported_clicks: 'x' }],
    ['the metric, twice', { exported_clicks: 'x', clicks: 'y' }, { exported_clicks: 'y;x' }],
    ['not valid', { 'a-b': 'x', a_b: 'y', 'é.ü': 'z' }, { a_b: 'x;y', '_._': 'z' }],
    ['a name of ours when it is valid', { 'service-name': 'x' }, { service_name: 'x' }],
    ['of an empty value', { a: '', b: 'x' }, { b: 'x' }],
    ['inherited', { constructor: 'x', toString: 'y' }, { constructor: 'x', toString: 'y' }],
    ['too long', { ['n'.repeat(300)]: '😀'.repeat(5_000) }, { ['n'.repeat(254)]: '😀'.repeat(4_096) }],
    ['joined to more than fits', { 'a-b': 'x'.repeat(4_095), a_b: 'yz' }, { a_b: `${'x'.repeat(4_095)};` }],
  ])('has an attribute whose name is %s', (_, attributes, expected) => {
    expect(Object.fromEntries(identityOf(seriesOf('clicks', attributes)).attributes)).toEqual(expected)
  })

  it.each([
    ['clicks', 'clicks'],
    ['environment', 'exported_environment'],
    ['service.name', 'exported_service.name'],
    ['service.version', 'exported_service.version'],
    ['timestamp', 'timestamp'],
    ['😀'.repeat(300), '😀'.repeat(254)],
  ])('has the name %s as %s', (name, expected) => {
    expect(identityOf(seriesOf(name, {})).name).toBe(expected)
  })

  it.each([
    [both, [['service.name', 'shop'], ['service.version', '1']]],
    [{ service: true, release: false }, [['service.name', 'shop']]],
    [{ service: false, release: false }, []],
  ])('has the resource where it is a label: %j', (resourceLabels, attributes) => {
    const series = seriesOf('a', {}, { service: 'shop', release: '1' })
    expect(createIdentity(resourceLabels, [])(series).attributes).toEqual(attributes)
    // A page's attribute of that name is renamed only where the name is ours.
    const named = createIdentity(resourceLabels, [])(seriesOf('a', { 'service.name': 'x' })).attributes[0]![0]
    expect(named).toBe(resourceLabels.service ? 'exported_service.name' : 'service.name')
  }) // prettier-ignore

  it.each([[0, 150], [2, 148], [150, 0], [200, 0]])('with %i common attributes has at most %i', (count, most) => {
    const texts = (prefix: string, length: number) => Object.fromEntries(Array.from({ length }, (_, i) => [`${prefix}${i}`, 'x'])) // prettier-ignore
    const common = commonOf({ commonAttributes: texts('c', count) })
    expect(createIdentity(both, common)(seriesOf('a', texts('a', 160))).attributes).toHaveLength(most)
  }) // prettier-ignore

  it('has sorted names, each once, none of ours, and loses no value', () => {
    const name = fc.oneof(
      fc.constantFrom('environment', 'service.name', 'exported_environment', 'value', 'a-b', 'a_b', 'm', 'exported_m'),
      fc.string({ unit: 'grapheme', minLength: 1, maxLength: 4 }),
    )
    const attributes = fc.dictionary(name, fc.stringMatching(/^[a-z]{1,3}$/), { maxKeys: 10 })
    fc.assert(
      fc.property(attributes, (given) => {
        const found = identityOf(seriesOf('m', given)).attributes
        const names = found.map(([attribute]) => attribute)
        expect(names).toEqual([...new Set(names)].sort())
        expect(names.filter((attribute) => ['environment', 'service.name', 'value', 'm'].includes(attribute))).toEqual(
          [],
        )
        expect(found.flatMap(([, value]) => value.split(';')).sort()).toEqual(Object.values(given).sort())
      }),
    )
  })
})

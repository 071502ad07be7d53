import { describe, expect, it } from 'vitest'
import { createTagger, datadogName, type TagOptions } from '../../../../worker/destinations/datadog/names.ts'
import { counterOf, type SeriesOptions } from '../../../contract/snapshots.ts'

describe('datadogName', () => {
  it.each([
    ['checkout.clicks', 'checkout.clicks'],
    ['Web_Vitals.LCP', 'Web_Vitals.LCP'],
    ['web.vitals-x.LCP é/x__y_.z', 'web.vitals_x.LCP_x_y.z'],
    ['_private', 'private'],
    ['9.lives', 'lives'],
    ['a_._b', 'a.b'],
    ['a__', 'a'],
    ['_._', 'unnamed'],
    ['', 'unnamed'],
    ['a'.repeat(300), 'a'.repeat(200)],
    [`${'a'.repeat(199)}_b`, 'a'.repeat(199)],
  ])('%s is %s', (name, expected) => {
    expect(datadogName(name)).toBe(expected)
    expect(datadogName(expected)).toBe(expected)
  })
})

describe('createTagger', () => {
  const tagsOf = (series: SeriesOptions, options: Partial<TagOptions> = {}): string[] =>
    createTagger({ resourceLabels: { service: true, release: true }, tags: {}, reserved: [], ...options })(
      counterOf('a', 1, series).series,
    )

  it.each<[string, SeriesOptions, string[]]>([
    ['the resource', { service: 'Shop', release: '1.4' }, ['service:shop', 'version:1.4']],
    ['no resource', {}, []],
    ['attributes, sorted', { attributes: { b: 1, a: true } }, ['a:true', 'b:1']],
    ['what is not allowed', { attributes: { 'a.b': 'x y, z@1' } }, ['a.b:x_y_z_1']],
    ['what is allowed', { attributes: { a: 'x-y:z/1.2_3' } }, ['a:x-y:z/1.2_3']],
    ['upper case', { attributes: { Page: '/Cart' } }, ['page:/cart']],
    ['letters of any script', { attributes: { a: 'Жук 😀é' } }, ['a:жук_é']],
    ['an empty value', { attributes: { a: '' } }, []],
    ['a value of which nothing is left', { attributes: { a: '::' } }, ['a']],
    ['a colon at the end', { attributes: { a: 'b:' } }, ['a:b']],
    ['a key that begins with no letter', { attributes: { _a: 1, _: 2 } }, ['a:1', 'attribute:2']],
    ['keys that fall together', { attributes: { A: 'x', a: 'y', _a: 'x' } }, ['a:x', 'a:y']],
    ['names of ours', { attributes: { service: 'x', Version: 'y' } }, ['exported_service:x', 'exported_version:y']],
  ])('%s', (_what, series, tags) => {
    expect(tagsOf(series)).toEqual(tags)
  })

  it('cuts a tag to 200 whole characters', () => {
    const long = counterOf('a', 1).series
    const tagger = createTagger({ resourceLabels: { service: true, release: true }, tags: {}, reserved: [] })
    expect(tagger({ ...long, attributes: [['a', '𝔘'.repeat(120)]] })).toEqual([`a:${'𝔘'.repeat(120)}`])
    expect(tagger({ ...long, attributes: [['a', '𝔘'.repeat(300)]] })).toEqual([`a:${'𝔘'.repeat(198)}`])
    expect(tagger({ ...long, attributes: [['a', `${'c'.repeat(197)}:x`]] })).toEqual([`a:${'c'.repeat(197)}`])
  })

  it('puts its own tags on what does not have them', () => {
    const options = { tags: { env: 'prod', service: 'fallback' } }
    expect(tagsOf({}, options)).toEqual(['env:prod', 'service:fallback'])
    expect(tagsOf({ service: 'shop' }, options)).toEqual(['env:prod', 'service:shop'])
    expect(tagsOf({ attributes: { env: 'x' } }, options)).toEqual(['env:prod', 'exported_env:x', 'service:fallback'])
  })

  it('leaves the resource out where it is no label', () => {
    const options = { resourceLabels: { service: false, release: false } }
    expect(tagsOf({ service: 'shop', release: '1', attributes: { service: 'x' } }, options)).toEqual(['service:x'])
  })
})

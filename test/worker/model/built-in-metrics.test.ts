import { describe, expect, it } from 'vitest'
import { isMetricName } from '../../../src/protocol/series.ts'
import { builtInNames, metadataOf } from '../../../worker/model/built-in-metrics.ts'

const CONFIGURED = { help: 'Mine.', unit: 'ms', buckets: [1, 2.5, 4] }

describe('metadataOf', () => {
  it.each<[string, object, object]>([
    ['web_vitals.lcp', {}, { help: 'Largest Contentful Paint.', unit: 's' }],
    ['web_vitals.lcp', { 'web_vitals.lcp': { buckets: [1] } }, { help: 'Largest Contentful Paint.', unit: 's', buckets: [1] }],
    ['web_vitals.lcp', { 'web_vitals.lcp': CONFIGURED }, CONFIGURED],
    ['web_vitals.lcp', { clicks: CONFIGURED }, { help: 'Largest Contentful Paint.', unit: 's' }],
    ['clicks', { clicks: CONFIGURED }, CONFIGURED],
    ['clicks', {}, {}],
    ['constructor', {}, {}],
    ['__proto__', {}, {}],
    ['clicks', Object.create({ clicks: CONFIGURED }) as object, {}],
    ['toString', { toString: CONFIGURED }, CONFIGURED],
  ])('of %s with %j', (name, metrics, metadata) => {
    expect(metadataOf(name, metrics as Parameters<typeof metadataOf>[1])).toEqual(metadata)
  }) // prettier-ignore

  it('is a new object each time: what one caller does to it, no other sees', () => {
    Object.assign(metadataOf('page.views', {}), { unit: 'hostile' })
    expect(metadataOf('page.views', {}).unit).toBeUndefined()
  })
})

describe('what is built in', () => {
  it.each(builtInNames())('%s has a name, a help that is a sentence, and ascending buckets', (name) => {
    const { help, buckets = [1] } = metadataOf(name, {})
    expect(isMetricName(name)).toBe(true)
    expect(help).toMatch(/^[A-Z].*\.$/)
    expect(buckets).toEqual(buckets.toSorted((a, b) => a - b))
    expect(new Set(buckets).size).toBe(buckets.length)
  })

  it('is a list of the caller', () => {
    ;(builtInNames() as string[]).length = 0
    expect(builtInNames()).toContain('pharos.dropped')
  })
})

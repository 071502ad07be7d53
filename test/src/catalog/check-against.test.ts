import { describe, expect, it } from 'vitest'
import { checkAgainst } from '../../../src/catalog/check-against.ts'
import { counter, defineCatalog, histogram } from '../../../src/catalog/define-catalog.ts'
import type { Attributes } from '../../../src/protocol/types.ts'

const check = checkAgainst(
  defineCatalog({
    clicks: counter({ help: 'Clicks.', attributes: { page: ['/cart', '/basket'], member: 'boolean' } }),
    plain: counter({ help: 'Without attributes.' }),
    duration: histogram({ help: 'Seconds.', unit: 's', attributes: { results: 'number', index: 'string' } }),
  }),
)

describe('checkAgainst', () => {
  it.each<[kind: 'counter' | 'histogram', name: string, attributes?: unknown]>([
    ['counter', 'clicks'],
    ['counter', 'clicks', {}],
    ['counter', 'clicks', { page: '/cart' }],
    ['counter', 'clicks', { member: false, page: '/basket' }],
    ['counter', 'clicks', { page: '' }],
    ['counter', 'plain', undefined],
    ['histogram', 'duration', { results: 0, index: 'anything' }],
  ])('has nothing against %s %s %j', (kind, name, attributes) => {
    expect(check(kind, name, attributes as Attributes)).toBeUndefined()
  })

  it.each<['counter' | 'histogram', unknown]>([
    ['counter', 'other'],
    ['counter', 'duration'],
    ['histogram', 'clicks'],
    ['counter', 'constructor'],
    ['counter', '__proto__'],
    ['counter', undefined],
    ['counter', 7],
  ])('does not know %s %s', (kind, name) => {
    expect(check(kind, name as string, { page: '/home' })).toBe('unknown_metric')
  })

  it.each<['counter' | 'histogram', string, unknown]>([
    ['counter', 'clicks', { page: '/home' }],
    ['counter', 'clicks', { page: true }],
    ['counter', 'clicks', { page: undefined }],
    ['counter', 'clicks', { page: ['/cart'] }],
    ['counter', 'clicks', { member: 'true' }],
    ['counter', 'clicks', { pages: '/cart' }],
    ['counter', 'clicks', { constructor: 'x' }],
    ['counter', 'clicks', ['/cart']],
    ['counter', 'plain', { page: '/cart' }],
    ['histogram', 'duration', { results: '3' }],
    ['histogram', 'duration', { index: 3 }],
  ])('refuses %s %s with %j', (kind, name, attributes) => {
    expect(check(kind, name, attributes as Attributes)).toBe('bad_attributes')
  })

  it('survives attributes that throw', () => {
    const throwing = {
      get page(): string {
        throw new Error('no')
      },
    }
    expect(check('counter', 'clicks', throwing)).toBe('bad_attributes')
  })
})

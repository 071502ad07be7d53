import { describe, expect, it } from 'vitest'
import type { Route } from '../../../worker/model/destination-settings.ts'
import { createRoute } from '../../../worker/delivery/route.ts'
import { counterOf } from '../../contract/snapshots.ts'

const { series } = counterOf('shop.clicks', 1, {
  service: 'shop',
  release: '1.2.3',
  attributes: { page: '/cart', empty: '' },
})

describe('createRoute', () => {
  it.each<[string, Partial<Route>, boolean]>([
    ['everything by default', {}, true],
    ['an included name', { include: ['a', 'shop.*'] }, true],
    ['no other name', { include: ['blog.*'] }, false],
    ['no excluded name', { exclude: ['*.clicks'] }, false],
    ['no name that is both', { include: ['shop.*'], exclude: ['shop.clicks'] }, false],
    ['what meets a condition', { where: { page: ['/basket', '/c*'] } }, true],
    ['not what misses one of two', { where: { page: ['/cart'], service: ['blog'] } }, false],
    ['by service and release', { where: { service: ['sh?p'], release: ['1.*'] } }, true],
    ['a missing attribute as an empty one', { where: { country: [''] } }, true],
    ['an empty attribute as a missing one', { where: { empty: [''] } }, true],
    ['no missing attribute where there must be one', { where: { country: ['?*'] } }, false],
    ['nothing of what every object has', { where: { constructor: ['?*'] } }, false],
    ['nothing where no value is right', { where: { page: [] } }, false],
  ])('takes %s', (_what, changes, expected) => {
    const takes = createRoute({ include: [], exclude: [], where: {}, ...changes })
    // Twice: the second time the name is known.
    expect([takes(series), takes(series)]).toEqual([expected, expected])
  })

  it('tells names apart', () => {
    const takes = createRoute({ include: ['a', 'constructor'], exclude: [], where: {} })
    const names = ['a', 'b', 'a', 'constructor', 'toString']
    expect(names.map((name) => takes({ ...series, name }))).toEqual([true, false, true, true, false])
  })
})

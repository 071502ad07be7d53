import { describe, expect, it } from 'vitest'
import { checkConsent } from '../../../src/check/index.ts'
import { revoked, said } from './said.ts'

describe('the check of a consent', () => {
  it.each([
    ['no', '"no"'],
    ['yes', '"yes"'],
    ['GRANTED', '"GRANTED"'],
    ['', '""'],
    [0, '0'],
    [1, '1'],
    [null, 'null'],
    [undefined, 'missing'],
    [{}, 'an object'],
    [[], 'an array'],
  ])('%j means denied', (value, shown) => {
    expect(said((say) => checkConsent(value, say))).toEqual([
      `consent: ${shown} is unknown, so it means denied. Use true, false, 'granted', 'denied' or 'pending'.`,
    ])
  })

  it.each([true, false, 'granted', 'denied', 'pending'])('has nothing to say about %j', (value) => {
    expect(said((say) => checkConsent(value, say))).toEqual([])
  })

  it('survives a proxy that throws', () => {
    expect(said((say) => checkConsent(revoked(), say))).toEqual([
      'A consent cannot be read: a getter or a proxy in it throws. It means denied. Pass plain values.',
    ])
  })
})

import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { checkSeries } from '../../../src/check/index.ts'
import { isMetricName } from '../../../src/protocol/series.ts'
import { said } from './said.ts'

const DROPPED = 'Its records are dropped (bad_name).'

const saidOfName = (name: unknown): string[] => said((say) => checkSeries({ kind: 'histogram', name }, say))

describe('the check of a series', () => {
  it.each([
    [null, 'null'],
    [undefined, 'missing'],
    [5, '5'],
    [{}, 'an object'],
    [Symbol('a'), 'a symbol'],
  ])('the name %s is no text', (name, shown) => {
    expect(saidOfName(name)).toEqual([
      `a histogram has a name that is ${shown}. ${DROPPED} Name it with a text: 'checkout.clicks'.`,
    ])
  })

  it('names a part of a name that was not set', () => {
    expect(saidOfName(`checkout.${String(undefined)}`)).toEqual([
      'histogram "checkout.<not set>" contains an unset variable in its name. It is recorded under that name. Check the variable that the name is made of.',
    ])
  })

  it.each([
    'a',
    'clicks',
    'search.duration_seconds',
    'transfer_bytes',
    'hit_ratio',
    'ms',
    'programs',
    'items',
    '_x',
    'pharosity',
  ])('has nothing to say about %s', (name) => {
    expect(saidOfName(name)).toEqual([])
  })

  it('names a name exactly where it is refused, and advises one that is taken', () => {
    const holds = fc.property(fc.string({ unit: 'grapheme' }), (name) => {
      const texts = saidOfName(name).join(' ')
      const [, advice = 'a'] = / Write "([^"]*)"\.$/.exec(texts) ?? []
      return texts.includes('(bad_name)') !== isMetricName(name) && isMetricName(advice)
    })
    expect(() => fc.assert(holds)).not.toThrow()
  })
})

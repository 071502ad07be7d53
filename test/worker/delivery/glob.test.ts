import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createGlob } from '../../../worker/delivery/glob.ts'

describe('createGlob', () => {
  it.each<[string, string, string | undefined]>([
    ['', '', ''],
    ['', 'a', undefined],
    ['*', '', ''],
    ['*', 'anything.at all', 'anything.at all'],
    ['shop.*', 'shop.clicks', 'clicks'],
    ['shop.*', 'shop.', ''],
    ['shop.*', 'shop', undefined],
    ['shop.*', 'myshop.clicks', undefined],
    ['*.clicks', 'shop.clicks', 'shop'],
    ['*.clicks', 'shop.clicks.left', undefined],
    ['a*c', 'abc', 'b'],
    ['a*a', 'a', undefined],
    ['a*b*c', 'a1b2b3c', '1'],
    ['a**c', 'abc', ''],
    ['*b*', 'abcb', 'a'],
    ['a?c', 'abc', ''],
    ['a?c', 'ac', undefined],
    ['?', '😀', ''],
    ['*?', 'ab', 'a'],
    ['?*', 'ab', 'b'],
    ['a.c', 'abc', undefined],
    ['[a-z]+$^(|)\\', '[a-z]+$^(|)\\', ''],
    ['a', 'A', undefined],
    ['a*', 'a\nb', '\nb'],
  ])('%j on %j gives %j', (glob, text, expected) => {
    expect(createGlob(glob)(text)).toBe(expected)
  })

  it('agrees with the regular expression it stands for', () => {
    const few = fc.string({ unit: fc.constantFrom('a', 'b', '*', '?'), maxLength: 8 })
    const text = fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 10 })
    fc.assert(
      fc.property(few, text, (glob, subject) => {
        const pattern = glob.replaceAll('?', '.').split('*').join('(.*?)')
        const found = new RegExp(`^${pattern}$`).exec(subject)
        const expected = found ? (found[1] ?? '') : undefined
        // Both take the first `*` as short as possible; only the rest must fit as well.
        expect(createGlob(glob)(subject)).toBe(expected)
      }),
      { numRuns: 2_000 },
    )
  })

  it('does not explode on a hostile text', () => {
    expect(createGlob(`${'*a'.repeat(30)}b`)('a'.repeat(20_000))).toBeUndefined()
  })
})

import { expect, it } from 'vitest'
import { isUnset, quote, show, showCharacter, withoutSecrets } from '../../../src/check/show.ts'

it.each([
  ['a', '"a"'],
  ['a\nb', String.raw`"a\nb"`],
  ['x'.repeat(121), `"${'x'.repeat(120)}…"`],
  [`v${String(undefined)}`, '"v<not set>"'],
])('quotes %j', (text, quoted) => {
  expect(quote(text)).toBe(quoted)
})

it.each([
  ['no', '"no"'],
  [5, '5'],
  [-Infinity, '-Infinity'],
  [true, 'true'],
  [null, 'null'],
  [undefined, 'missing'],
  [[], 'an array'],
  [Promise.resolve(), 'a promise'],
  [{}, 'an object'],
  [() => {}, 'a function'],
  [Symbol('a'), 'a symbol'],
  [1n, 'a bigint'],
])('shows value %#', (value, shown) => {
  expect(show(value)).toBe(shown)
})

it.each([
  ['-', '"-"'],
  [' ', 'a space'],
  ['é', '"é" (U+00E9)'],
  ['😀', '"😀" (U+1F600)'],
  ['\u200B', 'U+200B'],
])('shows the character %j', (character, shown) => {
  expect(showCharacter(character)).toBe(shown)
})

it('leaves passwords and keys out of an address', () => {
  expect(withoutSecrets('https://me:secret@beacon.example/v1/beacon?key=secret#x')).toBe(
    'https://beacon.example/v1/beacon',
  )
})

it.each([`/${String(undefined)}/`, String(undefined), '[object Object]'])('%j has a part that was not set', (text) => {
  expect(isUnset(text)).toBe(true)
})

it.each(['undefinedness', 'null', ''])('%j has none', (text) => {
  expect(isUnset(text)).toBe(false)
})

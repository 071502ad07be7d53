import { expect, it } from 'vitest'
import { doubtAboutText, mistakeInText } from '../../../src/check/texts.ts'

it.each([
  ['x'.repeat(129), 'has 129 characters, more than 128'],
  ['b\u0007', 'has U+0007, which cannot be sent, as character 2'],
  ['b\uD800', 'has U+D800, which cannot be sent, as character 2'],
  ['', undefined],
  ['😀', undefined],
])('%j', (text, mistake) => {
  expect(mistakeInText(text)).toBe(mistake)
})

it('doubts a text that was made of something else', () => {
  expect(doubtAboutText('[object Object]')).toBe('contains an unset variable, or an object converted to text')
  expect(doubtAboutText('cart')).toBeUndefined()
})

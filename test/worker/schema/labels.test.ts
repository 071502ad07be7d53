import { describe, expect, it } from 'vitest'
import { attributes, labels, tags } from '../../../worker/schema/labels.ts'
import { mistakesIn, parsed } from './parsed.ts'

const kinds = {
  labels: { schema: labels, good: ['a', '_a', 'A9_z', 'a__b', 'constructor_'], bad: ['', '9a', 'a.b', 'a-b', '__a', '__name__', 'é', 'a\n'] },
  attributes: { schema: attributes, good: ['a', '9', 'a-b.c/d', '__a', '~', 'a'.repeat(255)], bad: ['', 'a b', 'é', 'a'.repeat(256), 'a\n', '\u007f'] },
  tags: { schema: tags, good: ['a', 'A9', 'a_b.c-d/e', 'a'.repeat(100)], bad: ['', '9a', '_a', 'a:b', 'a b', 'é', 'a'.repeat(101), 'a\n'] },
} // prettier-ignore

describe.each(Object.entries(kinds))('%s', (kind, { schema, good, bad }) => {
  const valid = { a: 'x' }

  it.each(good)('take the name %j', (name) => {
    expect(parsed(schema, { [name]: 'x' })).toEqual({ [name]: 'x' })
  })

  it.each(bad)('refuse the name %j alone', (name) => {
    const noun = { labels: 'is not a label name', attributes: 'is not the name of an attribute', tags: 'is not the name of a tag' } // prettier-ignore
    expect(mistakesIn(schema, { ...valid, [name]: 'x' })).toEqual([
      expect.stringContaining(`it.${name}: ${noun[kind as keyof typeof noun]}`),
    ])
  })

  it.each(['eu', ' ', '€', '😀', 'a"b\\c', 'x'.repeat(128)])('take the value %j', (value) => {
    expect(parsed(schema, { a: value })).toEqual({ a: value })
  })

  it.each(['', 'x\ny', 'x\u0000', '\u0085', '\ud800', 'x'.repeat(129), 7, null, ['x']])(
    'refuse the value %j',
    (value) => {
      expect(mistakesIn(schema, { a: value })).toEqual([
        'it.a: give the value as text that is not empty, without control characters',
      ])
    },
  )

  it.each([[[]], ['a=b'], [null]])('are not %j', (written) => {
    expect(mistakesIn(schema, written)).toEqual([expect.stringMatching(/^it: give an object of /)])
  })
})

import { expect, it } from 'vitest'
import { parse } from '../../../src/courier/parse.ts'

it('gives what the text says', () => {
  expect(parse('{"reason":"expired"}')).toEqual({ reason: 'expired' })
})

it.each([null, '', '{', 'null', '7', '"reason"', '[]', '<!doctype html>'])(
  '%j says nothing, and throws nothing',
  (text) => {
    expect(parse(text)['reason']).toBeUndefined()
  },
)

import { describe, expect, it } from 'vitest'
import { hasBearer, tokenIn } from '../../../../worker/http/read/bearer.ts'

it.each([
  ['a text', 'secret', 'secret'],
  ["a text with a line's end, as a pipe leaves it", 'secret\r\n', 'secret'],
  ['white space', ' \n', ''],
  ['nothing', undefined, ''],
  ['an object', { token: 'secret' }, ''],
])('the token in %s', (_, secret, token) => {
  expect(tokenIn(secret)).toBe(token)
})

describe('a request', () => {
  const asks = (authorization: string, token = 'secret'): Promise<boolean> =>
    hasBearer(new Request('https://beacon.example.com/', { headers: { authorization } }), token)

  it.each(['Bearer secret', 'bearer secret', 'BEARER   secret'])('has its token: %s', async (authorization) => {
    expect(await asks(authorization)).toBe(true)
  })

  it.each([
    'Bearer',
    'Bearer secre',
    'Bearer secrets',
    'Bearer Secret',
    'Bearer secret x',
    'Bearersecret',
    'Basic secret',
    `Bearer ${' '.repeat(8_000)}x`,
    `Bearer ${'x '.repeat(4_000)}`,
  ])('has it not: %s', async (authorization) => {
    expect(await asks(authorization)).toBe(false)
  })

  it.each(['Bearer ', 'Bearer undefined', ''])('has none where none is set: %j', async (authorization) => {
    expect(await asks(authorization, '')).toBe(false)
  })
})

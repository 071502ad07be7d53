import { expect, it } from 'vitest'
import { prefersBrotli } from '../../../../worker/http/read/accept.ts'

it.each([
  [null, false],
  ['', false],
  ['gzip, deflate', false],
  ['br', true],
  ['gzip, deflate, br, zstd', true],
  ['GZIP, BR', true],
  [' gzip ,\tbr ', true],
  ['*', true],
  ['gzip;q=1.0, *;q=0.5', true],
  ['br;q=0', false],
  ['br;q=0.000', false],
  ['br; q=0, *', false],
  ['br;q=0, gzip', false],
  ['*;q=0', false],
  ['*;q=0, br', true],
  ['br;q=0.001', true],
  ['br;q=0.5, identity', false],
  ['br;q=0.5, identity;q=0.5', true],
  ['br;q=0.5, identity;q=0', true],
  ['br;q=banana', false],
  ['brotli', false],
  ['x-br', false],
  [';;,,=', false],
])('Accept-Encoding %j: brotli is %s', (header, expected) => {
  expect(prefersBrotli(header)).toBe(expected)
})

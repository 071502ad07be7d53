import { describe, expect, it } from 'vitest'
import { originOf, pathOf, queryOf } from '../../../../worker/http/read/url.ts'

describe('a request url', () => {
  it.each([
    ['https://a.com/v1/beacon', 'https://a.com', '/v1/beacon', ''],
    ['https://a.com:8443/v1/beacon?x=/y#z', 'https://a.com:8443', '/v1/beacon', 'x=/y'],
    ['https://a.com/#z?', 'https://a.com', '/', ''],
    ['https://a.com/?a=b&c=?#d', 'https://a.com', '/', 'a=b&c=?'],
    ['http://[::1]:8787/health', 'http://[::1]:8787', '/health', ''],
    ['http://not a host/v1/beacon', 'http://not a host', '/v1/beacon', ''],
    ['http:///v1/beacon', 'http://', '/v1/beacon', ''],
    ['https://a.com', 'https://a.com', '', ''],
  ])('%s is split', (url, ...parts) => {
    expect([originOf(url), pathOf(url), queryOf(url)]).toEqual(parts)
  })
})

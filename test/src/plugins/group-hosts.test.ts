// @vitest-environment happy-dom
import * as fc from 'fast-check'
import { beforeAll, expect, it } from 'vitest'
import { groupHosts } from '../../../src/plugins/group-hosts.ts'

beforeAll(() => {
  location.href = 'https://shop.example.com/cart'
})

const NAMES = {
  'api.example.com': 'api',
  '*.example.com': 'own',
  'localhost:8080': 'dev',
  localhost: 'local',
  'shop.example.org': 'shop',
}

it.each([
  ['https://api.example.com/v1', 'api'],
  ['https://api.example.com:8443/v1', 'api'],
  ['https://img.example.com/a.png', 'own'],
  ['https://a.b.example.com/', 'own'],
  ['https://shop.example.com/', 'own'],
  ['https://example.com/', 'other'],
  ['https://notexample.com/', 'other'],
  ['https://example.com.evil.net/', 'other'],
  ['http://localhost:8080/', 'dev'],
  ['http://localhost:9090/', 'local'],
  ['https://SHOP.EXAMPLE.ORG/', 'shop'],
  ['data:text/plain,api.example.com', 'other'],
])('%s is of %s', (url, group) => {
  expect(groupHosts(NAMES)(new URL(url))).toBe(group)
})

it.each([
  ['https://shop.example.com/x', 'self'],
  ['https://shop.example.com:443/x', 'self'],
  ['blob:https://shop.example.com/1-2', 'self'],
  ['http://shop.example.com/x', 'other'],
  ['https://shop.example.com:444/x', 'other'],
  ['https://api.example.com/', 'other'],
])('without names, %s is %s', (url, group) => {
  expect(groupHosts()(new URL(url))).toBe(group)
})

it('there are never more groups than the names, self and other', () => {
  const groups = new Set([...Object.values(NAMES), 'self', 'other'])
  const groupOf = groupHosts(NAMES)
  fc.assert(
    fc.property(fc.webUrl(), (url) => {
      expect(groups).toContain(groupOf(new URL(url)))
    }),
  )
})

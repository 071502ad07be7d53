import * as fc from 'fast-check'
import type * as v from 'valibot'
import { describe, expect, it } from 'vitest'
import {
  basicAuth,
  credentialsOf,
  headerMistakes,
  type HeaderRules,
  headers,
  headerSecrets,
  lowerCased,
  type WrittenCredentials,
} from '../../../worker/schema/headers.ts'
import { mistakesIn, parsed } from './parsed.ts'

describe('headers', () => {
  it('take what fetch sends as it is', () => {
    const written = { 'X-Region': 'eu', "a!#$%&'*+.^_`|~0-9": ' ~', empty: '' }
    expect(parsed(headers, written)).toEqual(written)
    expect(() => new Headers(written)).not.toThrow()
  })

  it.each<[unknown, string]>([
    [[], 'it: give an object of header names and values'],
    [{ 'a b': 'x' }, 'it.a b: is not a header name'],
    [{ '': 'x' }, 'it.: is not a header name'],
    [{ é: 'x' }, 'it.é: is not a header name'],
    [{ 'a\n': 'x' }, 'it.a\n: is not a header name'],
    [{ a: 'x\r\ny' }, 'it.a: give the header as text of printable ASCII characters'],
    [{ a: 'x\u0000' }, 'it.a: give the header as text'],
    [{ a: '€' }, 'it.a: give the header as text'],
    [{ a: 7 }, 'it.a: give the header as text'],
    [JSON.parse('{"__proto__":"x"}'), 'it: remove the keys "__proto__"'],
  ])('say what to do with %j', (written, mistake) => {
    expect(mistakesIn(headers, written)).toEqual([expect.stringContaining(mistake)])
  })

  it('are never refused by fetch', () => {
    const canBeSent = (name: string, value: string): boolean => {
      try {
        return new Headers({ [name]: value }).has(name)
      } catch {
        return false
      }
    }
    const ascii = fc.string({ unit: 'binary-ascii', minLength: 1, maxLength: 2 })
    fc.assert(
      fc.property(ascii, ascii, (name, value) => {
        const isTaken = mistakesIn(headers, { [name]: value }).length === 0
        expect(isTaken && !canBeSent(name, value)).toBe(false)
      }),
      { numRuns: 1_000 },
    )
  })
})

describe('secrets', () => {
  it.each<[v.GenericSchema, unknown, string]>([
    [headerSecrets, 'K', 'it: give an object of header names and names of secrets'],
    [headerSecrets, { 'x-key': 'abc' }, 'it.x-key: give the name of the secret'],
    [headerSecrets, { 'x-key': 'ADMIN_TOKEN' }, 'it.x-key: this one belongs to the worker itself'],
    [headerSecrets, { 'x key': 'K' }, 'it.x key: is not a header name'],
    [basicAuth, 'user', 'it: give an object with username and passwordSecret'],
    [basicAuth, { username: 'a' }, 'it.passwordSecret: add this key'],
    [basicAuth, { username: 'a:b', passwordSecret: 'P' }, 'it.username: give the user'],
    [basicAuth, { username: '', passwordSecret: 'P' }, 'it.username: give the user'],
    [basicAuth, { username: 'a'.repeat(257), passwordSecret: 'P' }, 'it.username: give the user'],
    [basicAuth, { username: 'a', passwordSecret: 'hunter2' }, 'it.passwordSecret: give the name'],
    [basicAuth, { username: 'a', passwordSecret: 'P', password: 'hunter2' }, 'it.password: remove this key'],
  ])('%# say what to do, and repeat none: %j', (schema, written, mistake) => {
    const found = mistakesIn(schema, written)
    expect(found).toEqual([expect.stringContaining(mistake)])
    expect(found.join()).not.toContain('hunter2')
  })

  it.each<[WrittenCredentials, object[]]>([
    [{}, []],
    [{ bearerTokenSecret: 'T' }, [{ header: 'authorization', secret: 'T', scheme: 'bearer' }]],
    [{ basicAuth: { username: 'u', passwordSecret: 'P' } }, [{ header: 'authorization', secret: 'P', scheme: 'basic', username: 'u' }]],
    [{ headerSecrets: { 'X-API-Key': 'K', b: 'L' } }, [{ header: 'x-api-key', secret: 'K', scheme: 'plain' }, { header: 'b', secret: 'L', scheme: 'plain' }]],
    [{ bearerTokenSecret: 'T', headerSecrets: { a: 'K' } }, [{ header: 'authorization', secret: 'T', scheme: 'bearer' }, { header: 'a', secret: 'K', scheme: 'plain' }]],
  ])('%j become credentials', (written, credentials) => {
    expect(credentialsOf(written)).toEqual(credentials)
  }) // prettier-ignore
})

describe('lowerCased', () => {
  it('has the same values by names in lower case, the later of two that become one', () => {
    expect(lowerCased({ 'X-A': '1', b: '2', 'x-a': '3' })).toEqual({ 'x-a': '3', b: '2' })
    expect(lowerCased({})).toEqual({})
  })
})

describe('headerMistakes', () => {
  const linesOf = (written: object, rules: Partial<HeaderRules> = {}): string[] =>
    headerMistakes(written as Record<string, unknown>, { takenBy: {}, allowsContentType: false, ...rules }).map(
      ({ path, advice }) => `${path.join('.')}: ${advice}`,
    )

  it.each([
    [{}],
    [{ headers: { a: 'x', 'x-scope-orgid': 'y' }, headerSecrets: { authorization: 'K' } }],
    [{ bearerTokenSecret: 'T', headers: { a: 'x' } }],
    [{ headers: 'none', headerSecrets: [], basicAuth: undefined }],
    [{ headerSecrets: { 'x-token': 'K' } }],
  ])('finds none in %j', (written) => {
    expect(linesOf(written)).toEqual([])
  })

  it.each(['Host', 'Connection', 'TE', 'Transfer-Encoding', 'Content-Length', 'content-encoding', 'Keep-Alive'])(
    'finds %s, which is set with every request',
    (name) => {
      const advice = 'remove this header: it is set with every request'
      expect(linesOf({ headers: { [name]: 'x' } }, { allowsContentType: true })).toEqual([`headers.${name}: ${advice}`])
      expect(linesOf({ headerSecrets: { [name]: 'K' } })).toEqual([`headerSecrets.${name}: ${advice}`])
    },
  )

  it.each([
    'Authorization',
    'Cookie',
    'DD-API-KEY',
    'apikey',
    'x-license-key',
    'x-vault-token',
    'X-Secret',
    'Password',
  ])('finds the secret that %s would carry in plain words', (name) => {
    expect(linesOf({ headers: { [name]: 'hunter2' } })).toEqual([
      `headers.${name}: this header carries a secret: name the secret with bearerTokenSecret, basicAuth or headerSecrets`,
    ])
  })

  it('finds no content-type where the body is the user’s own', () => {
    expect(linesOf({ headers: { 'Content-Type': 'a/b' } }, { allowsContentType: true })).toEqual([])
  })

  const setBy = (key: string): string => `remove this header: ${key} sets it already`
  it.each<[object, Record<string, string>, string[]]>([
    [{ headers: { a: 'x', A: 'y' } }, {}, [`headers.A: ${setBy('headers')}`]],
    [{ headers: { x: 'y' }, headerSecrets: { X: 'K' } }, {}, [`headers.x: ${setBy('headerSecrets')}`]],
    [{ headerSecrets: { Authorization: 'A' }, bearerTokenSecret: 'T' }, {}, [`headerSecrets.Authorization: ${setBy('bearerTokenSecret')}`]],
    [{ headerSecrets: { authorization: 'A' }, basicAuth: {} }, {}, [`headerSecrets.authorization: ${setBy('basicAuth')}`]],
    [{ headers: { 'X-Scope-OrgID': 'b' } }, { 'x-scope-orgid': 'tenant' }, [`headers.X-Scope-OrgID: ${setBy('tenant')}`]],
    [{ basicAuth: {}, bearerTokenSecret: 'T' }, {}, ['basicAuth: give basicAuth or bearerTokenSecret, not both']],
    [{ headers: { 'Content-Type': 'a/b' } }, {}, ['headers.Content-Type: remove this header: this kind of destination sets it itself']],
    [{ headers: { constructor: 'x', Constructor: 'y' } }, {}, [`headers.Constructor: ${setBy('headers')}`]],
  ])('finds what is set twice in %j', (written, takenBy, mistakes) => {
    expect(linesOf(written, { takenBy })).toEqual(mistakes)
  }) // prettier-ignore
})

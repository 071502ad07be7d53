import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { baseUrl, httpUrl, secretName } from '../../../worker/schema/addresses.ts'
import { REDACTED, redactUrl } from '../../../worker/schema/redact-url.ts'
import { mistakesIn, parsed } from './parsed.ts'

const ADDRESS = 'give an address that begins with https:// (or http:// inside a network you trust)'
const USER = 'take the user and the password out of the address: use basicAuth, with the password in a secret'
const HASH = 'leave out the # and what follows: it is never sent'
const START = 'give only the beginning of the address, without the ? and what follows'

const host = 'https://example.com'
const linesOf = (...advice: string[]): string[] => advice.map((line) => `it: ${line}`)

describe('httpUrl', () => {
  it.each([
    `${host}/in`,
    'http://127.0.0.1:8428',
    'https://[::1]:9/in?db=metrics',
    'HTTPS://example.com',
    `${host}/${'x'.repeat(2_028)}`,
    `${host}/a@b:c`,
  ])('takes %s as it is', (url) => {
    expect(parsed(httpUrl, url)).toBe(url)
  })

  it.each<[unknown, string[]]>([
    [7, [ADDRESS]],
    [null, [ADDRESS]],
    ['', [ADDRESS]],
    ['example.com', [ADDRESS]],
    ['//example.com', [ADDRESS]],
    ['file:///etc', [ADDRESS]],
    ['javascript:alert(1)', [ADDRESS]],
    ['httpsx://example.com', [ADDRESS]],
    ['https://', [ADDRESS]],
    [`${host}/${'x'.repeat(2_029)}`, [ADDRESS]],
    ['https://user:pass@example.com/', [USER]],
    ['https://user@example.com/', [USER]],
    ['https://:pass@example.com/', [USER]],
    [`${host}/#x`, [HASH]],
    [`${host}/#`, [HASH]],
    [`https://u@example.com/#x`, [USER, HASH]],
    [`${host}/${REDACTED}/in`, ['write the whole address: a part of it was left out where you have it from']],
  ])('says what to do with %j', (url, advice) => {
    expect(mistakesIn(httpUrl, url)).toEqual(linesOf(...advice))
  })

  it('takes no address that was redacted', () => {
    fc.assert(
      fc.property(fc.webUrl({ withQueryParameters: true, withFragments: false }), (url) => {
        const shown = redactUrl(url)
        expect(mistakesIn(httpUrl, shown).length > 0).toBe(shown.includes(REDACTED))
      }),
    )
  })
})

describe('baseUrl', () => {
  it.each([
    [host, host],
    [`${host}/`, host],
    [`${host}/api///`, `${host}/api`],
    [`${host}//a`, `${host}//a`],
  ])('makes %s to %s', (url, base) => {
    expect(parsed(baseUrl, url)).toBe(base)
    expect(parsed(baseUrl, base)).toBe(base)
  })

  it.each<[unknown, string[]]>([
    [`${host}?x=y`, [START]],
    [`${host}/?`, [START]],
    ['example.com', [ADDRESS]],
    ['https://u@example.com?x', [USER, START]],
  ])('says what to do with %j', (url, advice) => {
    expect(mistakesIn(baseUrl, url)).toEqual(linesOf(...advice))
  })
})

describe('secretName', () => {
  const NAME = 'give the name of the secret in capitals, such as "PROMETHEUS_TOKEN"; never the secret itself'
  const OURS = 'this one belongs to the worker itself and may not be sent anywhere: use another secret'

  it.each(['A', 'PROM_TOKEN_2', 'TOKEN', 'METRICS_TOKEN_', 'A'.repeat(64)])('takes %s', (name) => {
    expect(parsed(secretName, name)).toBe(name)
  })

  it.each<[unknown, string]>([
    ['', NAME],
    ['glc_eyJvIjoiMTI', NAME],
    ['0123456789ABCDEF', NAME],
    ['_A', NAME],
    ['A-B', NAME],
    ['A\n', NAME],
    ['A'.repeat(65), NAME],
    [['A'], NAME],
    ...['ADMIN_TOKEN', 'METRICS_TOKEN', 'PHAROS', 'AGGREGATOR'].map((name): [string, string] => [name, OURS]),
  ])('says what to do with %j', (name, advice) => {
    expect(mistakesIn(secretName, name)).toEqual(linesOf(advice))
  })
})

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { endpointOf } from '../../../src/core/endpoint.ts'

const said = vi.fn<(...texts: unknown[]) => void>()

beforeEach(() => {
  said.mockReset()
  vi.spyOn(console, 'warn').mockImplementation(said)
})
afterEach(() => {
  vi.unstubAllGlobals()
  vi.restoreAllMocks()
})

/** A page at `href` as scripts see it; an opaque origin is the text "null". */
const open = (href: string, origin: string): void => {
  vi.stubGlobal('location', { href, origin: new URL(href).origin })
  vi.stubGlobal('self', { origin })
}

const SHOP = 'https://shop.example'
const DEFAULT = `${SHOP}/v1/beacon`
const EDGE = 'https://beacon.example/v1/beacon'

describe('a page', () => {
  it.each<[what: string, href: string, origin: string, byDefault: string | undefined, relative: string | undefined]>([
    ['of a site', `${SHOP}/cart/?x#y`, SHOP, DEFAULT, `${SHOP}/cart/b`],
    [
      'over http on a port',
      'http://localhost:8080/',
      'http://localhost:8080',
      'http://localhost:8080/v1/beacon',
      'http://localhost:8080/b',
    ],
    ['about:srcdoc', 'about:srcdoc', SHOP, DEFAULT, `${SHOP}/b`],
    ['about:blank', 'about:blank', SHOP, DEFAULT, `${SHOP}/b`],
    ['blob:', `blob:${SHOP}/0d1c0f5a`, SHOP, DEFAULT, `${SHOP}/b`],
    ['of a site, sandboxed', `${SHOP}/frame`, 'null', DEFAULT, `${SHOP}/b`],
    ['about:srcdoc, sandboxed', 'about:srcdoc', 'null', undefined, undefined],
    ['blob: of an opaque origin', 'blob:null/0d1c0f5a', 'null', undefined, undefined],
    ['data:', 'data:text/html,x', 'null', undefined, undefined],
    ['file:', 'file:///home/me/page.html', 'null', undefined, undefined],
    ['file: where it has an origin', 'file:///home/me/page.html', 'file://', undefined, undefined],
    ['capacitor://', 'capacitor://localhost/index.html', 'capacitor://localhost', undefined, undefined],
    ['chrome-extension://', 'chrome-extension://abcdef/page.html', 'chrome-extension://abcdef', undefined, undefined],
    ['app://, opaque', 'app://shop/index.html', 'null', undefined, undefined],
  ])('%s', (_, href, ...[origin, byDefault, relative]) => {
    open(href, origin)
    expect(endpointOf(undefined)).toBe(byDefault)
    expect(endpointOf(null)).toBe(byDefault)
    expect(endpointOf('b')).toBe(relative)
    const times = byDefault === undefined ? 3 : 0
    expect(said).toHaveBeenCalledTimes(times)
    // Wherever the page is from.
    expect(endpointOf(EDGE)).toBe(EDGE)
    expect(said).toHaveBeenCalledTimes(times)
  })
})

describe('an option "url"', () => {
  it.each<[unknown, string]>([
    ['/b?key=1', `${SHOP}/b?key=1`],
    ['//beacon.example/b', 'https://beacon.example/b'],
    ['HTTPS://Beacon.Example/b', 'https://beacon.example/b'],
    [new URL(EDGE), EDGE],
  ])('%s is taken', (url, wanted) => {
    open(`${SHOP}/`, SHOP)
    expect(endpointOf(url)).toBe(wanted)
    expect(said).not.toHaveBeenCalled()
  })

  it.each([
    'ftp://beacon.example/b',
    'http://[',
    'javascript:alert(1)',
    'data:,',
    'https://',
    'httpx://beacon.example/b',
  ])('%s is said and has no endpoint', (url) => {
    open(`${SHOP}/`, SHOP)
    expect(endpointOf(url)).toBeUndefined()
    expect(said.mock.calls).toEqual([['pharos:', `"${url}" is no http(s) address`]])
  })

  it('says no "undefined" where none was given', () => {
    open('file:///home/me/page.html', 'null')
    endpointOf(undefined)
    expect(said.mock.calls.flat().join(' ')).not.toContain('undefined')
  })
})

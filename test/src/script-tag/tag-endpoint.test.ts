// @vitest-environment happy-dom
import { beforeEach, describe, expect, it, vi } from 'vitest'

const built = vi.hoisted(() => ({ builtUrl: undefined as string | undefined }))
vi.mock('../../../src/script-tag/built-url.ts', () => built)
const { tagEndpoint } = await import('../../../src/script-tag/tag-endpoint.ts')

const said = vi.spyOn(console, 'warn')

beforeEach(() => {
  built.builtUrl = undefined
  said.mockReset().mockImplementation(() => {})
})

const endpointOf = (src: string, url?: string): string | undefined => {
  const tag = document.createElement('script')
  // Not loaded: it is in no document.
  if (src) tag.src = src
  if (url !== undefined) tag.dataset['url'] = url
  return tagEndpoint(tag)
}

const BUILT = 'https://built.example/v1/beacon'

describe('the endpoint of a tag', () => {
  it.each([
    'https://beacon.example/pharos.js',
    'https://beacon.example/pharos.0123456789abcdef.js',
    'https://beacon.example/pharos-development.0123456789abcdef.js',
    'https://beacon.example/pharos.js?v=2',
    'https://beacon.example/pharos.js#',
  ])('of %s is its worker', (src) => {
    expect(endpointOf(src)).toBe('https://beacon.example/v1/beacon')
    expect(endpointOf(src, '')).toBe('https://beacon.example/v1/beacon')
    expect(said).not.toHaveBeenCalled()
  })

  it.each([
    ['a copy under another path', 'https://shop.example/assets/pharos.js'],
    ['a copy at a CDN', 'https://cdn.example/npm/pharos-beacon@0.1.0/dist/pharos.js'],
    ['a copy under another name', 'https://shop.example/pharos.v1.js'],
    ['a merged file', 'https://shop.example/main.0123456789abcdef.js'],
    ['a merged file that names it', 'https://shop.example/main.js?with=/pharos.js'],
    ['a text in the page', ''],
    ['a file', 'file:///home/user/pharos.js'],
    ['a blob', 'blob:https://shop.example/pharos.js'],
  ])('of %s is not known, which is said once; it may be told or built in', (_what, src) => {
    expect(endpointOf(src)).toBeUndefined()
    expect(said.mock.calls).toEqual([
      ['pharos:', 'the tag needs data-url="https://.../v1/beacon": nothing is recorded'],
    ])
    expect(endpointOf(src, 'https://told.example/x')).toBe('https://told.example/x')
    built.builtUrl = BUILT
    expect(endpointOf(src)).toBe(BUILT)
    expect(endpointOf(src, 'https://told.example/x')).toBe('https://told.example/x')
    expect(said).toHaveBeenCalledTimes(1)
  })

  it('is the one that was built in also where a worker served the file', () => {
    built.builtUrl = BUILT
    expect(endpointOf('https://beacon.example/pharos.js')).toBe(BUILT)
  })

  it('may be a path of the page’s own origin', () => {
    vi.stubGlobal('location', { href: 'https://shop.example/cart/' })
    expect(endpointOf('https://cdn.example/p.js', '/v1/beacon')).toBe('https://shop.example/v1/beacon')
    vi.unstubAllGlobals()
  })

  it('is none where the tag says one that is none, and that is said', () => {
    expect(endpointOf('https://beacon.example/pharos.js', 'ftp://beacon.example/')).toBeUndefined()
    expect(said.mock.calls).toEqual([['pharos:', '"ftp://beacon.example/" is no http(s) address']])
  })
})

// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { PartElement } from '../../../src/script-tag/load-part.ts'

const FILE = { path: '/pharos-courier.0123456789abcdef.js', integrity: 'sha256-abc' }
const ENDPOINT = 'https://beacon.example/v1/beacon'
const AT_ENDPOINT = 'https://beacon.example/pharos-courier.0123456789abcdef.js'
const BESIDE = 'https://cdn.example/npm/pharos-beacon@0.1.0/dist/pharos-courier.js?0123456789abcdef'

interface Policy {
  readonly createScriptURL: (url: string) => string
}

/** The elements that were put into the page, which would load them. */
let asked: PartElement[] = []
const answer = vi.fn<(element: PartElement) => void>()

/** `loadPart` of a tag. */
const loaderOf = async (nonce = '') => {
  const tag = document.createElement('script')
  // happy-dom has no such property.
  tag.nonce = nonce
  tag.src = 'https://cdn.example/npm/pharos-beacon@0.1.0/dist/pharos.js'
  vi.spyOn(document, 'currentScript', 'get').mockReturnValue(tag)
  vi.resetModules()
  return (await import('../../../src/script-tag/load-part.ts')).loadPart
}

const found = (element: PartElement): void => element.take?.({ part: element.src } as never)
const missing = (element: PartElement): void => (element.onerror as () => void)()

beforeEach(() => {
  asked = []
  answer.mockReset()
  vi.spyOn(document.head, 'append').mockImplementation((node) => {
    const element = node as PartElement
    asked.push(element)
    queueMicrotask(() => answer(element))
  })
})

afterEach(() => {
  vi.restoreAllMocks()
  vi.unstubAllGlobals()
})

describe('a part', () => {
  it('that has loaded and given nothing is missing', async () => {
    const loadPart = await loaderOf()
    answer.mockImplementation((element) => (element.onload as () => void)())
    await expect(loadPart(FILE, ENDPOINT)).rejects.toBeUndefined()
    expect(asked.map(({ src }) => src)).toEqual([AT_ENDPOINT, BESIDE])
  })

  it('comes from the endpoint’s worker, pinned by its integrity, and takes what it shares', async () => {
    const loadPart = await loaderOf('n0nce')
    answer.mockImplementation(found)
    expect(await loadPart(FILE, ENDPOINT)).toEqual({ part: AT_ENDPOINT })
    expect(asked).toHaveLength(1)
    const { integrity, crossOrigin, nonce, shared } = asked[0]!
    expect([integrity, crossOrigin, nonce]).toEqual(['sha256-abc', 'anonymous', 'n0nce'])
    expect(shared).toHaveProperty('transact')
  })

  it('of a worker in a folder comes from that folder', async () => {
    const loadPart = await loaderOf()
    answer.mockImplementation(found)
    expect(await loadPart(FILE, 'https://shop.example/telemetry/v1/beacon')).toEqual({
      part: 'https://shop.example/telemetry/pharos-courier.0123456789abcdef.js',
    })
  })

  it('is looked for beside the tag’s file where the worker does not have it, pinned as well', async () => {
    const loadPart = await loaderOf()
    answer.mockImplementationOnce(missing).mockImplementation(found)
    expect(await loadPart(FILE, ENDPOINT)).toEqual({ part: BESIDE })
    expect(asked.map(({ integrity }) => integrity)).toEqual(['sha256-abc', 'sha256-abc'])
  })

  it('that is nowhere is said to be, and asked for anew at the next call', async () => {
    const loadPart = await loaderOf()
    answer.mockImplementation(missing)
    await expect(loadPart(FILE, ENDPOINT)).rejects.toBeUndefined()
    expect(asked.map(({ src }) => src)).toEqual([AT_ENDPOINT, BESIDE])
    answer.mockImplementation(found)
    expect(await loadPart(FILE, ENDPOINT)).toEqual({ part: AT_ENDPOINT })
  })

  it('is looked for at the endpoint alone where the tag has no address', async () => {
    vi.spyOn(document, 'currentScript', 'get').mockReturnValue(document.createElement('script'))
    vi.resetModules()
    const { loadPart } = await import('../../../src/script-tag/load-part.ts')
    answer.mockImplementation(missing)
    await expect(loadPart(FILE, ENDPOINT)).rejects.toBeUndefined()
    expect(asked.map(({ src }) => new URL(src).origin)).toEqual(['https://beacon.example', 'https://beacon.example'])
  })
})

describe('under Trusted Types', () => {
  it('its address is made by one policy of the name pharos-beacon', async () => {
    const createPolicy = vi.fn<(name: string, rules: Policy) => Policy>((_name, { createScriptURL }) => ({
      createScriptURL: (url) => `${createScriptURL(url)}#trusted`,
    }))
    vi.stubGlobal('trustedTypes', { createPolicy })
    const loadPart = await loaderOf()
    answer.mockImplementationOnce(missing).mockImplementation(found)
    expect(await loadPart(FILE, ENDPOINT)).toEqual({ part: `${BESIDE}#trusted` })
    expect(createPolicy.mock.calls.map(([name]) => name)).toEqual(['pharos-beacon'])
  })
})

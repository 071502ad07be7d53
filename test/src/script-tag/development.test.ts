// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Beacon } from '../../../src/core/beacon.ts'
import type { PartFile } from '../../../src/script-tag/parts.ts'

const load = vi.hoisted(() => vi.fn<(part: PartFile, url: string) => Promise<unknown>>())
vi.mock('../../../src/script-tag/load-part.ts', () => ({ loadPart: load }))
// As in the build that says nothing.
vi.mock('../../../src/check/index.ts', () => import('../../../src/check/off.ts'))

const page = globalThis as unknown as { pharos?: unknown }
const said = vi.spyOn(console, 'warn')

/** Runs the production build by a tag with `data-debug`. */
const run = async (url?: string): Promise<Beacon> => {
  const tag = document.createElement('script')
  tag.dataset['debug'] = ''
  if (url !== undefined) tag.dataset['url'] = url
  vi.spyOn(document, 'currentScript', 'get').mockReturnValue(tag)
  vi.resetModules()
  await import('../../../src/script-tag.ts')
  return page.pharos as Beacon
}

beforeEach(() => {
  load.mockReset().mockReturnValue(new Promise(() => {}))
  said.mockReset().mockImplementation(() => {})
})

afterEach(() => {
  delete page.pharos
  vi.unstubAllGlobals()
})

describe('data-debug', () => {
  it('loads the development build, and keeps the calls that come before it', async () => {
    const pharos = await run('https://beacon.example/v1/beacon')
    expect(load.mock.calls.map(([, url]) => url)).toEqual(['https://beacon.example/v1/beacon'])
    pharos.increment('clicks', 2)
    pharos.observe('size', 3)
    pharos.setConsent('granted')
    expect(pharos).toMatchObject({
      q: [
        ['increment', 'clicks', 2],
        ['observe', 'size', 3],
        ['setConsent', 'granted'],
      ],
    })
  })

  it('leaves the list of the page’s snippet alone', async () => {
    const snippet = { q: [['increment', 'early']] }
    page.pharos = snippet
    expect(await run('https://beacon.example/v1/beacon')).toBe(snippet)
  })

  it('takes a path of the page’s own origin', async () => {
    vi.stubGlobal('location', { href: 'https://shop.example/' })
    await run('/v1/beacon')
    expect(load.mock.calls.map(([, url]) => url)).toEqual(['https://shop.example/v1/beacon'])
  })

  it('leaves the page in peace where the build cannot be loaded: the browser says so', async () => {
    load.mockRejectedValue(undefined)
    const unhandled = vi.fn<() => void>()
    process.on('unhandledRejection', unhandled)
    await run('https://beacon.example/v1/beacon')
    // Node tells of unhandled rejections before the next task.
    await new Promise(setImmediate)
    process.off('unhandledRejection', unhandled)
    expect([unhandled.mock.calls, said.mock.calls]).toEqual([[], []])
  })

  it('loads nothing where the endpoint is not known, which is said', async () => {
    const pharos = await run()
    pharos.increment('clicks')
    expect([load.mock.calls.length, pharos.stats().recorded]).toEqual([0, 0])
    expect(said).toHaveBeenCalledTimes(1)
  })
})

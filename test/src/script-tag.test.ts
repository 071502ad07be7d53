// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Beacon } from '../../src/core/beacon.ts'
import type { WireEnvelope } from '../../src/protocol/types.ts'
import { resetPage } from '../support/page-events.ts'

const page = globalThis as unknown as { pharos?: unknown }
const fetched = vi.fn<(url: string, init: RequestInit) => Promise<Response>>()
const vitals = vi.hoisted(() => vi.fn<() => void>())
vi.mock('../../src/plugins/web-vitals.ts', () => ({ webVitals: () => vitals }))
// Nothing is built here that could be loaded: load-part has a test of its own.
vi.mock('../../src/script-tag/lazy.ts', () => import('../../src/script-tag/lazy-bundled.ts'))

/** A tag of the worker's. happy-dom leaves a script of this type alone. */
const tag = (attributes = ''): string =>
  `<script type="text/plain" src="https://beacon.example/pharos.js" ${attributes}></script>`

/** Runs the script as the tag would. */
const run = async (html: string): Promise<Beacon> => {
  document.body.innerHTML = html
  Object.defineProperty(document, 'currentScript', { configurable: true, value: document.querySelector('script') })
  vi.resetModules()
  await import('../../src/script-tag.ts')
  return page.pharos as Beacon
}

const sent = async (beacon: Beacon) => {
  await beacon.flush()
  const [url, request] = fetched.mock.calls[0]!
  return { url, ...(JSON.parse(request.body as string) as WireEnvelope).groups[0]! }
}

beforeEach(() => {
  resetPage()
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date', 'performance'] })
  vitals.mockReset()
  fetched.mockReset().mockImplementation(async () => new Response(null, { status: 204, headers: { pharos: '1' } }))
  vi.stubGlobal('fetch', fetched)
})

afterEach(async () => {
  if (page.pharos && 'shutdown' in (page.pharos as Beacon)) await (page.pharos as Beacon).shutdown()
  delete page.pharos
  vi.unstubAllGlobals()
  vi.restoreAllMocks()
  vi.useRealTimers()
})

describe('script tag', () => {
  it('reads its options from the tag, and posts where the script came from', async () => {
    const beacon = await run(
      `<script type="text/plain" src="https://beacon.example/pharos.0123456789abcdef.js" data-service="shop" data-release="1.4.2"
        data-attr-environment="production" data-attr-page-type="cart"></script>`,
    )
    beacon.increment('clicks')
    expect(await sent(beacon)).toMatchObject({
      url: 'https://beacon.example/v1/beacon',
      resource: { service: 'shop', release: '1.4.2', attributes: { environment: 'production', page_type: 'cart' } },
      batches: [[1, expect.any(Number), [['clicks', 1]], []]],
    })
    expect(vitals).not.toHaveBeenCalled()
  })

  it('finds its tag as a module too, which has no current script', async () => {
    document.body.innerHTML = `<script type="text/plain" src="https://shop.example/pharos.queue.js"></script>
      <script type="text/plain" src="https://beacon.example/pharos.0123456789abcdef.js" data-service="shop"></script>`
    // Only now: happy-dom would fetch it.
    document.querySelectorAll('script')[1]!.setAttribute('type', 'module')
    Object.defineProperty(document, 'currentScript', { configurable: true, value: null })
    vi.resetModules()
    await import('../../src/script-tag.ts')
    const beacon = page.pharos as Beacon
    beacon.increment('clicks')
    expect(await sent(beacon)).toMatchObject({ url: 'https://beacon.example/v1/beacon', resource: { service: 'shop' } })
  })

  it('takes a sample of the sessions, and a consent that is still to come', async () => {
    vi.spyOn(Math, 'random').mockReturnValue(0.05)
    const sampled = await run(tag('data-sample="0.1"'))
    sampled.increment('clicks')
    expect(await sent(sampled)).toMatchObject({ weight: 10 })
    await sampled.shutdown()
    delete page.pharos
    const pending = await run(tag('data-consent="pending"'))
    pending.increment('clicks')
    expect(await pending.flush()).toEqual({ acknowledged: false, reason: 'inactive' })
  })

  it('takes an address, and an interval', async () => {
    const beacon = await run(
      `<script type="text/plain" src="https://a.example/pharos.js" data-url="https://b.example/x" data-flush-interval-ms="5000"></script>`,
    )
    beacon.increment('clicks')
    await vi.advanceTimersByTimeAsync(6_100)
    await vi.dynamicImportSettled()
    expect(fetched.mock.calls.map(([url]) => url)).toEqual(['https://b.example/x'])
  })

  it('collects what it is told to', async () => {
    const said = vi.spyOn(console, 'warn').mockImplementation(() => {})
    await run(tag('data-collect="  vitals  errors "'))
    expect(vitals).toHaveBeenCalledTimes(1)
    expect(said).not.toHaveBeenCalled()
  })

  it.each(['tea', 'toString'])('warns of the unknown word %s', async (word) => {
    const said = vi.spyOn(console, 'warn').mockImplementation(() => {})
    await run(tag(`data-collect="${word} vitals"`))
    expect(said.mock.calls).toEqual([['pharos:', `data-collect="${word}" is none of vitals,errors,navigation`]])
    expect(vitals).toHaveBeenCalledTimes(1)
  })

  it('makes up for the calls that came before it', async () => {
    const asArguments: (...call: unknown[]) => unknown = function () {
      // oxlint-disable-next-line prefer-rest-params -- what older snippets push
      return arguments
    }
    page.pharos = {
      q: [
        ['increment', 'clicks', 2],
        asArguments('observe', 'size', 3),
        ['increment', 'clicks'],
        null,
        ['nonsense', 1],
        ['increment', 'last'],
      ],
    }
    const { batches } = await sent(await run(tag()))
    expect(batches).toMatchObject([
      [
        1,
        expect.any(Number),
        [
          ['clicks', 3],
          ['last', 1],
        ],
        [['size', 3]],
      ],
    ])
  })

  it('takes the calls of a function that the page kept from before', async () => {
    const queue: Record<string, unknown> = { q: [] }
    page.pharos = queue
    // As the snippet of the README has it.
    const kept = (...args: unknown[]): void =>
      (page.pharos as { q: unknown[][] }).q.push(['increment', ...args]) as never
    kept('clicks')
    const beacon = await run(tag())
    kept('clicks', 2)
    beacon.increment('clicks', 3)
    expect(queue['q']).toHaveLength(1)
    expect((await sent(beacon)).batches).toMatchObject([[1, expect.any(Number), [['clicks', 6]], []]])
  })

  it.each([undefined, { q: 'x' }, {}, { q: [] }, { q: [], setConsent() {}, flush() {} }])(
    'starts with %o before it',
    async (before) => {
      page.pharos = before
      expect((await run(tag())).stats().recorded).toBe(0)
    },
  )

  it('records nothing where there is no tag, as in a merged file, and says so', async () => {
    const said = vi.spyOn(console, 'warn').mockImplementation(() => {})
    const beacon = await run('')
    beacon.increment('clicks')
    expect(beacon.stats()).toMatchObject({ recorded: 0, dropped: {} })
    expect(said.mock.calls.map(([, text]) => text)).toEqual([expect.stringContaining('needs data-url')])
  })

  it('leaves a beacon that is there alone', async () => {
    const beacon = await run(tag())
    expect(await run(tag())).toBe(beacon)
  })
})

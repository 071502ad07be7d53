// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Beacon } from '../../src/core/beacon.ts'
import { runningBeacons } from '../../src/core/running-beacons.ts'
import { filter } from '../../src/filter.ts'
import { bundled, init, initWith } from '../../src/init.ts'

beforeEach(() => {
  vi.stubGlobal('fetch', async () => new Response())
  Object.defineProperty(navigator, 'sendBeacon', { configurable: true, value: () => true })
})

afterEach(() => {
  vi.unstubAllGlobals()
  for (const beacon of runningBeacons.values()) beacon.setConsent(false)
  runningBeacons.clear()
  vi.restoreAllMocks()
})

/** What becomes of everything that a page may do with a beacon. */
const use = async (beacon: Beacon): Promise<unknown> => {
  beacon.increment('clicks')
  beacon.observe('seconds', 1)
  beacon.counter('clicks').add(1)
  beacon.histogram('seconds').record(1)
  beacon.time('seconds')()
  beacon.setConsent(true)
  return { flushed: await beacon.flush(), stats: beacon.stats(), shut: await beacon.shutdown() }
}

const NOTHING = {
  flushed: { acknowledged: false, reason: 'inactive' },
  stats: { recorded: 0, pending: 0, acknowledged: 0, dropped: {} },
  shut: undefined,
}

const failing = (): never => {
  throw new TypeError('no')
}

describe('there is a beacon that does nothing', () => {
  it('on a server', async () => {
    vi.stubGlobal('document', undefined)
    expect(await use(init({ service: 'shop' }))).toEqual(NOTHING)
  })

  it('where there is no endpoint, and says so', async () => {
    const said = vi.spyOn(console, 'warn').mockImplementation(() => {})
    expect(await use(init({ url: 'ftp://beacon.example' }))).toEqual(NOTHING)
    expect(said).toHaveBeenCalledWith('pharos:', '"ftp://beacon.example" is no http(s) address')
  })

  it.each<[string, () => unknown]>([
    ['a getter that throws', () => Object.defineProperty({}, 'service', { enumerable: true, get: failing })],
    ['a filter that throws', () => ({ filter: failing })],
    ['null', () => null],
    [
      'a revoked proxy',
      () => {
        const { proxy, revoke } = Proxy.revocable({}, {})
        revoke()
        return proxy
      },
    ],
  ])('where the options are %s', async (_, make) => {
    vi.spyOn(console, 'warn').mockImplementation(() => {})
    expect(await use(initWith(bundled, () => [make() as never, 'https://beacon.example/b']))).toEqual(NOTHING)
  })

  it('and the development build says why', async () => {
    const said = vi.spyOn(console, 'warn').mockImplementation(() => {})
    // Each text is said once: other tests have said others.
    const get = (): never => {
      throw new TypeError('not this')
    }
    expect(await use(init([] as never))).toEqual(NOTHING)
    expect(await use(init(Object.defineProperty({}, 'url', { get })))).toEqual(NOTHING)
    expect(said.mock.calls.map(([text]) => text)).toEqual([
      expect.stringContaining('init() was given an array. Nothing is recorded.'),
      expect.stringContaining('the beacon could not start, so nothing is recorded: TypeError: '),
      expect.stringContaining('the beacon could not start, so nothing is recorded: TypeError: not this.'),
    ])
  })

  it.each<[string, object]>([
    ['an attribute that cannot be written', { attributes: { a: 1n } }],
    ['plugins that are no list', { plugins: 7 }],
    ['no plugins', { plugins: null }],
    ['a filter that is none', { filter: 'x' }],
    ['a filter that was not called', { filter }],
    ['a consent that nobody knows', { consent: true, sampleRate: 7, flushIntervalMs: '1' }],
  ])('but not for a single wrong option: %s', async (_, options) => {
    vi.spyOn(console, 'warn').mockImplementation(() => {})
    const beacon = initWith(bundled, () => [options, 'https://beacon.example/b'])
    beacon.increment('clicks')
    expect(beacon.stats().recorded).toBe(1)
  })

  it.each(['AbortController', 'TextEncoder', 'crypto', 'performance', 'URL', 'location', 'navigator'])(
    'where the page took away %s',
    async (name) => {
      vi.spyOn(console, 'warn').mockImplementation(() => {})
      vi.stubGlobal(name, undefined)
      const beacon = init({ url: 'https://beacon.example/b' })
      vi.unstubAllGlobals()
      expect(() => beacon.increment('clicks')).not.toThrow()
    },
  )
})

it('its lazy parts are those of the package', async () => {
  expect(Object.keys(await bundled.courier(''))).toEqual(['createCourier'])
  expect(Object.keys(await bundled.compactor(''))).toEqual(['compactor'])
})

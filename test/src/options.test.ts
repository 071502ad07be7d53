import { describe, expect, it, vi } from 'vitest'
import { type Options, resolveOptions, type Settings } from '../../src/options.ts'

const DEFAULTS: Settings = {
  url: 'https://shop.example/v1/beacon',
  resource: {},
  plugins: [],
  flushIntervalMs: 30_000,
  weight: 1,
  consent: true,
  beforeRecord: undefined,
  debug: false,
}

const resolve = (options: unknown, isOptedOut = false) => {
  const warn = vi.fn<(message: string) => void>()
  const settings = resolveOptions(options as Options, { pageUrl: 'https://shop.example/cart?x', isOptedOut, warn })
  return { settings, warnings: warn.mock.calls.flat() }
}

describe('options', () => {
  it.each([{}, undefined, null, 7, 'x'])('%s: the defaults', (options) => {
    expect(resolve(options)).toEqual({ settings: DEFAULTS, warnings: [] })
  })

  it('takes what is right', () => {
    const plugin = (): void => {}
    const { settings, warnings } = resolve({
      url: '/b',
      service: 'shop',
      release: '1.4.2',
      attributes: { b: 1, a: true, c: '' },
      plugins: [plugin],
      flushIntervalMs: 1_000,
      sampleRate: 0.1,
      consent: 'denied',
      beforeRecord: plugin,
      debug: true,
    })
    expect(warnings).toEqual([])
    expect(settings).toEqual({
      url: 'https://shop.example/b',
      resource: { service: 'shop', release: '1.4.2', attributes: { a: 'true', b: '1' } },
      plugins: [plugin],
      flushIntervalMs: 1_000,
      weight: 10,
      consent: false,
      beforeRecord: plugin,
      debug: true,
    })
  })

  it('sends no attributes where there are none', () => {
    expect(resolve({ attributes: { empty: '' } }).settings.resource.attributes).toBeUndefined()
  })

  it('keeps nothing that the page could change later', () => {
    const attributes: Record<string, string> = { a: 'x' }
    const { settings } = resolve({ attributes })
    attributes['a'] = 'y'
    expect(settings.resource.attributes).toEqual({ a: 'x' })
  })

  it.each<[keyof Options, unknown]>([
    ['url', 'ftp://a'],
    ['url', 'http://['],
    ['url', 'javascript:alert(1)'],
    ['service', 5],
    ['service', 'x'.repeat(129)],
    ['release', '\u0000'],
    ['attributes', null],
    ['attributes', { 'a-b': 1 }],
    ['attributes', { a: NaN }],
    ['plugins', {}],
    ['plugins', [null]],
    ['flushIntervalMs', '1000'],
    ['flushIntervalMs', 999],
    ['flushIntervalMs', NaN],
    ['flushIntervalMs', Infinity],
    ['sampleRate', '1'],
    ['sampleRate', -0.1],
    ['sampleRate', 1.1],
    ['sampleRate', 0.00001],
    ['sampleRate', NaN],
    ['beforeRecord', {}],
    ['consent', 'yes'],
    ['consent', 1],
    ['debug', 1],
  ])('%s: %s is named and replaced by its default', (name, value) => {
    const { settings, warnings } = resolve({ [name]: value })
    expect(settings).toEqual(DEFAULTS)
    expect(warnings).toEqual([`option "${name}" is wrong; using its default`])
  })

  it('survives a proxy that throws', () => {
    const { proxy, revoke } = Proxy.revocable({}, {})
    revoke()
    expect(resolve({ attributes: proxy })).toMatchObject({ settings: DEFAULTS, warnings: [expect.any(String)] })
  })

  it('survives a getter that throws', () => {
    const options = Object.defineProperty({}, 'url', {
      get: () => {
        throw new Error('no')
      },
    })
    expect(resolve(options)).toMatchObject({ settings: DEFAULTS, warnings: [expect.stringContaining('url')] })
  })

  it.each([
    [0, Infinity],
    [0.0001, 10_000],
    [0.1, 10],
    [0.4, 3],
    [0.6, 2],
    [0.75, 1],
    [1, 1],
  ])('a rate of %d is a weight of %d', (sampleRate, weight) => {
    expect(resolve({ sampleRate })).toEqual({ settings: { ...DEFAULTS, weight }, warnings: [] })
  })

  it.each([
    ['granted', false, true],
    ['denied', false, false],
    ['pending', false, 'pending'],
    ['pending', true, 'pending'],
    ['granted', true, true],
    [undefined, true, false],
    [true, true, true],
    [false, true, false],
    [undefined, false, true],
    [false, false, false],
  ])('consent %s, opted out %s: %s', (consent, isOptedOut, wanted) => {
    expect(resolve({ consent }, isOptedOut).settings.consent).toBe(wanted)
  })
})

import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { type EdgeOptions, resolveEdgeOptions } from '../../../src/edge/options.ts'

const said = vi.fn<(...message: unknown[]) => void>()
beforeEach(() => {
  said.mockReset()
  vi.spyOn(console, 'warn').mockImplementation(said)
})
afterEach(() => {
  vi.restoreAllMocks()
  vi.unstubAllGlobals()
})

const url = 'https://edge.test/v1/beacon'
const ask = async () => new Response()

it('has defaults', () => {
  expect(resolveEdgeOptions({ url })).toMatchObject({
    url,
    headers: {},
    resource: {},
    flushIntervalMs: 0,
    flushTimeoutMs: 20_000,
  })
  expect(said).not.toHaveBeenCalled()
})

it('uses the global fetch of the moment', async () => {
  const { fetch } = resolveEdgeOptions({ url })
  const later = vi.fn<typeof ask>(ask)
  vi.stubGlobal('fetch', later)
  await fetch(url, {} as never)
  expect(later).toHaveBeenCalledTimes(1)
})

it.each<[keyof EdgeOptions, unknown, boolean]>([
  ['url', 'https://other.test/', true],
  ['url', '/v1/beacon', false],
  ['url', 7, false],
  ['fetch', ask, true],
  ['fetch', {}, false],
  ['headers', { origin: 'https://a.test' }, true],
  ['headers', null, false],
  ['headers', 'origin', false],
  ['service', 'shop', true],
  ['service', 's'.repeat(129), false],
  ['service', 3, false],
  ['release', '1.2.3', true],
  ['release', '\u0000', false],
  ['attributes', { a: 1, b: true, c: 'd' }, true],
  ['attributes', { 'a b': 1 }, false],
  ['attributes', null, false],
  ['flushIntervalMs', 100, true],
  ['flushIntervalMs', 99, false],
  ['flushIntervalMs', Number.NaN, false],
  ['flushTimeoutMs', 0, true],
  ['flushTimeoutMs', -1, false],
  ['flushTimeoutMs', '5', false],
])('%s: %j is right: %s', (name, value, isRight) => {
  const options: Record<string, unknown> = { url, [name]: value }
  resolveEdgeOptions(options as never)
  const named = said.mock.calls.some((message) => message.join(' ').includes(`"${name}"`))
  expect(named).toBe(!isRight)
})

const thrower = new Proxy(
  {},
  {
    get: () => {
      throw new Error('no')
    },
  },
)

it.each([
  ['undefined', () => undefined],
  ['null', () => null],
  ['a number', () => 7],
  ['no option', () => ({})],
  // Not as it is: the test runner would print it.
  ['options that throw', () => thrower],
])('takes %s, and says that nothing is sent', (_, options) => {
  expect(resolveEdgeOptions(options() as never).url).toBe('')
  expect(String(said.mock.calls)).toContain('nothing is sent')
})

it('sends attributes as they were when they were checked', () => {
  const attributes: Record<string, string> = { region: 'weur' }
  const { resource } = resolveEdgeOptions({ url, attributes })
  attributes['region'] = 'enam'
  expect(resource.attributes).toEqual({ region: 'weur' })
})

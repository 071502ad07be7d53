// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, it, vi } from 'vitest'

beforeEach(() => vi.resetModules())
afterEach(() => {
  document.head.innerHTML = ''
  vi.restoreAllMocks()
})

const load = async (...sources: string[]): Promise<HTMLScriptElement> => {
  // Inert, so that nothing is loaded.
  for (const src of sources)
    document.head.append(Object.assign(document.createElement('script'), { type: 'text/plain', src }))
  return (await import('../../../src/script-tag/tag.ts')).tag
}

it('is the script that runs', async () => {
  const running = document.createElement('script')
  vi.spyOn(document, 'currentScript', 'get').mockReturnValue(running)
  expect(await load('https://a.example/pharos.js')).toBe(running)
})

it.each([
  'https://a.example/pharos.js',
  'https://a.example/x/pharos.js?v=1',
  'https://a.example/pharos.0123456789abcdef.js',
])('is found by its file where no script is current: %s', async (src) => {
  expect((await load('https://a.example/app.js', src)).src).toBe(src)
})

it.each(['https://a.example/app.js', 'https://a.example/notpharos.js', 'https://a.example/pharos-courier.js'])(
  'is an empty element where the page has only %s',
  async (src) => {
    const tag = await load(src)
    expect([tag.tagName, tag.src, tag.isConnected]).toEqual(['SCRIPT', '', false])
  },
)

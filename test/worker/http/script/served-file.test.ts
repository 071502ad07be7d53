import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { serveKept, serveOwn, toKeptFile } from '../../../../worker/http/script/served-file.ts'
import { fileOf, keptFileOf } from './builds.ts'

const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes)

describe('a file', () => {
  it.each(['', 'window.pharos={}', 'é😀\u2028', `"${'x'.repeat(70_000)}"`])(
    'is served the same kept as by the deployment that has it: %#',
    async (body) => {
      const own = await fileOf('pharos', body)
      const served = serveOwn(own)
      expect(served).toMatchObject({ path: own.path, hash: own.hash, integrity: own.integrity })
      expect(text(served.plain)).toBe(body)
      expect(text(served.brotli!)).toBe(atob(own.brotli))
      expect(await serveKept(await toKeptFile(own))).toEqual(served)
    },
  )

  it('is served byte for byte in its brotli, which is no text', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 64 }), async (bytes) => {
        const brotli = btoa(String.fromCharCode(...bytes))
        const own = { ...(await fileOf('pharos', 'x')), brotli }
        expect([...serveOwn(own).brotli!]).toEqual([...bytes])
        expect([...(await serveKept(await toKeptFile(own))).brotli!]).toEqual([...bytes])
      }),
      { numRuns: 20 },
    )
  })
})

describe('a kept file', () => {
  it.each<[string, object]>([
    ['another body', { body: 'window.evil={}' }],
    ['a body with one more byte', { body: 'window.courier={}\n' }],
    ['no body', { body: '' }],
    ['the path of another', { path: '/pharos-courier.0123456789abcdef.js' }],
    ['a path without a hash', { path: '/pharos-courier.js' }],
    ['no path', { path: '' }],
  ])('is served to no page with %s', async (_, change) => {
    const kept = await keptFileOf('pharos-courier', 'window.courier={}')
    await expect(serveKept({ ...kept, ...change })).rejects.toThrow('the body has the hash ')
  })

  it.each<[string, object]>([
    ['another brotli', { brotli: btoa('evil') }],
    ['a brotli that is no base64', { brotli: '€' }],
    ['a cut brotli', { brotli: '' }],
    ['another hash of it', { brotliHash: '0123456789abcdef' }],
  ])('is served plain alone with %s', async (_, change) => {
    const kept = await keptFileOf('pharos-courier', 'window.courier={}')
    const served = await serveKept({ ...kept, ...change })
    expect(served).toMatchObject({ path: kept.path, brotli: undefined })
    expect(text(served.plain)).toBe('window.courier={}')
  })
})

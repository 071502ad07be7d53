import { afterEach, beforeEach, expect, it, vi } from 'vitest'

const URL = 'https://beacon.example/pharos-courier.0011223344556677.js'

beforeEach(() => vi.resetModules())
afterEach(() => vi.unstubAllGlobals())

const load = async (trustedTypes: unknown): Promise<(url: string) => string> => {
  vi.stubGlobal('trustedTypes', trustedTypes)
  return (await import('../../../src/script-tag/trusted-url.ts')).trustedUrl
}

it('is the address itself in a browser without Trusted Types', async () => {
  expect((await load(undefined))(URL)).toBe(URL)
})

it('is what the one policy makes of it', async () => {
  const createPolicy = vi.fn<(name: string, rules: { createScriptURL: (url: string) => string }) => unknown>(
    (name, { createScriptURL }) => ({ createScriptURL: (url: string) => `${name}: ${createScriptURL(url)}` }),
  )
  const trustedUrl = await load({ createPolicy })
  expect([trustedUrl(URL), trustedUrl('b')]).toEqual([`pharos-beacon: ${URL}`, 'pharos-beacon: b'])
  expect(createPolicy).toHaveBeenCalledTimes(1)
})

it('is the address itself where the page does not allow the policy', async () => {
  const createPolicy = (): never => {
    throw new TypeError('refused')
  }
  expect((await load({ createPolicy }))(URL)).toBe(URL)
})

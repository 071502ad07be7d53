import { afterEach, expect, it, vi } from 'vitest'
import { createSession } from '../../../src/core/session.ts'

afterEach(() => vi.unstubAllGlobals())

it.each<[string, unknown]>([
  ['the browser', globalThis.crypto],
  ['a browser without crypto', undefined],
  ['a browser without getRandomValues', {}],
  [
    'one that refuses',
    {
      getRandomValues: () => {
        throw new Error('no entropy')
      },
    },
  ],
])('is 16 characters, each time others: %s', (_, crypto) => {
  vi.stubGlobal('crypto', crypto)
  const sessions = Array.from({ length: 500 }, () => createSession())
  for (const session of sessions) expect(session).toMatch(/^[0-9a-z]{16}$/)
  expect(new Set(sessions).size).toBe(500)
})

it.each([
  [0, '0000000000000000'],
  [35, 'zzzzzzzzzzzzzzzz'],
  [36, '0000000000000000'],
  [255, '3333333333333333'],
])('writes bytes of %i as %s', (byte, text) => {
  vi.stubGlobal('crypto', { getRandomValues: (bytes: Uint8Array) => bytes.fill(byte) })
  expect(createSession()).toBe(text)
})

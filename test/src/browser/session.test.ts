import { expect, it } from 'vitest'
import { createSession, type RandomSource } from '../../../src/browser/session.ts'

const filledWith = (byte: number): RandomSource => ({
  getRandomValues: (array) => {
    ;(array as unknown as Uint8Array).fill(byte)
    return array
  },
})

it.each<[string, RandomSource | undefined]>([
  ['the browser', undefined],
  ['a browser without crypto', null as never],
  ['a browser without getRandomValues', {}],
  [
    'one that refuses',
    {
      getRandomValues: () => {
        throw new Error('no entropy')
      },
    },
  ],
])('is 16 characters of base64url, each time others: %s', (_, source) => {
  const sessions = Array.from({ length: 500 }, () => createSession(source))
  for (const session of sessions) expect(session).toMatch(/^[\w-]{16}$/)
  expect(new Set(sessions).size).toBe(500)
})

it.each([
  [0, 'AAAAAAAAAAAAAAAA'],
  [255, '________________'],
  [0xfb, '-_v7-_v7-_v7-_v7'],
])('writes bytes of %i as %s', (byte, text) => {
  expect(createSession(filledWith(byte))).toBe(text)
})

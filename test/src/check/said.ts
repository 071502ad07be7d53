import { expect } from 'vitest'
import type { Say } from '../../../src/check/index.ts'

/** What a check says, as a list. Holds every text to the rules of all: whole sentences, and no value that is missing shown as text. */
export function said(check: (say: Say) => void): string[] {
  const texts: string[] = []
  check((text) => texts.push(text))
  for (const text of texts) {
    expect(text).not.toMatch(/undefined|\[object/)
    expect(text).toMatch(/[.?]$/)
  }
  return texts
}

/** What is an object, and throws at whatever is done to it. */
export function revoked(): object {
  const { proxy, revoke } = Proxy.revocable({}, {})
  revoke()
  return proxy
}

/** An object with a property that throws when it is read. */
export const throwing = (name: string): object =>
  Object.defineProperty({}, name, {
    enumerable: true,
    get: () => {
      throw new Error('no')
    },
  })

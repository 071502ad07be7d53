import { afterEach, expect, it, vi } from 'vitest'
import { warn } from '../../../src/browser/warn.ts'

afterEach(() => vi.restoreAllMocks())

it('says who it is', () => {
  const spy = vi.spyOn(console, 'warn').mockImplementation(() => {})
  warn('a', 1)
  expect(spy.mock.calls).toEqual([['pharos:', 'a', 1]])
})

it('survives a page that broke its console', () => {
  vi.spyOn(console, 'warn').mockImplementation(() => {
    throw new Error('no')
  })
  expect(() => warn('a')).not.toThrow()
})

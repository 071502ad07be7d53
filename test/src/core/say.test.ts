import { afterEach, expect, it, vi } from 'vitest'
import { say } from '../../../src/core/say.ts'

afterEach(() => {
  vi.restoreAllMocks()
  vi.unstubAllGlobals()
})

it('says who it is', () => {
  const spy = vi.spyOn(console, 'warn').mockImplementation(() => {})
  say('a')
  expect(spy.mock.calls).toEqual([['pharos:', 'a']])
})

it.each<[string, unknown]>([
  [
    'throws',
    {
      warn: () => {
        throw new Error('no')
      },
    },
  ],
  ['says nothing', {}],
  ['is gone', undefined],
])('survives a page whose console %s', (_, console) => {
  vi.stubGlobal('console', console)
  expect(() => say('a')).not.toThrow()
})

import { afterEach, expect, it, vi } from 'vitest'
import { speak } from '../../../src/core/speak.ts'

afterEach(() => vi.restoreAllMocks())

it('says each text once', () => {
  const spy = vi.spyOn(console, 'warn').mockImplementation(() => {})
  for (let i = 0; i < 3; i++) speak('only in this test')
  expect(spy.mock.calls).toEqual([['pharos: only in this test']])
})

import { expect, it, vi } from 'vitest'
import { createGuard } from '../../../src/browser/guard.ts'

it('passes arguments on and keeps errors from the page', () => {
  const onError = vi.fn<(error: unknown) => void>()
  const guard = createGuard(onError)
  const work = vi.fn<(a: number, b: number) => void>()
  guard(work)(1, 2)
  expect(work).toHaveBeenCalledWith(1, 2)
  const error = new Error('no')
  guard(() => {
    throw error
  })()
  expect(onError.mock.calls).toEqual([[error]])
})

import { afterEach, expect, it, vi } from 'vitest'
import { guard } from '../../../src/core/guard.ts'

afterEach(() => vi.unstubAllGlobals())

it('passes arguments on, and nothing back', () => {
  const work = vi.fn<(a: number, b: number) => number>((a, b) => a + b)
  expect(guard(work)(1, 2)).toBeUndefined()
  expect(work).toHaveBeenCalledWith(1, 2)
})

it('keeps errors from the page', () => {
  const fail = (): never => {
    throw new Error('no')
  }
  expect(guard(fail)).not.toThrow()
})

it('runs in the root zone, and keeps its errors from the page too', () => {
  const run = vi.fn<(work: () => unknown) => unknown>((work) => work())
  vi.stubGlobal('Zone', { root: { run } })
  const work = vi.fn<() => void>()
  guard(work)()
  expect([run, work].map(({ mock }) => mock.calls.length)).toEqual([1, 1])
  run.mockImplementation(() => {
    throw new Error('no')
  })
  expect(guard(work)).not.toThrow()
})

import { afterEach, expect, it, vi } from 'vitest'
import { outside } from '../../../src/core/outside.ts'

afterEach(() => vi.unstubAllGlobals())

it('runs work in the root zone where there is zone.js, also when it came later, and returns what it returns', () => {
  const answer = (): number => 42
  expect(outside(answer)).toBe(42)
  const root = { run: vi.fn<(work: () => number) => number>((work) => work()) }
  vi.stubGlobal('Zone', { root })
  expect(outside(answer)).toBe(42)
  expect(root.run.mock.calls).toEqual([[answer]])
  expect(root.run.mock.contexts).toEqual([root])
})

it.each([
  ['a function', () => {}],
  ['an element with that id', { id: 'Zone', root: undefined }],
  ['something with a root', { root: 'tree' }],
  ['null', null],
])('runs work plainly where `Zone` is something else: %s', (_, Zone) => {
  vi.stubGlobal('Zone', Zone)
  expect(outside(() => 42)).toBe(42)
})

it('lets an error of the work through', () => {
  const fail = (): never => {
    throw new RangeError('of the work')
  }
  expect(() => outside(fail)).toThrow(RangeError)
  vi.stubGlobal('Zone', { root: { run: (work: () => unknown) => work() } })
  expect(() => outside(fail)).toThrow(RangeError)
})

// @vitest-environment happy-dom
import { afterEach, expect, it, vi } from 'vitest'
import { observeEntries } from '../../../src/browser/observe-entries.ts'
import { setVisibility } from '../../support/page-events.ts'
import { stubPerformanceEntries } from '../../support/performance-entries.ts'

afterEach(() => {
  vi.unstubAllGlobals()
  setVisibility('visible')
})

const entry = (name: string) => ({ name })

function collect(): { readonly names: string[]; readonly stop: (() => void) | undefined } {
  const names: string[] = []
  return { names, stop: observeEntries('resource', ({ name }) => names.push(name)) }
}

it('gives what the browser kept and what comes later, each once and in order', () => {
  const entries = stubPerformanceEntries(['resource', 'longtask'])
  entries.add('resource', entry('before'))
  const { names } = collect()
  entries.deliver()
  entries.add('resource', entry('a'), entry('b'))
  entries.add('longtask', entry('of another type'))
  entries.deliver()
  entries.deliver()
  expect(names).toEqual(['before', 'a', 'b'])
})

it('takes what is not yet delivered when the page is hidden, before any listener that does not capture', () => {
  const entries = stubPerformanceEntries(['resource'])
  const seen: string[][] = []
  const { names } = collect()
  const leave = (): void => void seen.push([...names])
  addEventListener('visibilitychange', leave)
  entries.add('resource', entry('last'))
  setVisibility('hidden')
  entries.deliver()
  removeEventListener('visibilitychange', leave)
  expect([seen, names]).toEqual([[['last']], ['last']])
})

it('an error at one entry costs none of the others', () => {
  const entries = stubPerformanceEntries(['resource'])
  const names: string[] = []
  observeEntries('resource', ({ name }) => {
    if (name === 'bad') throw new Error('of a plugin')
    names.push(name)
  })
  entries.add('resource', entry('a'), entry('bad'), entry('b'))
  entries.deliver()
  expect(names).toEqual(['a', 'b'])
})

it('gives nothing after it was stopped, not even when the page is hidden', () => {
  const entries = stubPerformanceEntries(['resource'])
  const { names, stop } = collect()
  stop!()
  entries.add('resource', entry('late'))
  entries.deliver()
  setVisibility('hidden')
  expect([names, entries.observers()]).toEqual([[], 0])
})

it.each([
  ['other entries only', () => stubPerformanceEntries(['paint'])],
  ['no observer', () => vi.stubGlobal('PerformanceObserver', undefined)],
  ['an observer that does not tell its types', () => vi.stubGlobal('PerformanceObserver', () => {})],
])('is undefined in a browser with %s', (_what, stub) => {
  stub()
  expect(collect().stop).toBeUndefined()
})

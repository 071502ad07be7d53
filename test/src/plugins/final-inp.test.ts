// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { INPMetric } from 'web-vitals'
import { onFinalINP } from '../../../src/plugins/final-inp.ts'

// The library as far as it matters here: it looks at what it has kept when the page is hidden, in a listener on the window.
const library = vi.hoisted(() => ({
  report: undefined as ((metric: INPMetric) => void) | undefined,
  options: undefined as object | undefined,
}))
vi.mock('web-vitals', () => ({
  onINP: (report: (metric: INPMetric) => void, options: object): void =>
    void Object.assign(library, { report, options }),
}))

let visibility: DocumentVisibilityState
let away: AbortController
let reported: [id: string, value: number, delta: number][]

beforeEach(() => {
  away = new AbortController()
  visibility = 'visible'
  vi.spyOn(document, 'visibilityState', 'get').mockImplementation(() => visibility)
  const ours: typeof reported = []
  reported = ours
  onFinalINP(({ id, value, delta }) => void ours.push([id, value, delta]), {})
})
afterEach(() => {
  away.abort()
  vi.restoreAllMocks()
})

const metric = (value: number, id = 'v6-1'): INPMetric => ({ name: 'INP', id, value, delta: 0.5 }) as INPMetric

/** The library hands over a value. */
const tell = (value: number, id?: string): void => library.report!(metric(value, id))

const become = (state: DocumentVisibilityState): void => {
  visibility = state
  document.dispatchEvent(new Event('visibilitychange', { bubbles: true }))
}

/** Runs where the library has its listeners, which it adds one for each interaction that it keeps. */
const atHidden = (work: () => void): void =>
  addEventListener('visibilitychange', work, { capture: true, once: true, signal: away.signal })

describe('the INP of a page is reported', () => {
  it('when the page is hidden, with its last value, which is its delta', () => {
    tell(40)
    tell(80)
    expect(reported).toEqual([])
    become('hidden')
    expect(reported).toEqual([['v6-1', 80, 80]])
  })

  it('with an interaction that the library looks at only when the page is hidden', () => {
    atHidden(() => tell(152))
    become('hidden')
    expect(reported).toEqual([['v6-1', 152, 152]])
  })

  it('with the largest, whichever the library takes first when the page is hidden', () => {
    tell(48)
    atHidden(() => tell(64))
    atHidden(() => tell(304))
    become('hidden')
    expect(reported).toEqual([['v6-1', 304, 304]])
  })

  it('also where the browser hands over its last entries after the page was hidden', () => {
    become('hidden')
    tell(16)
    expect(reported).toEqual([['v6-1', 16, 16]])
  })

  it('before a listener of the window that does not capture, as that of the beacon is (src/core/life.ts)', () => {
    let atLeaving: unknown
    addEventListener('visibilitychange', () => (atLeaving = [...reported]), { signal: away.signal })
    atHidden(() => tell(152))
    become('hidden')
    expect(atLeaving).toEqual([['v6-1', 152, 152]])
  })

  it('when it is hidden, of a page that began in the background or came back', () => {
    become('hidden')
    become('visible')
    tell(40)
    expect(reported).toEqual([])
    become('hidden')
    expect(reported).toEqual([['v6-1', 40, 40]])
  })

  it('again, with its later value, for a page that is used on: the first is the one to use', () => {
    tell(40)
    become('hidden')
    become('visible')
    tell(400)
    become('hidden')
    expect(reported.map(([id]) => id)).toEqual(['v6-1', 'v6-1'])
    expect(reported[0]).toEqual(['v6-1', 40, 40])
  })

  it('not without an interaction', () => {
    become('hidden')
    become('visible')
    become('hidden')
    expect(reported).toEqual([])
  })
})

describe('the INP of a view', () => {
  it('that a soft navigation ended is reported when the next view has one', () => {
    tell(40)
    tell(96, 'v6-2')
    expect(reported).toEqual([['v6-1', 40, 40]])
    become('hidden')
    expect(reported.slice(1)).toEqual([['v6-2', 96, 96]])
  })

  it('is not lost where both views are told of only when the page is hidden', () => {
    atHidden(() => {
      tell(40)
      tell(96, 'v6-2')
    })
    become('hidden')
    expect(reported).toEqual([['v6-1', 40, 40], ['v6-2', 96, 96]]) // prettier-ignore
  })
})

it('asks the library for every change, whatever else is asked for', () => {
  onFinalINP(() => {}, { durationThreshold: 16, reportAllChanges: false })
  expect(library.options).toEqual({ durationThreshold: 16, reportAllChanges: true })
})

it('reports what the library last gave, and leaves it as it is', () => {
  const told = Object.freeze(metric(40))
  library.report!(told)
  become('hidden')
  expect(reported).toEqual([['v6-1', 40, 40]])
  expect(told.delta).toBe(0.5)
})

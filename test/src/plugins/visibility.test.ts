// @vitest-environment happy-dom
import * as fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { visibility, type VisibilityOptions } from '../../../src/plugins/visibility.ts'
import { leavePage, resetPage, setVisibility, showPage } from '../../support/page-events.ts'
import { type Recording, startRecording } from './recording.ts'

let recording: Recording
let nowMs = 0
let entries: Readonly<Record<string, object[]>> = {}

const start = (options?: VisibilityOptions): void => {
  recording = startRecording(visibility(options))
}
const valuesOf = (name: string): number[] =>
  recording.records.filter((record) => record[0] === name).map(([, value]) => value)

/** Runs what happens at which second. */
const play = (steps: readonly (readonly [seconds: number, happen: () => void])[]): void => {
  for (const [seconds, happen] of steps) {
    nowMs = seconds * 1_000
    happen()
  }
}
const hide = (): void => setVisibility('hidden')
const show = (): void => setVisibility('visible')
const input =
  (type = 'pointerdown') =>
  (): void =>
    void document.dispatchEvent(new Event(type, { bubbles: true }))
const close = (): void => {
  leavePage()
  hide()
}
const restore = (): void => {
  showPage(true)
  show()
}

beforeEach(() => {
  resetPage()
  nowMs = 500
  entries = {}
  vi.spyOn(performance, 'now').mockImplementation(() => nowMs)
  vi.spyOn(performance, 'getEntriesByType').mockImplementation((type) => (entries[type] ?? []) as never)
})
afterEach(() => {
  recording.stop()
  Reflect.deleteProperty(document, 'wasDiscarded')
  vi.restoreAllMocks()
})

describe('time visible', () => {
  it.each<[string, Parameters<typeof play>[0], number[]]>([
    ['hidden once', [[3, hide]], [3]],
    [
      'hidden twice',
      [
        [3, hide],
        [10, show],
        [14, hide],
      ],
      [3, 4],
    ],
    [
      'told twice',
      [
        [3, hide],
        [4, hide],
        [10, show],
        [11, show],
        [14, hide],
      ],
      [3, 4],
    ],
    ['closed', [[3, close]], [3]],
    [
      'closed in the background',
      [
        [3, hide],
        [9, leavePage],
      ],
      [3],
    ],
    [
      'closed, restored, closed',
      [
        [3, close],
        [60, restore],
        [61, close],
      ],
      [3, 1],
    ],
    [
      'restored, shown before it is told',
      [
        [3, close],
        [60, show],
        [60, () => showPage(true)],
        [61, close],
      ],
      [3, 1],
    ],
    ['never hidden', [[9, show]], []],
  ])('%s', (_, steps, wanted) => {
    start()
    play(steps)
    expect(valuesOf('page.visible')).toEqual(wanted)
    expect(valuesOf('page.engaged')).toHaveLength(wanted.length)
  })

  it.each<[string, Record<string, object[]>, number]>([
    ['the beginning', {}, 3],
    ['the activation of a prerendered page', { navigation: [{ activationStart: 1_000 }] }, 2],
    ['its last change', { 'visibility-state': [{ startTime: 0 }, { startTime: 100 }, { startTime: 250 }] }, 2.75],
    [
      'the activation after a change',
      { navigation: [{ activationStart: 400 }], 'visibility-state': [{ startTime: 0 }] },
      2.6,
    ],
  ])('a page that is visible from the start was so since %s', (_, told, wanted) => {
    entries = told
    start()
    play([[3, hide]])
    expect(valuesOf('page.visible')).toEqual([wanted])
  })

  it('a page that starts hidden has none until it is shown', () => {
    setVisibility('hidden')
    start()
    play([
      [2, show],
      [5, hide],
    ])
    expect(valuesOf('page.visible')).toEqual([3])
  })
})

describe('time engaged', () => {
  it.each<[string, Parameters<typeof play>[0], number[]]>([
    ['no input', [[30, hide]], [0]],
    [
      'one input',
      [
        [5, input()],
        [30, hide],
      ],
      [10],
    ],
    [
      'one input, then hidden soon',
      [
        [5, input()],
        [8, hide],
      ],
      [3],
    ],
    [
      'inputs that overlap',
      [
        [5, input()],
        [9, input('keydown')],
        [12, input('scroll')],
        [30, hide],
      ],
      [17],
    ],
    [
      'inputs far apart',
      [
        [1, input()],
        [20, input()],
        [40, hide],
      ],
      [20],
    ],
    [
      'the last of them cut',
      [
        [1, input()],
        [20, input()],
        [21, hide],
      ],
      [11],
    ],
    [
      'hidden in between',
      [
        [5, input()],
        [7, hide],
        [8, show],
        [30, hide],
      ],
      [2, 0],
    ],
    [
      'input before and after',
      [
        [5, input()],
        [7, hide],
        [8, show],
        [9, input()],
        [30, hide],
      ],
      [2, 10],
    ],
    [
      'input while hidden',
      [
        [5, hide],
        [6, input()],
        [7, show],
        [30, hide],
      ],
      [0, 0],
    ],
    [
      'input after the return',
      [
        [5, hide],
        [6, show],
        [7, input()],
        [8, hide],
      ],
      [0, 1],
    ],
  ])('%s', (_, steps, wanted) => {
    start()
    play(steps)
    expect(valuesOf('page.engaged')).toEqual(wanted)
  })

  it('lasts as long as asked', () => {
    start({ idleAfterMs: 2_000 })
    play([
      [5, input()],
      [30, hide],
    ])
    expect(valuesOf('page.engaged')).toEqual([2])
  })

  it('is the part of the visible seconds that have an input in the ten before them', () => {
    const second = fc.integer({ min: 1, max: 200 })
    fc.assert(
      fc.property(fc.uniqueArray(second, { maxLength: 30 }), second, (inputs, ahead) => {
        const end = Math.max(0, ...inputs) + ahead
        resetPage()
        start()
        play(inputs.sort((a, b) => a - b).map((seconds) => [seconds, input()]))
        play([[end, hide]])
        const isEngaged = (_: unknown, s: number): boolean => inputs.some((at) => at <= s && s < at + 10)
        const engaged = Array.from({ length: end }).filter(isEngaged).length
        expect(valuesOf('page.engaged')).toEqual([engaged])
        recording.stop()
      }),
    )
  })
})

describe('the life of the page', () => {
  it.each<[string, Parameters<typeof play>[0], { lifetimes: number[]; restores: number }]>([
    ['closed', [[7, close]], { lifetimes: [7], restores: 0 }],
    [
      'closed in the background',
      [
        [3, hide],
        [9, leavePage],
      ],
      { lifetimes: [9], restores: 0 },
    ],
    ['hidden only', [[3, hide]], { lifetimes: [], restores: 0 }],
    [
      'restored twice',
      [
        [3, close],
        [60, restore],
        [61, close],
        [70, restore],
        [75, close],
      ],
      { lifetimes: [3, 1, 5], restores: 2 },
    ],
    [
      'shown for the first time',
      [
        [1, () => showPage(false)],
        [7, close],
      ],
      { lifetimes: [7], restores: 0 },
    ],
  ])('%s', (_, steps, { lifetimes, restores }) => {
    start()
    play(steps)
    expect(valuesOf('page.lifetime')).toEqual(lifetimes)
    expect(valuesOf('page.restores')).toEqual(Array.from({ length: restores }).fill(1))
  })

  it('of a prerendered page begins with its activation', () => {
    entries = { navigation: [{ activationStart: 400 }] }
    start()
    play([[3, close]])
    expect(valuesOf('page.lifetime')).toEqual([2.6])
  })

  it.each([
    [true, 1],
    [false, 0],
    [undefined, 0],
  ])('discarded: %s', (wasDiscarded, wanted) => {
    Object.defineProperty(document, 'wasDiscarded', { configurable: true, value: wasDiscarded })
    start()
    expect(valuesOf('page.discards')).toHaveLength(wanted)
  })

  it('is silent when it was stopped', () => {
    start()
    recording.stop()
    play([
      [3, close],
      [60, restore],
      [61, close],
    ])
    expect(recording.records).toEqual([])
  })
})

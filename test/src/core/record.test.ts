import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createWindow, drop, dropBatches, MAX_LOOSE_VALUES, withStopwatch } from '../../../src/core/record.ts'
import { MAX_SERIES } from '../../../src/core/series.ts'
import type { Compactor } from '../../../src/core/types.ts'
import type { DropReason } from '../../../src/protocol/types.ts'
import { entryOf } from './pages.ts'
import { pointsOf, readByEdge, seal, startRecorder } from './recording.ts'

// The development build says what is wrong; its texts have tests of their own (test/src/check).
beforeEach(() => void vi.spyOn(console, 'warn').mockImplementation(() => {}))
afterEach(() => vi.restoreAllMocks())

const said = (reason: string, calls: number): unknown => ['pharos.dropped', calls, { reason, where: 'page' }]

describe('a window', () => {
  it('is asked for with its first record', () => {
    const { recorder, verbs, onOpen } = startRecorder()
    const clicks = verbs.counter('clicks')
    for (let i = 0; i < 5; i++) clicks.add()
    verbs.observe('size', 3)
    expect(onOpen).toHaveBeenCalledTimes(1)
    seal(recorder)
    expect(seal(recorder)).toEqual([])
    clicks.add()
    expect(onOpen).toHaveBeenCalledTimes(2)
  })

  it('may be sealed within the call, where timers fire at once', () => {
    const { recorder, verbs, onOpen } = startRecorder()
    const counters: unknown[] = []
    onOpen.mockImplementation(() => counters.push(...pointsOf(seal(recorder))[0]))
    const clicks = verbs.counter('clicks')
    for (let i = 0; i < 3; i++) clicks.add()
    expect(counters).toEqual([0, 1, 2].map(() => ['clicks', 1]))
    expect(recorder.recorded).toBe(3)
  })

  it('is no record when 0 is added', () => {
    const { recorder, verbs, onOpen } = startRecorder()
    verbs.increment('clicks', 0)
    verbs.increment('clicks', -0)
    verbs.counter('clicks').add(0)
    expect(onOpen).not.toHaveBeenCalled()
    expect([recorder.recorded, recorder.dropped, seal(recorder)]).toEqual([0, {}, []])
  })

  it('keeps nothing where the hook throws', () => {
    const { recorder, verbs, onOpen } = startRecorder()
    onOpen.mockImplementation(() => {
      throw new Error('no timers')
    })
    expect(() => verbs.increment('clicks')).not.toThrow()
    expect(pointsOf(seal(recorder))[0]).toEqual([['clicks', 1]])
  })
})

describe('the stopwatch', () => {
  afterEach(() => vi.useRealTimers())

  it('observes the seconds between, once', () => {
    vi.useFakeTimers({ toFake: ['performance'] })
    const { recorder, verbs } = startRecorder()
    const stop = withStopwatch(verbs).time('search.duration', { cached: true })
    vi.advanceTimersByTime(250)
    stop()
    vi.advanceTimersByTime(650)
    stop()
    expect(pointsOf(seal(recorder))).toEqual([[], [['search.duration', 0.25, { cached: true }]]])
  })
})

describe('what cannot be counted', () => {
  type Verbs = ReturnType<typeof startRecorder>['verbs']
  it.each<[DropReason, string, (verbs: Verbs) => void]>([
    ['bad_name', 'null', (v) => v.observe(null as never, 1)],
    ['bad_name', 'reserved', (v) => v.increment('pharos.dropped')],
    ['bad_name', 'reserved, bound', (v) => v.histogram('pharos_x').record(1)],
    ['bad_value', '-1', (v) => v.increment('a', -1)],
    ['bad_value', 'NaN', (v) => v.increment('a', NaN)],
    ['bad_value', 'Infinity', (v) => v.increment('a', Infinity)],
    ['bad_value', '1e291', (v) => v.increment('a', 1e291)],
    ['bad_value', 'a text', (v) => v.increment('a', '1' as never)],
    ['bad_value', 'a bigint', (v) => v.increment('a', 1n as never)],
    ['bad_value', 'null', (v) => v.increment('a', null as never)],
    ['bad_value', 'attributes', (v) => v.increment('a', { page: '/' } as never)],
    ['bad_value', 'a symbol', (v) => v.increment('a', Symbol('1') as never)],
    ['bad_value', '-0.5, bound', (v) => v.counter('a').add(-0.5)],
    ['bad_value', 'NaN observed', (v) => v.observe('a', NaN)],
    ['bad_value', '-Infinity observed', (v) => v.observe('a', -Infinity)],
    ['bad_value', '-1e291 observed', (v) => v.observe('a', -1e291)],
    ['bad_value', 'nothing observed', (v) => v.observe('a', undefined as never)],
    ['bad_value', 'a text, bound', (v) => v.histogram('a').record('0' as never)],
    ['bad_attributes', 'an object', (v) => v.counter('a', { b: {} } as never).add()],
    ['bad_attributes', 'a function', (v) => v.histogram('a', { b: () => 1 } as never).record(1)],
    ['bad_attributes', 'a bigint', (v) => withStopwatch(v).time('a', { b: 1n } as never)()],
  ])('is counted as %s and leaves with the window: %s', (reason, _, act) => {
    const { recorder, verbs, onOpen } = startRecorder()
    act(verbs)
    act(verbs)
    expect([recorder.recorded, recorder.dropped]).toEqual([0, { [reason]: 2 }])
    expect(onOpen).toHaveBeenCalledTimes(1)
    expect(pointsOf(seal(recorder))).toEqual([[said(reason, 2)], []])
    expect(seal(recorder)).toEqual([])
  })

  it('may be beyond the limit of series', () => {
    const { recorder, verbs } = startRecorder()
    for (let i = 0; i < MAX_SERIES + 10; i++) verbs.increment('a', 1, { i })
    verbs.observe('b', 1)
    expect([recorder.recorded, recorder.dropped]).toEqual([MAX_SERIES, { series_limit: 11 }])
    expect(readByEdge(seal(recorder)).counters.size).toBe(MAX_SERIES + 1)
  })
})

describe('losses elsewhere', () => {
  it('ride along, so that reporting a full outbox cannot fill it', () => {
    const { recorder, verbs, onOpen } = startRecorder()
    drop(recorder, 'outbox_full', 3)
    drop(recorder, 'outbox_full', 0)
    expect(onOpen).not.toHaveBeenCalled()
    verbs.increment('a')
    expect(onOpen).toHaveBeenCalledTimes(1)
    expect(pointsOf(seal(recorder))[0]).toEqual([said('outbox_full', 3), ['a', 1]])
  })

  it.each<DropReason>(['expired', 'rejected', 'too_large', 'outbox_full'])(
    'of batches that end as %s: what they said of drops is said again, and counted once',
    (reason) => {
      const { recorder, verbs } = startRecorder()
      verbs.increment('a', NaN)
      verbs.increment('a')
      const batches = seal(recorder)
      for (let time = 0; time < 3; time++) {
        dropBatches(recorder, reason, batches)
        batches.splice(0, 1, ...seal(recorder))
        expect(recorder.dropped).toEqual({ bad_value: 1, [reason]: 1 })
        expect(new Set(pointsOf(batches)[0])).toEqual(new Set([said('bad_value', 1), said(reason, 1)]))
      }
    },
  )

  it('of batches of other pages count like its own', () => {
    const { recorder } = startRecorder()
    const entries = [
      entryOf(1, { records: 4, drops: { expired: 2, rejected: 1 } }),
      entryOf(2, { records: 3, drops: { expired: 5 } }),
      entryOf(3, { records: 0 }),
    ]
    dropBatches(recorder, 'expired', entries)
    expect(recorder.dropped).toEqual({ expired: 7 })
    expect(recorder.current.unreported).toEqual({ expired: 14, rejected: 1 })
  })
})

describe('off', () => {
  it('does nothing, bound handles included', () => {
    const { recorder, verbs, onOpen } = startRecorder()
    const clicks = verbs.counter('clicks')
    recorder.isOn = false
    clicks.add()
    verbs.increment('pharos.x')
    verbs.observe('size', NaN)
    expect([onOpen.mock.calls, recorder.recorded, recorder.dropped]).toEqual([[], 0, {}])
    recorder.isOn = true
    clicks.add()
    expect(pointsOf(seal(recorder))[0]).toEqual([['clicks', 1]])
  })
})

describe('many values of one series', () => {
  const LIMIT = MAX_LOOSE_VALUES

  it('ask for the compactor once they are more than travel as they are', () => {
    const { recorder, verbs, onCrowded } = startRecorder()
    const latency = verbs.histogram('latency')
    for (let i = 0; i < LIMIT; i++) latency.record(i)
    expect(onCrowded).not.toHaveBeenCalled()
    onCrowded.mockImplementation(() => (recorder.isCrowded = true))
    for (let i = 0; i < 10; i++) latency.record(i)
    expect(onCrowded).toHaveBeenCalledTimes(1)
    // It could not be loaded.
    recorder.isCrowded = false
    latency.record(1)
    expect(onCrowded).toHaveBeenCalledTimes(2)
  })

  it('are not the whole numbers of a counter', () => {
    const { recorder, verbs, onCrowded } = startRecorder()
    const clicks = verbs.counter('clicks')
    for (let i = 0; i < 10 * LIMIT; i++) clicks.add()
    expect(onCrowded).not.toHaveBeenCalled()
    expect(pointsOf(seal(recorder))[0]).toEqual([['clicks', 10 * LIMIT]])
  })

  it('are a counter’s fractions, and what is beyond 32 bits', () => {
    const { recorder, verbs } = startRecorder()
    verbs.increment('a', Number.MAX_SAFE_INTEGER)
    verbs.increment('a', 2)
    verbs.increment('a', 0.1)
    expect(pointsOf(seal(recorder))[0]).toEqual([['a', [2, Number.MAX_SAFE_INTEGER, 0.1]]])
  })

  it('are folded where the compactor is there', () => {
    const { recorder, verbs, onCrowded } = startRecorder()
    const fold = vi.fn<Compactor['fold']>((cell) => void (cell.loose = []))
    recorder.compactor = { fold, encodeFolded: () => '0' }
    for (let i = 0; i < 2 * (LIMIT + 1); i++) verbs.observe('latency', i)
    expect([fold.mock.calls.length, onCrowded.mock.calls.length]).toEqual([2, 0])
  })
})

it('a window holds nothing of the one before', () => {
  expect(createWindow([])).toEqual({ dirty: [], unreported: {}, sealed: [] })
  const { recorder, verbs } = startRecorder()
  const [clicks, latency] = [verbs.counter('clicks'), verbs.histogram('latency')]
  for (const value of [0.5, 2]) {
    clicks.add(value)
    clicks.add(1)
    latency.record(value)
    latency.record(value)
    expect(pointsOf(seal(recorder))).toEqual([
      [['clicks', value === 2 ? 3 : [1, 0.5]]],
      [['latency', [[value, value]]]],
    ])
  }
})

const BROKEN: readonly [string, object][] = [
  ['get', Map.prototype],
  ['set', Map.prototype],
  ['push', Array.prototype],
  ['some', Array.prototype],
  ['hasOwn', Object],
  ['values', Object],
  ['entries', Object],
  ['abs', Math],
  ['stringify', JSON],
  ['test', RegExp.prototype],
]

it.each(BROKEN)('throws nothing where the page broke %s, and works when it is whole again', (method, object) => {
  const { recorder, verbs } = startRecorder()
  const { increment, observe, counter, histogram } = verbs
  const [clicks, latency] = [counter('clicks'), histogram('latency')]
  const calls = [
    () => increment('known', 1, { a: 'x' }),
    () => observe('seen', 1, { a: 'x' }),
    () => clicks.add(),
    () => latency.record(2),
    () => latency.record(0.5),
    () => counter('made').add(),
  ]
  const stop = withStopwatch(verbs).time('time')
  const host = object as Record<string, unknown>
  const whole = host[method]
  host[method] = () => {
    throw new Error('broken by the page')
  }
  try {
    for (const call of [...calls, stop]) call()
  } finally {
    host[method] = whole
  }
  const lost = { ...recorder.dropped }
  for (const call of calls) call()
  expect(recorder.dropped).toEqual(lost)
  expect(recorder.recorded + Object.values(lost).reduce((sum, count) => sum + count, 0)).toBe(13)
  expect(readByEdge(seal(recorder)).counters.get('["clicks",[]]')).toBeDefined()
})

import { describe, expect, it, vi } from 'vitest'
import { createInstruments, createRecorder, withStopwatch } from '../../src/core/record.ts'
import { sealWindow } from '../../src/core/seal.ts'
import { type BeforeRecord, filter } from '../../src/filter.ts'
import type { DropReason, WireBatch } from '../../src/protocol/types.ts'

const make = (beforeRecord: BeforeRecord) => {
  const seen = vi.fn<BeforeRecord>(beforeRecord)
  const onOpen = vi.fn<() => void>()
  const recorder = createRecorder(onOpen, () => {})
  const verbs = filter(seen)(createInstruments(recorder), recorder)
  const points = (): unknown[] => {
    sealWindow(recorder, { session: 'abcdefghijklmnop', resource: {}, sequence: 1, sealedMs: 0 })
    return recorder.current.sealed.flatMap(({ text }) => {
      const [, , counters, histograms] = JSON.parse(text) as WireBatch
      return [...counters, ...histograms]
    })
  }
  return { recorder, seen, onOpen, verbs: withStopwatch(verbs), points }
}

const attributes = { page: '/' }

describe('a filter', () => {
  it('sees every call, bound ones each time', () => {
    vi.useFakeTimers({ toFake: ['performance'] })
    const { recorder, seen, verbs } = make((record) => record)
    const { increment, observe, counter, histogram, time } = verbs
    increment('a')
    increment('a', 2, attributes)
    observe('b', 3)
    const clicks = counter('c', attributes)
    clicks.add()
    clicks.add(5)
    histogram('d').record(4)
    const stop = time('e', attributes)
    vi.advanceTimersByTime(250)
    stop()
    stop()
    vi.useRealTimers()
    expect(seen.mock.calls.flat()).toEqual([
      { kind: 'counter', name: 'a', value: 1, attributes: undefined },
      { kind: 'counter', name: 'a', value: 2, attributes },
      { kind: 'histogram', name: 'b', value: 3, attributes: undefined },
      { kind: 'counter', name: 'c', value: 1, attributes },
      { kind: 'counter', name: 'c', value: 5, attributes },
      { kind: 'histogram', name: 'd', value: 4, attributes: undefined },
      { kind: 'histogram', name: 'e', value: 0.25, attributes },
    ])
    expect(recorder.recorded).toBe(7)
  })

  it.each<[string, BeforeRecord, unknown]>([
    ['another name', (record) => ({ ...record, name: 'b' }), ['b', 1, attributes]],
    ['another value', (record) => ({ ...record, value: 7 }), ['a', 7, attributes]],
    ['other attributes', (record) => ({ ...record, attributes: { x: 1 } }), ['a', 1, { x: 1 }]],
    ['no attributes', ({ name, value }) => ({ name, value }), ['a', 1]],
    ['another kind, which changes nothing', (it) => ({ ...it, kind: 'histogram' }), ['a', 1, attributes]],
  ])('records what it returns: %s', (_, beforeRecord, point) => {
    const { verbs, points } = make(beforeRecord)
    verbs.increment('a', 1, attributes)
    expect(points()).toEqual([point])
  })

  it.each<[string, BeforeRecord, DropReason]>([
    ['nothing', () => {}, 'filtered'],
    ['false', () => false, 'filtered'],
    ['null', () => null, 'filtered'],
    ['unknown_metric', () => 'unknown_metric', 'unknown_metric'],
    ['bad_attributes', () => 'bad_attributes', 'bad_attributes'],
    ['another text', () => 'x"]' as 'bad_attributes', 'filtered'],
    ['true', () => true as never, 'filtered'],
  ])('drops where it returns %s, counted, and no reason to send', (_, beforeRecord, reason) => {
    const { recorder, verbs, points, onOpen } = make(beforeRecord)
    verbs.increment('a')
    verbs.histogram('b').record(1)
    expect(onOpen).not.toHaveBeenCalled()
    expect([recorder.recorded, recorder.dropped]).toEqual([0, { [reason]: 2 }])
    expect(points()).toEqual([['pharos.dropped', 2, { reason, where: 'page' }]])
  })

  it.each<[string, BeforeRecord]>([
    [
      'throws',
      () => {
        throw new Error('no')
      },
    ],
    [
      'returns what throws',
      () =>
        Object.defineProperty({ value: 1 }, 'name', {
          enumerable: true,
          get: () => {
            throw new Error('no')
          },
        }) as never,
    ],
  ])('that %s loses nothing', (_, beforeRecord) => {
    const { verbs, points } = make(beforeRecord)
    verbs.increment('a', 2, attributes)
    verbs.increment('a', 3, attributes)
    expect(points()).toEqual([['a', 5, attributes]])
  })

  it('that returns what is no record is a bad name', () => {
    vi.spyOn(console, 'warn').mockImplementation(() => {})
    const { recorder, verbs } = make(() => ({}) as never)
    verbs.increment('a')
    vi.restoreAllMocks()
    expect(recorder.dropped).toEqual({ bad_name: 1 })
  })

  it('is not asked while nothing is recorded', () => {
    const { recorder, seen, verbs } = make(() => false)
    const clicks = verbs.counter('a')
    recorder.isOn = false
    clicks.add()
    verbs.observe('b', 1)
    expect([seen.mock.calls, recorder.dropped]).toEqual([[], {}])
  })
})

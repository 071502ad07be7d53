import { describe, expect, it, vi } from 'vitest'
import type { BeforeRecord } from '../../../src/metrics/before-record.ts'
import { createRecorder } from '../../../src/metrics/recorder.ts'
import type { DropReason } from '../../../src/protocol/types.ts'

const make = (beforeRecord: BeforeRecord) => {
  const seen = vi.fn<BeforeRecord>(beforeRecord)
  const onFilterError = vi.fn<(error: unknown) => void>()
  const onFirstRecord = vi.fn<() => void>()
  const now = vi.fn<() => number>(() => 0)
  const recorder = createRecorder({ onFirstRecord, onFirstDrop: () => {}, beforeRecord: seen, onFilterError, now })
  return {
    recorder,
    seen,
    onFilterError,
    onFirstRecord,
    now,
    texts: () => recorder.drain((points) => points.map(({ text }) => text)),
  }
}

const attributes = { page: '/' }

describe('beforeRecord', () => {
  it('sees every call, bound ones each time', () => {
    const { recorder, seen, now } = make((record) => record)
    const { increment, observe, counter, histogram, time } = recorder.instruments
    increment('a')
    increment('a', 2, attributes)
    observe('b', 3)
    const clicks = counter('c', attributes)
    clicks.add()
    clicks.add(5)
    histogram('d').record(4)
    const stop = time('e', attributes)
    now.mockReturnValue(250)
    stop()
    stop()
    expect(seen.mock.calls.flat()).toEqual([
      { kind: 'counter', name: 'a', value: 1, attributes: undefined },
      { kind: 'counter', name: 'a', value: 2, attributes },
      { kind: 'histogram', name: 'b', value: 3, attributes: undefined },
      { kind: 'counter', name: 'c', value: 1, attributes },
      { kind: 'counter', name: 'c', value: 5, attributes },
      { kind: 'histogram', name: 'd', value: 4, attributes: undefined },
      { kind: 'histogram', name: 'e', value: 0.25, attributes },
    ])
    expect(recorder.recorded()).toBe(7)
  })

  it.each<[string, BeforeRecord, string]>([
    ['another name', (record) => ({ ...record, name: 'b' }), '["b",1,{"page":"/"}]'],
    ['another value', (record) => ({ ...record, value: 7 }), '["a",7,{"page":"/"}]'],
    ['other attributes', (record) => ({ ...record, attributes: { x: 1 } }), '["a",1,{"x":"1"}]'],
    ['no attributes', ({ name, value }) => ({ name, value }), '["a",1]'],
    ['another kind, which changes nothing', (it) => ({ ...it, kind: 'histogram' }), '["a",1,{"page":"/"}]'],
  ])('records what it returns: %s', (_, beforeRecord, text) => {
    const { recorder, texts } = make(beforeRecord)
    recorder.instruments.increment('a', 1, attributes)
    expect(texts()).toEqual([text])
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
    const { recorder, texts, onFirstRecord } = make(beforeRecord)
    recorder.instruments.increment('a')
    recorder.instruments.histogram('b').record(1)
    expect(onFirstRecord).not.toHaveBeenCalled()
    expect([recorder.recorded(), recorder.dropped()]).toEqual([0, { [reason]: 2 }])
    expect(texts()).toEqual([`["pharos.dropped",2,{"reason":"${reason}","where":"page"}]`])
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
  ])('that %s loses nothing, and is said once', (_, beforeRecord) => {
    const { recorder, texts, onFilterError } = make(beforeRecord)
    recorder.instruments.increment('a', 2, attributes)
    recorder.instruments.increment('a', 3, attributes)
    expect(texts()).toEqual(['["a",5,{"page":"/"}]'])
    expect(onFilterError).toHaveBeenCalledTimes(1)
  })

  it('that returns what is no record is a bad name', () => {
    const { recorder } = make(() => ({}) as never)
    recorder.instruments.increment('a')
    expect(recorder.dropped()).toEqual({ bad_name: 1 })
  })

  it('is not asked while nothing is recorded', () => {
    const { recorder, seen } = make(() => false)
    const clicks = recorder.instruments.counter('a')
    recorder.setEnabled(false)
    clicks.add()
    recorder.instruments.observe('b', 1)
    expect([seen.mock.calls, recorder.dropped()]).toEqual([[], {}])
  })
})

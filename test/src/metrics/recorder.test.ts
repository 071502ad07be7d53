import * as fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import { createRecorder, type Recorder } from '../../../src/metrics/recorder.ts'
import { sealBatches } from '../../../src/metrics/seal.ts'
import { type DecodedPoint, decodeEnvelope } from '../../../src/protocol/decode.ts'
import { mergeHistogram } from '../../../src/protocol/histogram.ts'
import type { Attributes, DropReason, ExactSum, Histogram } from '../../../src/protocol/types.ts'
import { encodeEnvelope, type SealedBatch } from '../../../src/protocol/wire.ts'
import { anyValue, histogramOf } from '../../support/arbitraries.ts'
import { unitsOf } from '../../support/rationals.ts'

const make = () => {
  const hooks = {
    onFirstRecord: vi.fn<() => void>(),
    onFirstDrop: vi.fn<(reason: DropReason, name: unknown) => void>(),
    now: vi.fn<() => number>(() => 0),
  }
  return { ...hooks, recorder: createRecorder(hooks) }
}

const all = <Points>(points: Points): Points => points

let sequence = 1
const seal = (recorder: Recorder): SealedBatch[] => {
  const head = { session: 'abcdefghijklmnop', resource: {}, sequence: sequence++ * 100, sealedMs: 0 }
  const batches = recorder.drain((points) => sealBatches(points, head))
  return batches.length ? [...batches, ...seal(recorder)] : []
}

/** A seal that ends in its middle, as a closing Firefox may end it: at point `at`, or with all of them made. */
function sealInPart(recorder: Recorder, at: number): SealedBatch[] {
  const { stringify } = JSON
  let left = at
  const end = (): never => {
    throw new Error('the script ends')
  }
  const stringifying = vi.spyOn(JSON, 'stringify')
  stringifying.mockImplementation((value: unknown) => (left-- > 0 ? stringify(value) : end()))
  try {
    return recorder.drain(end)
  } catch {
    return []
  } finally {
    stringifying.mockRestore()
  }
}

const keyOf = ({ name, attributes }: DecodedPoint<unknown>): string => JSON.stringify([name, attributes])

/** What the edge reads. */
function read(batches: readonly SealedBatch[]) {
  const counters = new Map<string, ExactSum>()
  const histograms = new Map<string, Histogram>()
  for (const batch of batches) {
    const decoded = decodeEnvelope(JSON.parse(encodeEnvelope([batch], 0)))
    if (!decoded.ok) throw new Error(decoded.error)
    for (const { dropped, counters: sums, histograms: shapes } of decoded.value) {
      expect(dropped).toEqual([])
      for (const point of sums) counters.set(keyOf(point), [...(counters.get(keyOf(point)) ?? []), ...point.value])
      for (const point of shapes) {
        const total = histograms.get(keyOf(point))
        if (total) mergeHistogram(total, point.value)
        else histograms.set(keyOf(point), point.value)
      }
    }
  }
  return { counters, histograms }
}

const names = fc.constantFrom('a', 'b.c', 'd_e')
const attributes = fc.constantFrom<Attributes | undefined>(
  undefined,
  { p: 1 },
  { p: '1', q: true },
  { q: 'true', p: 1 },
)
const call = fc.oneof(
  fc.record({
    verb: fc.constant('increment' as const),
    name: names,
    attributes,
    value: fc.oneof(anyValue.map(Math.abs), fc.integer({ min: 1, max: 5 })),
    bound: fc.boolean(),
  }),
  fc.record({ verb: fc.constant('observe' as const), name: names, attributes, value: anyValue, bound: fc.boolean() }),
  fc.constant({ verb: 'seal' as const }),
  fc.record({ verb: fc.constant('seal in part' as const), at: fc.integer({ min: 0, max: 6 }) }),
)

describe('recorder', () => {
  it('seals exactly what was recorded, also where a seal was ended in its middle', () => {
    fc.assert(
      fc.property(fc.array(call, { maxLength: 120 }), (calls) => {
        const { recorder } = make()
        const batches: SealedBatch[] = []
        const wanted = { increment: new Map<string, number[]>(), observe: new Map<string, number[]>() }
        let records = 0
        for (const step of calls) {
          if (step.verb === 'seal') {
            batches.push(...seal(recorder))
            continue
          }
          if (step.verb === 'seal in part') {
            batches.push(...sealInPart(recorder, step.at))
            continue
          }
          const { verb, name, attributes, value, bound } = step
          if (!bound) recorder.instruments[verb](name, value, attributes)
          else if (verb === 'increment') recorder.instruments.counter(name, attributes).add(value)
          else recorder.instruments.histogram(name, attributes).record(value)
          if (verb === 'increment' && value === 0) continue
          records++
          const canonical = Object.entries(attributes ?? {})
            .map(([key, text]) => [key, String(text)])
            .sort(([a], [b]) => (a! < b! ? -1 : 1))
          const key = JSON.stringify([name, canonical])
          wanted[verb].set(key, [...(wanted[verb].get(key) ?? []), value])
        }
        expect(recorder.recorded()).toBe(records)
        batches.push(...seal(recorder))
        expect(recorder.pending()).toBe(0)
        expect(batches.reduce((sum, batch) => sum + batch.records, 0)).toBe(records)
        const { counters, histograms } = read(batches)
        expect([...counters.keys()].sort()).toEqual([...wanted.increment.keys()].sort())
        for (const [key, values] of wanted.increment) expect(unitsOf(counters.get(key)!)).toBe(unitsOf(values))
        expect([...histograms.keys()].sort()).toEqual([...wanted.observe.keys()].sort())
        for (const [key, values] of wanted.observe) {
          const { sum, ...shape } = histograms.get(key)!
          const { sum: _, ...wantedShape } = histogramOf(values)
          expect(unitsOf(sum)).toBe(unitsOf(values))
          expect(shape).toEqual(wantedShape)
        }
      }),
      { numRuns: 300 },
    )
  })

  it('asks for one sealing a window', () => {
    const { recorder, onFirstRecord } = make()
    const clicks = recorder.instruments.counter('clicks')
    for (let i = 0; i < 5; i++) clicks.add()
    recorder.instruments.observe('size', 3)
    expect(onFirstRecord).toHaveBeenCalledTimes(1)
    recorder.drain(all)
    expect(recorder.drain(all)).toEqual([])
    clicks.add()
    expect(onFirstRecord).toHaveBeenCalledTimes(2)
  })

  it('records nothing when 0 is added', () => {
    const { recorder, onFirstRecord } = make()
    recorder.instruments.increment('clicks', 0)
    recorder.instruments.increment('clicks', -0)
    recorder.instruments.counter('clicks').add(0)
    expect(onFirstRecord).not.toHaveBeenCalled()
    expect([recorder.recorded(), recorder.dropped(), recorder.drain(all)]).toEqual([0, {}, []])
  })

  it('observes the seconds between, once', () => {
    const { recorder, now } = make()
    const stop = recorder.instruments.time('search.duration', { cached: true })
    now.mockReturnValue(250)
    stop()
    now.mockReturnValue(900)
    stop()
    expect(seal(recorder).map(({ text }) => text.replace(/^\[\d+/, '['))).toEqual([
      '[,0,[],[["search.duration",0.25,{"cached":"true"}]]]',
    ])
  })

  it.each<[DropReason, (recorder: Recorder) => void]>([
    ['bad_name', (r) => r.instruments.increment('a b')],
    ['bad_name', (r) => r.instruments.observe(null as never, 1)],
    ['reserved_name', (r) => r.instruments.increment('pharos.dropped')],
    ['bad_value', (r) => r.instruments.increment('a', -1)],
    ['bad_value', (r) => r.instruments.increment('a', NaN)],
    ['bad_value', (r) => r.instruments.increment('a', Infinity)],
    ['bad_value', (r) => r.instruments.increment('a', 1e291)],
    ['bad_value', (r) => r.instruments.increment('a', '1' as never)],
    ['bad_value', (r) => r.instruments.increment('a', 1n as never)],
    ['bad_value', (r) => r.instruments.increment('a', null as never)],
    ['bad_value', (r) => r.instruments.increment('a', Symbol('1') as never)],
    ['bad_value', (r) => r.instruments.counter('a').add(-0.5)],
    ['bad_value', (r) => r.instruments.observe('a', NaN)],
    ['bad_value', (r) => r.instruments.observe('a', -Infinity)],
    ['bad_value', (r) => r.instruments.observe('a', -1e291)],
    ['bad_value', (r) => r.instruments.observe('a', undefined as never)],
    ['bad_value', (r) => r.instruments.histogram('a').record('0' as never)],
    ['bad_attributes', (r) => r.instruments.increment('a', 1, null as never)],
    ['bad_attributes', (r) => r.instruments.counter('a', { 'b-c': 1 }).add()],
    ['bad_attributes', (r) => r.instruments.histogram('a', { b: NaN }).record(1)],
    ['bad_attributes', (r) => r.instruments.time('a', { b: NaN })()],
  ])('%s is counted, said once and sent', (reason, act) => {
    const { recorder, onFirstDrop, onFirstRecord } = make()
    act(recorder)
    act(recorder)
    expect(recorder.dropped()).toEqual({ [reason]: 2 })
    expect(onFirstDrop).toHaveBeenCalledTimes(1)
    expect(onFirstRecord).toHaveBeenCalledTimes(1)
    expect(recorder.recorded()).toBe(0)
    const points = recorder.drain(all)
    expect(points).toEqual([
      { isHistogram: false, text: `["pharos.dropped",2,{"reason":"${reason}","where":"page"}]`, records: 0 },
    ])
  })

  it('counts what is beyond the limit of series', () => {
    const { recorder } = make()
    for (let i = 0; i < 2_010; i++) recorder.instruments.increment('a', 1, { i })
    expect(recorder.dropped()).toEqual({ series_limit: 10 })
    expect(recorder.recorded()).toBe(2_000)
    const { counters } = read(seal(recorder))
    expect(counters.size).toBe(2_001)
  })

  it('lets losses elsewhere ride along, so that reporting a full outbox cannot fill it', () => {
    const { recorder, onFirstRecord } = make()
    recorder.drop('outbox_full', 3)
    recorder.drop('outbox_full', 0)
    expect(onFirstRecord).not.toHaveBeenCalled()
    recorder.instruments.increment('a')
    expect(onFirstRecord).toHaveBeenCalledTimes(1)
    expect(recorder.drain(all).map(({ text }) => text)).toEqual([
      '["pharos.dropped",3,{"reason":"outbox_full","where":"page"}]',
      '["a",1]',
    ])
  })

  it('does nothing while it is off, bound handles included', () => {
    const { recorder, onFirstRecord, onFirstDrop } = make()
    const clicks = recorder.instruments.counter('clicks')
    recorder.setEnabled(false)
    clicks.add()
    recorder.instruments.increment('b c')
    recorder.instruments.observe('size', NaN)
    expect([onFirstRecord, onFirstDrop].map((hook) => hook.mock.calls.length)).toEqual([0, 0])
    recorder.setEnabled(true)
    clicks.add()
    expect(recorder.drain(all)).toHaveLength(1)
  })

  it('counts what is sealed within the call, where timers fire at once', () => {
    const texts: string[] = []
    const onFirstRecord = (): void => recorder.drain((points) => void texts.push(...points.map(({ text }) => text)))
    const recorder: Recorder = createRecorder({ onFirstRecord, onFirstDrop: () => {}, now: () => 0 })
    const clicks = recorder.instruments.counter('clicks')
    for (let i = 0; i < 3; i++) clicks.add()
    expect(texts).toEqual(['["clicks",1]', '["clicks",1]', '["clicks",1]'])
    expect([recorder.recorded(), recorder.pending()]).toEqual([3, 0])
  })

  const broken: readonly [string, object][] = [
    ['get', Map.prototype],
    ['set', Map.prototype],
    ['push', Array.prototype],
    ['hasOwn', Object],
    ['entries', Object],
    ['abs', Math],
    ['stringify', JSON],
    ['test', RegExp.prototype],
  ]
  it.each(broken)('throws nothing where the page broke %s, and works when it is whole again', (method, object) => {
    const { recorder } = make()
    const { increment, observe, counter, histogram, time } = recorder.instruments
    const [clicks, latency] = [counter('clicks'), histogram('latency')]
    const verbs = [
      () => increment('known', 1, { a: 'x' }),
      () => observe('seen', 1, { a: 'x' }),
      () => clicks.add(),
      () => latency.record(2),
      () => counter('made').add(),
      time('time'),
    ]
    const host = object as Record<string, unknown>
    const whole = host[method]
    host[method] = () => {
      throw new Error('broken by the page')
    }
    try {
      for (const verb of verbs) verb()
    } finally {
      host[method] = whole
    }
    const lost = recorder.dropped()
    for (const verb of verbs.slice(0, -1)) verb()
    expect(recorder.dropped()).toEqual(lost)
    expect(recorder.recorded() + Object.values(lost).reduce((sum, count) => sum + count, 0)).toBe(11)
    expect(read(seal(recorder)).counters.get('["clicks",[]]')).toBeDefined()
  })
})

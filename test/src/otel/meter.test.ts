import { ValueType } from '@opentelemetry/api'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createInstruments, createRecorder } from '../../../src/core/record.ts'
import { createMeter } from '../../../src/otel/meter.ts'
import { createObservables } from '../../../src/otel/observables.ts'
import { createFakeBeacon, type FakeBeacon } from './fake-beacon.ts'

let beacon: FakeBeacon
beforeEach(() => {
  beacon = createFakeBeacon()
})
afterEach(() => {
  vi.restoreAllMocks()
})

const openMeter = (verbs: Parameters<typeof createMeter>[0] = beacon) =>
  createMeter(verbs, createObservables({ onFirst: () => {}, onNone: () => {} }))

describe('instruments', () => {
  it('count, measure, and go up and down', () => {
    const meter = openMeter()
    const page = { page: '/cart' }
    const counter = meter.createCounter('clicks')
    counter.add(1, page)
    counter.add(0.5)
    const active = meter.createUpDownCounter('active')
    active.add(3, page)
    active.add(-2, page)
    const took = meter.createHistogram('took', {
      unit: 's',
      description: 'd',
      advice: { explicitBucketBoundaries: [1] },
    })
    took.record(0.25)
    took.record(0, page)
    const memory = meter.createGauge('memory')
    memory.record(-7)
    memory.record(9)
    expect(beacon.increments()).toEqual({
      'clicks{"page":"/cart"}': [1],
      clicks: [0.5],
      'active.up{"page":"/cart"}': [3],
      'active.down{"page":"/cart"}': [2],
    })
    expect(beacon.observations()).toEqual({ took: [0.25], 'took{"page":"/cart"}': [0], memory: [-7, 9] })
  })

  // NaN is what every beacon refuses, and counts as dropped.
  it.each<[string, unknown]>([
    ['negative', -1],
    ['missing', undefined],
    ['text', '1'],
    ['null', null],
    ['a bigint', 1n],
  ])('a counter and a histogram take no value that is %s', (_, value) => {
    const meter = openMeter()
    meter.createCounter('clicks').add(value as number)
    meter.createHistogram('took').record(value as number)
    expect([beacon.increments(), beacon.observations()]).toEqual([{ clicks: [Number.NaN] }, { took: [Number.NaN] }])
  })

  it.each([
    [1.9, 1],
    [0.5, 0],
    [7, 7],
    [Number.NaN, Number.NaN],
    [Infinity, Infinity],
  ])('INT makes %d to %d', (value, wanted) => {
    const meter = openMeter()
    const options = { valueType: ValueType.INT }
    meter.createCounter('clicks', options).add(value)
    meter.createGauge('memory', options).record(-value)
    meter.createGauge('precise', { valueType: ValueType.DOUBLE }).record(value)
    expect(beacon.increments()).toEqual({ clicks: [wanted] })
    expect(beacon.observations()).toEqual({ memory: [-wanted], precise: [value] })
  })

  it('names that only OpenTelemetry allows are written with underscores, others named in the console', () => {
    const said = vi.spyOn(console, 'warn').mockImplementation(() => {})
    const meter = openMeter()
    meter.createCounter('http/request-count').add(1)
    expect(beacon.increments()).toEqual({ http_request_count: [1] })
    expect(said).not.toHaveBeenCalled()
    for (const name of ['1st', 'a b', '', 'n'.repeat(129), undefined, Symbol('s'), Object.create(null)]) {
      meter.createCounter(name as string).add(1)
      meter.createUpDownCounter(name as string).add(1)
      meter.createObservableGauge(name as string).addCallback(() => {})
    }
    expect(said).toHaveBeenCalledTimes(18)
  })

  it('throw nothing into the page: what cannot be recorded is dropped and counted', () => {
    const recorder = createRecorder(
      () => {},
      () => {},
    )
    const counter = openMeter(createInstruments(recorder)).createCounter('clicks')
    const hostile = {
      get page(): string {
        throw new Error('no')
      },
    }
    const cycle: Record<string, unknown> = {}
    cycle['self'] = cycle
    for (const attributes of [hostile, { cycle }, null, 7, [], { a: 1n }, { a: () => {} }])
      expect(() => counter.add(1, attributes as never)).not.toThrow()
    // What is no object holds no attributes.
    expect([recorder.recorded, recorder.dropped]).toEqual([3, { bad_attributes: 4 }])
  })
})

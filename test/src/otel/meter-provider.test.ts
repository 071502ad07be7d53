import { type Attributes, metrics, ValueType } from '@opentelemetry/api'
import * as fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createMeterProvider } from '../../../src/otel/meter-provider.ts'
import { createInstruments, createRecorder } from '../../../src/core/record.ts'
import { batchesOf } from '../../../src/core/seal.ts'
import { decodeEnvelope } from '../../../src/protocol/decode.ts'
import { mergeExact, roundExact } from '../../../src/protocol/exact-sum.ts'
import { countOf } from '../../../src/protocol/histogram.ts'
import { encodeEnvelope } from '../../../src/protocol/envelope.ts'
import { createFakeBeacon, type FakeBeacon } from './fake-beacon.ts'

let beacon: FakeBeacon
beforeEach(() => {
  beacon = createFakeBeacon()
})
afterEach(() => {
  metrics.disable()
  vi.restoreAllMocks()
})

const openRecorder = () =>
  createRecorder(
    () => {},
    () => {},
  )

const openMeter = () => createMeterProvider(beacon, { intervalMs: 0 }).getMeter('test')

describe('the provider', () => {
  it('serves the global API from when it is set, and until it is taken away', () => {
    const early = metrics.getMeter('shop').createCounter('orders')
    early.add(1)
    expect(metrics.setGlobalMeterProvider(createMeterProvider(beacon))).toBe(true)
    metrics.getMeter('shop').createCounter('orders').add(2)
    early.add(8)
    metrics.disable()
    metrics.getMeter('shop').createCounter('orders').add(4)
    expect(beacon.increments()).toEqual({ orders: [2] })
  })

  it('has one meter for the same name, version and schema', () => {
    const provider = createMeterProvider(beacon)
    const getMeter: typeof provider.getMeter = (...args) => provider.getMeter(...args)
    const meter = getMeter('a', '1', { schemaUrl: 'https://s.test' })
    expect(getMeter('a', '1', { schemaUrl: 'https://s.test' })).toBe(meter)
    expect(getMeter('a')).toBe(getMeter('a'))
    for (const other of [getMeter('b', '1'), getMeter('a', '2'), getMeter('a', '1'), getMeter('a')])
      expect(other).not.toBe(meter)
  })

  it('flushes the beacon', async () => {
    await createMeterProvider(beacon).forceFlush()
    expect(beacon.flushes()).toBe(1)
    await createMeterProvider({ increment: () => {}, observe: () => {} }).forceFlush()
  })
})

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

  it.each<[string, unknown, unknown]>([
    ['no attributes', undefined, undefined],
    ['primitives', { a: 'x', b: 2, c: false }, { a: 'x', b: 2, c: false }],
    ['undefined and null: no attribute', { a: 'x', b: undefined, c: null }, { a: 'x' }],
    ['arrays and objects: JSON', { a: ['x', 1], b: { c: true }, d: [] }, { a: '["x",1]', b: '{"c":true}', d: '[]' }],
    ['other names', { 'content-type': 'x', 'a b': 1 }, { content_type: 'x', a_b: 1 }],
  ])('attributes, %s', (_, given, wanted) => {
    openMeter()
      .createCounter('clicks')
      .add(1, given as never)
    expect(Object.keys(beacon.increments())).toEqual([wanted ? `clicks${JSON.stringify(wanted)}` : 'clicks'])
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
    const recorder = openRecorder()
    const counter = createMeterProvider(createInstruments(recorder)).getMeter('test').createCounter('clicks')
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

const anyCall = fc.record({
  what: fc.constantFrom('counter', 'moves', 'histogram', 'gauge'),
  value: fc.integer({ min: -1_000_000, max: 1_000_000 }).map((n) => n / 64),
  page: fc.constantFrom('/', '/cart', undefined),
})

it('with the real recorder: what leaves is what was added', () => {
  fc.assert(
    fc.property(fc.array(anyCall, { maxLength: 200 }), (calls) => {
      const recorder = openRecorder()
      const meter = createMeterProvider(createInstruments(recorder)).getMeter('test')
      const [counter, moves] = [meter.createCounter('counter'), meter.createUpDownCounter('moves')]
      const [histogram, gauge] = [meter.createHistogram('histogram'), meter.createGauge('gauge')]
      const verbs: Record<string, (value: number, attributes: Attributes) => void> = {
        counter: (value, attributes) => counter.add(value, attributes),
        moves: (value, attributes) => moves.add(value, attributes),
        histogram: (value, attributes) => histogram.record(value, attributes),
        gauge: (value, attributes) => gauge.record(value, attributes),
      }
      const wanted: Record<string, number> = {}
      const expectSum = (name: string, value: number): void => void (wanted[name] = (wanted[name] ?? 0) + value)
      let refused = 0
      for (const { what, value, page } of calls) {
        verbs[what]!(value, { page })
        if (what === 'moves') expectSum(value < 0 ? 'moves.down' : 'moves.up', Math.abs(value))
        else if (what === 'gauge' || value >= 0) expectSum(what, value)
        else refused++
        if ((what === 'histogram' && value >= 0) || what === 'gauge') expectSum(`${what} count`, 1)
      }
      const session = 'abcdefghijklmnop'
      const batches = batchesOf(recorder, { session, resource: {}, sequence: 1, sealedMs: 0 })
      const sums: Record<string, number[]> = {}
      const counts: Record<string, number> = {}
      if (batches.length) {
        const decoded = decodeEnvelope(JSON.parse(encodeEnvelope(batches, 0)))
        if (!decoded.ok) throw new Error(decoded.error)
        for (const { counters, histograms } of decoded.value) {
          for (const { name, value } of counters) mergeExact((sums[name] ??= []), value)
          for (const { name, value } of histograms) {
            mergeExact((sums[name] ??= []), value.sum)
            counts[`${name} count`] = (counts[`${name} count`] ?? 0) + countOf(value)
          }
        }
      }
      const found = Object.fromEntries(Object.entries(sums).map(([name, sum]) => [name, roundExact(sum)]))
      const { 'pharos.dropped': dropped = 0, ...others } = found
      const isWorth = ([name, value]: [string, number]): boolean => value !== 0 || name in others
      expect({ ...others, ...counts }).toEqual(Object.fromEntries(Object.entries(wanted).filter(isWorth)))
      expect(dropped).toBe(refused)
    }),
  )
})

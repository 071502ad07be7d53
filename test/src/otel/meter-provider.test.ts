import { type Attributes, metrics } from '@opentelemetry/api'
import * as fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
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
})

const openRecorder = () =>
  createRecorder(
    () => {},
    () => {},
  )

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

import { expect, it } from 'vitest'
import { createHistogram, recordValue } from '../../../src/protocol/histogram.ts'
import { isDue, pendingBytes } from '../../../worker/flush/is-due.ts'
import type { Destination } from '../../../worker/delivery/destination-api.ts'
import { testConfig } from '../../contract/snapshots.ts'
import { alone, createReceiver, INTERVAL_MS, startFlushing } from './flushing.ts'
import { key, withStorage } from '../aggregator/rig.ts'
import { createWindowReceiver } from './window-receiver.ts'

const due = async (
  destination: Destination,
  sinceMs: number,
  prepare: 'nothing' | 'doubt' | 'much',
): Promise<boolean> =>
  withStorage((storage) => {
    const { rig } = startFlushing(storage, [destination])
    const config = testConfig({ flushIntervalMs: INTERVAL_MS })
    const { name } = destination
    const cursor = { firstMs: 1, lastMs: 5_000, lastFullMs: 0, lastPartialMs: 0 }
    rig.state.apply({ type: 'flush', destination: name, cursor })
    if (prepare === 'doubt')
      rig.log.commit([{ type: 'freeze', backlog: name, destination: name, timeMs: 1, gauges: [] }])
    if (prepare === 'much')
      for (let i = 0; i < 10; i++) rig.state.apply({ type: 'add', key: key('clicks', `/${i}`), delta: [1] })
    const setup = { config, destinations: [destination], groups: [alone(destination)] }
    return isDue({ setup: () => setup, state: rig.state }, destination, 5_000 + sinceMs)
  })

it.each<[string, Destination, number, 'nothing' | 'doubt' | 'much', boolean]>([
  ['every flush', createReceiver('a'), INTERVAL_MS, 'nothing', true],
  ['an interval that is not over', { ...createReceiver('a'), intervalMs: 60_000 }, 30_000, 'nothing', false],
  ['an interval that is over', { ...createReceiver('a'), intervalMs: 60_000 }, 60_000, 'nothing', true],
  ['an alarm a little early', { ...createReceiver('a'), intervalMs: 60_000 }, 59_000, 'nothing', true],
  ['something in doubt', createWindowReceiver('a', { intervalMs: 60_000 }), 15_000, 'doubt', true],
  ['little that waits', createWindowReceiver('a', { intervalMs: 60_000, rotateBytes: 9e9 }), 15_000, 'much', false],
  ['much that waits', createWindowReceiver('a', { intervalMs: 60_000, rotateBytes: 500 }), 15_000, 'much', true],
])('a destination with %s', async (...[, destination, sinceMs, prepare, expected]) => {
  expect(await due(destination, sinceMs, prepare)).toBe(expected)
})

it('pending bytes grow with names and with buckets', () => {
  const histogram = createHistogram()
  for (let i = 1; i <= 100; i++) recordValue(histogram, i)
  const counter = pendingBytes(new Map([['k', [1]]]))
  expect(pendingBytes(new Map())).toBe(0)
  expect(pendingBytes(new Map([['k'.repeat(101), [1]]]))).toBe(counter + 100)
  expect(pendingBytes(new Map([['k', histogram]]))).toBeGreaterThan(counter + 1_000)
})

import { expect, it } from 'vitest'
import { isDue } from '../../../worker/flush/is-due.ts'
import type { Destination } from '../../../worker/delivery/types.ts'
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
    rig.ledger.apply(['flush', destination.name, { sinceMs: 1, flushedMs: 5_000, acceptedMs: 0, reachedMs: 0 }])
    if (prepare === 'doubt') rig.log.commit([['freeze', destination.name, destination.name, { timeMs: 1, gauges: [] }]])
    if (prepare === 'much') for (let i = 0; i < 10; i++) rig.ledger.apply(['add', key('clicks', `/${i}`), [1]])
    const setup = { config, destinations: [destination], groups: [alone(destination)] }
    return isDue({ setup: () => setup, ledger: rig.ledger }, destination, 5_000 + sinceMs)
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

import { expect, it } from 'vitest'
import type { FlushSetup } from '../../../worker/flush/effective-config.ts'
import { exportsKey } from '../../../worker/flush/push-metrics.ts'
import { statusOf } from '../../../worker/flush/status.ts'
import type { DestinationStatus } from '../../../worker/model/aggregator-api.ts'
import type { Change } from '../../../worker/state/change.ts'
import { testConfig } from '../../contract/snapshots.ts'
import { key, openRig, withStorage } from '../aggregator/rig.ts'
import { alone, createReceiver } from './flushing.ts'
import { createWindowReceiver } from './window-receiver.ts'

const destinations = [createReceiver('total'), createWindowReceiver('delta')]
const group = { ...alone({ name: 'total' }), name: 'g' }
const setup: FlushSetup = {
  config: testConfig({ flushIntervalMs: 15_000, groups: [group] }),
  destinations,
  groups: [group, alone({ name: 'delta' })],
}
const cursor = { firstMs: 1_000, lastMs: 9_000, lastFullMs: 0, lastPartialMs: 9_000 }
const nothing = { sent: 0, retried: 0, refused: 0, deadLetters: 0 }
const clicks = key('clicks')

it.each<[string, Change[], name: string, Partial<DestinationStatus>, missing: (keyof DestinationStatus)[]]>([
  ['nothing', [], 'total', { ...nothing, group: 'g' }, ['lagSeconds', 'waiting']],
  ['nothing', [], 'delta', { ...nothing, waiting: 0 }, ['lagSeconds', 'group']],
  ['a flush that nobody took', [{ type: 'flush', destination: 'total', cursor }], 'total', { lagSeconds: 9 }, []],
  [
    'a flush that was accepted',
    [{ type: 'flush', destination: 'total', cursor: { ...cursor, lastFullMs: 9_000 } }],
    'total',
    { lagSeconds: 1 },
    [],
  ],
  [
    'requests',
    (['accepted', 'retry', 'refused'] as const).map((outcome, i) => ({
      type: 'add',
      key: exportsKey('total', outcome),
      delta: [i + 1, 0.5],
    })),
    'total',
    { sent: 1.5, retried: 2.5, refused: 3.5 },
    [],
  ],
  [
    'pending deltas',
    [
      { type: 'openBacklog', backlog: 'delta', sinceMs: 1 },
      { type: 'add', key: clicks, delta: [1] },
    ],
    'delta',
    { waiting: 1 },
    [],
  ],
  [
    'a dead letter',
    [{ type: 'deadLetter', destination: 'delta', key: clicks, deadLetter: { reason: 'no', timeMs: 1 } }],
    'delta',
    { deadLetters: 1 },
    [],
  ],
])('after %s the status of %3$s says so', (...[, changes, name, expected, missing]) =>
  withStorage((storage) => {
    const { state } = openRig(storage)
    for (const change of changes) state.apply(change)
    const status = statusOf(setup, state, 10_000)
    const found = status.destinations.find((one) => one.name === name)!
    expect(found).toMatchObject({ ...expected, state: 'ok' })
    for (const field of missing) expect(found).not.toHaveProperty(field)
    expect(status).toMatchObject({ timeMs: 10_000, series: state.totals.size(), flushIntervalMs: 15_000 })
  }),
)

it.each([
  [null, false],
  [{ flushIntervalMs: 5_000 }, true],
])('with the runtime configuration %j it says %s', (override, hasOverride) =>
  withStorage((storage) => {
    const { state } = openRig(storage)
    state.apply({ type: 'override', override })
    expect(statusOf(setup, state, 1).hasOverride).toBe(hasOverride)
  }),
)

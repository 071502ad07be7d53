import { createExports, type Exports } from '../../../worker/flush/flush.ts'
import type { DestinationGroup } from '../../../worker/config/types.ts'
import type { CumulativeDestination, Destination, EngineStatus, PushReport } from '../../../worker/delivery/types.ts'
import type { SeriesKey, SeriesPhase, Snapshot } from '../../../worker/model/types.ts'
import { testConfig } from '../../contract/snapshots.ts'
import { batch, openRig, type Point, type Rig } from '../aggregator/rig.ts'

export const INTERVAL_MS = 15_000
export const STALE_MS = 60_000

export interface Receiver extends CumulativeDestination {
  readonly snapshots: Snapshot[]
  /** How the next pushes go; default: all is accepted. */
  answer: (snapshot: Snapshot, settle: (keys: readonly SeriesKey[]) => Promise<void>) => Promise<Partial<PushReport>>
}

export const keysIn = ({ series }: Snapshot, phase: SeriesPhase): SeriesKey[] =>
  series.filter((it) => it.phase === phase).map(({ key }) => key)

/** What every fake destination is. */
export const fakeDestination = (
  name: string,
): Pick<CumulativeDestination, 'name' | 'intervalMs' | 'accepts' | 'health' | 'status'> => ({
  name,
  intervalMs: 0,
  accepts: () => true,
  health: () => ({ name, state: 'ok', consecutiveFailures: 0 }),
  status: () => fakeStatus(name),
})

const fakeStatus = (name: string): EngineStatus => ({
  name,
  state: 'ok',
  consecutiveFailures: 0,
  kind: 'memory',
  protocol: 'none',
  temporality: 'cumulative',
  enabled: true,
  circuit: { state: 'closed', failures: 0 },
})

export const fakeReport = {
  outcome: 'accepted',
  durationMs: 20,
  requests: {},
  errors: {},
  bytes: 0,
  rejected: 0,
  refused: [],
} as const

/** A destination at its seam: what an object is told and what it answers. */
export function createReceiver(name: string): Receiver {
  const snapshots: Snapshot[] = []
  const receiver: Receiver = {
    ...fakeDestination(name),
    temporality: 'cumulative',
    snapshots,
    answer: async (snapshot, settle) => {
      await settle(keysIn(snapshot, 'new'))
      return { outcome: 'accepted', ended: keysIn(snapshot, 'ending'), requests: { accepted: 2 } }
    },
    push: async (snapshot, settle) => {
      snapshots.push(snapshot)
      return { ...fakeReport, ended: [], ...(await receiver.answer(snapshot, settle)) }
    },
  }
  return receiver
}

export const down: Receiver['answer'] = () => Promise.resolve({ outcome: 'failed', requests: { retry: 3 } })

export interface Flushing {
  readonly rig: Rig
  readonly flush: () => Promise<void>
  readonly restart: () => void
  readonly exports: () => Exports
  readonly count: (times?: number, points?: readonly Point[]) => void
  /** What is set up from now on. */
  readonly setUp: (destinations: readonly Destination[], groups?: readonly DestinationGroup[]) => void
}

export const alone = ({ name }: Pick<Destination, 'name'>): DestinationGroup => ({
  name,
  strategy: 'all',
  least: 1,
  destinations: [name],
})

export function startFlushing(storage: DurableObjectStorage, first: readonly Destination[]): Flushing {
  const rig = openRig(storage, { slots: 7 })
  const limits = { maxSeries: 1_000, maxSeriesPerMetric: 100, maxMetrics: 100 }
  const config = testConfig({ flushIntervalMs: INTERVAL_MS, staleAfterMs: STALE_MS, limits })
  let setup = { config, destinations: first, groups: first.map(alone) }
  const open = (): Exports => {
    const { ledger, log, schedule } = rig
    const onError = (_: string, error: unknown): unknown => rig.errors.push(error)
    const exports = createExports({ setup: () => setup, ledger, log, schedule, onError, now: () => rig.nowMs })
    exports.attend()
    return exports
  }
  let exports = open()
  let sequence = 0
  return {
    rig,
    exports: () => exports,
    setUp: (destinations, groups = destinations.map(alone)) => {
      setup = { config, destinations, groups: [...groups] }
      exports.attend()
    },
    flush: () => {
      rig.nowMs += INTERVAL_MS
      return exports.flush()
    },
    restart: () => {
      rig.restart()
      exports = open()
    },
    count: (times = 1, points?: readonly Point[]) => {
      for (let i = 0; i < times; i++) void rig.ingest(batch('s', ++sequence, points))
      rig.fire()
    },
  }
}

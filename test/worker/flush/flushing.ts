import type { DestinationGroup } from '../../../worker/config/types.ts'
import { notDelivered, type Delivery } from '../../../worker/delivery/delivery.ts'
import type { ConnectionStatus, CumulativeDestination, Destination } from '../../../worker/delivery/destination-api.ts'
import { EMPTY_TALLY, type PushTally } from '../../../worker/delivery/tally.ts'
import { createFlusher, type Flusher } from '../../../worker/flush/flush.ts'
import type { SeriesKey, SeriesPhase, Snapshot } from '../../../worker/model/types.ts'
import { testConfig } from '../../contract/snapshots.ts'
import { batch, openRig, type Point, type Rig } from '../aggregator/rig.ts'

export const INTERVAL_MS = 15_000
export const STALE_MS = 60_000

/** What a receiver says to the steps of a push, and what the push cost. */
export interface Answers {
  readonly zeros: (snapshot: Snapshot) => Promise<Delivery>
  readonly values: (snapshot: Snapshot) => Promise<Delivery>
  readonly requests: PushTally['requests']
}

export interface Receiver extends CumulativeDestination {
  readonly snapshots: Snapshot[]
  /** For the next pushes. By default it accepts everything. */
  answers: Answers
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

const fakeStatus = (name: string): ConnectionStatus => ({
  name,
  state: 'ok',
  consecutiveFailures: 0,
  kind: 'memory',
  protocol: 'none',
  temporality: 'cumulative',
  enabled: true,
  circuit: { state: 'closed', failures: 0 },
})

export const fakeTally: PushTally = { ...EMPTY_TALLY, durationMs: 20 }

export const accepted = (keys: readonly SeriesKey[]): Delivery => ({
  outcome: 'accepted',
  accepted: new Set(keys),
  refused: new Map(),
  inDoubt: [],
  lost: [],
  notStored: [],
})

const keysOf = ({ series }: Snapshot): SeriesKey[] => series.map(({ key }) => key)

/** The receiver took all of the step, or nothing of it. */
export const acceptAll = (snapshot: Snapshot): Promise<Delivery> => Promise.resolve(accepted(keysOf(snapshot)))
export const storeNothing = (snapshot: Snapshot): Promise<Delivery> =>
  Promise.resolve(notDelivered(keysOf(snapshot), { type: 'retry', detail: 'down', inDoubt: false }))

export const up: Answers = { zeros: acceptAll, values: acceptAll, requests: { accepted: 2 } }
export const down: Answers = { zeros: storeNothing, values: storeNothing, requests: { retry: 3 } }

/** A destination at its seam: what a flush asks and what it answers. */
export function createReceiver(name: string): Receiver {
  const snapshots: Snapshot[] = []
  let isPushing = false
  const receiver: Receiver = {
    ...fakeDestination(name),
    temporality: 'cumulative',
    snapshots,
    answers: up,
    begin: (snapshot) => {
      if (isPushing) throw new Error('BUG: the push before was not ended')
      isPushing = true
      const { zeros, values, requests } = receiver.answers
      snapshots.push(snapshot)
      return {
        zeros: () => zeros(snapshot),
        values: () => values(snapshot),
        end: () => {
          isPushing = false
          return { ...fakeTally, requests }
        },
      }
    },
  }
  return receiver
}

export interface Flushing {
  readonly rig: Rig
  readonly flush: () => Promise<void>
  readonly restart: () => void
  readonly flusher: () => Flusher
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
  const open = (): Flusher => {
    const { state, log, schedule } = rig
    const onError = (_: string, error: unknown): unknown => rig.errors.push(error)
    const flusher = createFlusher({ setup: () => setup, state, log, schedule, onError, now: () => rig.nowMs })
    flusher.syncDestinations()
    return flusher
  }
  let flusher = open()
  let sequence = 0
  return {
    rig,
    flusher: () => flusher,
    setUp: (destinations, groups = destinations.map(alone)) => {
      setup = { config, destinations, groups: [...groups] }
      flusher.syncDestinations()
    },
    flush: () => {
      rig.nowMs += INTERVAL_MS
      return flusher.flush()
    },
    restart: () => {
      rig.restart()
      flusher = open()
    },
    count: (times = 1, points?: readonly Point[]) => {
      for (let i = 0; i < times; i++) void rig.ingest(batch('s', ++sequence, points))
      rig.fire()
    },
  }
}

import { env } from 'cloudflare:workers'
import { runInDurableObject } from 'cloudflare:test'
import { joinBatches } from '../../../worker/storage/join-batches.ts'
import { createCommitLog, type CommitLog } from '../../../worker/storage/commit-log.ts'
import { createCommitWindow } from '../../../worker/storage/commit-window.ts'
import type { State } from '../../../worker/state/state.ts'
import { restoreState, type RestoreOptions } from '../../../worker/storage/restore.ts'
import { seriesKey } from '../../../worker/model/series-key.ts'
import { openStore, type Store, type StoreLimits } from '../../../worker/storage/store.ts'
import type { Env } from '../../../worker/config/env.ts'
import type { AggregatorApi } from '../../../worker/model/aggregator-api.ts'
import type { AdmittedBatch, Delta, MetricKind, SeriesKey } from '../../../worker/model/types.ts'
import { exactly } from '../flush/exact.ts'

export const namespace = (env as unknown as Env).AGGREGATOR

let objects = 0
/** The name of an object that no other test uses: storage outlives a test. */
export const freshName = (): string => `test-${crypto.randomUUID()}-${objects++}`

export const freshObject = (): AggregatorApi & DurableObjectStub =>
  namespace.getByName(freshName()) as unknown as AggregatorApi & DurableObjectStub

/** Runs on the real storage of a fresh object. */
export const withStorage = <T>(run: (storage: DurableObjectStorage) => Promise<T> | T): Promise<T> =>
  runInDurableObject(freshObject(), (_, state: DurableObjectState) => run(state.storage))

export const key = (name: string, page = '/', kind: MetricKind = 'counter'): SeriesKey =>
  seriesKey({ kind, name, service: 'shop', release: '1', attributes: [['page', page]] })

export type Point = readonly [SeriesKey, Delta]

export const batch = (
  session: string,
  sequence: number,
  deltas: readonly Point[] = [[key('clicks'), [1]]],
): AdmittedBatch => ({ session, sequence, ageMs: 100, deltas, dropped: [] })

export interface RigOptions extends Partial<RestoreOptions>, StoreLimits {}

/** Everything but the Durable Object itself, on real storage, with clock and timers in the hand of the test. */
export interface Rig {
  nowMs: number
  state: State
  store: Store
  log: CommitLog
  readonly errors: unknown[]
  readonly delaysMs: () => number[]
  readonly schedule: (callback: () => void, delayMs: number) => () => void
  /** Fires every timer that is set. */
  readonly fire: () => void
  readonly ingest: (...batches: readonly AdmittedBatch[]) => Promise<void> | undefined
  /** Forgets all memory and starts again from storage; timers are gone, as after a kill. */
  readonly restart: (options?: RigOptions) => void
}

export function openRig(storage: DurableObjectStorage, first: RigOptions = {}): Rig {
  const timers = new Set<{ callback: () => void; delayMs: number }>()
  const errors: unknown[] = []
  const open = (options: RigOptions): Pick<Rig, 'state' | 'store' | 'log'> => {
    const { limits = { maxSeries: 1_000, maxSeriesPerMetric: 100, maxMetrics: 100 }, gauges = 1, seed = 9 } = options
    const store = openStore(storage, options)
    const state = restoreState(store, { ...options, limits, gauges, seed })
    const log = createCommitLog({
      store,
      state,
      window: createCommitWindow(),
      now: () => rig.nowMs,
      schedule: rig.schedule,
      onError: (_, error) => errors.push(error),
    })
    return { store, state, log }
  }
  const rig = {
    nowMs: 1_000_000,
    errors,
    delaysMs: () => [...timers].map(({ delayMs }) => delayMs),
    schedule: (callback: () => void, delayMs: number) => {
      const timer = { callback, delayMs }
      timers.add(timer)
      return () => timers.delete(timer)
    },
    fire: () => {
      const due = [...timers]
      timers.clear()
      for (const { callback } of due) callback()
    },
    ingest: (...batches: readonly AdmittedBatch[]) => joinBatches(batches, rig.state, rig.log),
    restart: (options: RigOptions = first) => {
      timers.clear()
      Object.assign(rig, open(options))
    },
  } as unknown as Rig
  rig.restart(first)
  return rig
}

/** All totals as plain data, with what belongs to each series. */
export const totalsOf = ({ totals }: State): Record<SeriesKey, unknown> =>
  Object.fromEntries(
    [...totals.all()]
      .sort((a, b) => (a.key < b.key ? -1 : 1))
      .map(({ key, total, startMs, changedMs, zeroSentTo, endSentTo }) => [
        key,
        { total: exactly(total), startMs, changedMs, zeroSentTo, endSentTo },
      ]),
  )

export const rowsIn = (storage: DurableObjectStorage, table: string): number =>
  storage.sql.exec<{ n: number }>(`SELECT count(*) AS n FROM ${table}`).one().n

import { createSelfCounts, droppedAtEdge, type SelfCounts } from '../model/self-counts.ts'
import type { Delta, SeriesKey } from '../model/types.ts'
import type { Change } from '../state/change.ts'
import { isWorthARow, type CommitWindow } from './commit-window.ts'
import { mergeInto } from '../model/delta.ts'
import type { State } from '../state/state.ts'
import { packRows } from './log-rows.ts'
import type { Store } from './store.ts'

/**
 * How long Pharos's counts about itself wait for another commit, ms. An idle object is evicted after 10 s without a request
 * (https://developers.cloudflare.com/durable-objects/concepts/durable-object-lifecycle/).
 */
export const SELF_COMMIT_MS = 3_000

/** A commit that is still gathering beacons. */
export interface OpenCommit {
  /** The identities of its batches, which the state does not yet have. */
  readonly seen: Map<string, Set<number>>
  /** By the key under which they are counted. */
  readonly deltas: Map<SeriesKey, Delta>
  /** Counts that are true only if this commit succeeds. */
  readonly counts: SelfCounts
  beacons: number
  /** Resolves when the commit is in storage, rejects when it could not be written. */
  readonly committed: Promise<void>
}

/** Group commit: all beacons that arrive within a moment share one row. */
export interface CommitLog {
  /** The commit that is gathering now. */
  readonly gathering: () => OpenCommit | undefined
  /** The commit that is gathering, or a new one. */
  readonly open: () => OpenCommit
  /** A beacon joined the commit, which may now be large enough to be written at once. */
  readonly joined: (open: OpenCommit) => void
  /** Counts that the next commit carries, whichever it is. */
  readonly counts: SelfCounts
  /** `counts` changed, so a commit follows within SELF_COMMIT_MS. */
  readonly countsChanged: () => void
  /** Commits `changes` now, and the commit that is gathering with them. Throws when storage does; then nothing has changed. */
  readonly commit: (changes?: readonly Change[]) => void
}

export interface CommitLogPorts {
  readonly store: Store
  readonly state: State
  readonly window: CommitWindow
  /** The edge clock, ms since 1970. */
  readonly now: () => number
  /** Calls back once after some ms; the returned function calls it off. */
  readonly schedule: (callback: () => void, delayMs: number) => () => void
  readonly onError: (message: string, error: unknown) => void
}

interface Gathering extends OpenCommit {
  readonly settle: PromiseWithResolvers<void>
  cancel: () => void
  isUrgent: boolean
}

export function createCommitLog({ store, state, window, now, schedule, onError }: CommitLogPorts): CommitLog {
  const counts = createSelfCounts()
  let gathering: Gathering | undefined
  let cancelCounts: (() => void) | undefined
  let commitsUntilRetry = 0

  const open = (): Gathering => {
    if (gathering) return gathering
    const settle = Promise.withResolvers<void>()
    // Without a handler, a failed commit that no beacon waits for would be an unhandled rejection.
    settle.promise.catch(() => {})
    const holdMs = window.holdMs(now())
    gathering = {
      seen: new Map(),
      deltas: new Map(),
      counts: createSelfCounts(),
      beacons: 0,
      committed: settle.promise,
      settle,
      cancel: schedule(tryCommit, holdMs),
      isUrgent: holdMs === 0,
    }
    return gathering
  }

  const tryCommit = (): void => {
    try {
      commit()
    } catch (error) {
      onError('commit failed', error)
    }
  }

  function commit(changes: readonly Change[] = []): void {
    const gathered = gathering
    gathering = undefined
    gathered?.cancel()
    const atMs = Math.max(now(), state.nowMs())
    const record = [...recordOf(atMs, changes, gathered)]
    try {
      if (record.length > 1) store.append(packRows(record))
    } catch (error) {
      for (const key of gathered?.deltas.keys() ?? []) if (!state.totals.has(key)) state.cardinality.release(key)
      gathered?.settle.reject(error)
      throw error
    }
    for (const change of record) state.apply(change)
    counts.clear()
    cancelCounts?.()
    cancelCounts = undefined
    if (gathered) window.committed(gathered.beacons, atMs)
    gathered?.settle.resolve()
    saveSnapshotWhenDue(atMs)
  }

  // Changes of the flush come first, so that a series that ended and is counted again in one commit begins again.
  function* recordOf(atMs: number, changes: readonly Change[], gathered: OpenCommit | undefined): Iterable<Change> {
    yield { type: 'at', timeMs: atMs }
    yield* changes
    for (const [session, sequences] of gathered?.seen ?? [])
      for (const sequence of sequences) yield { type: 'seen', session, sequence }
    for (const [key, delta] of gathered?.deltas ?? []) yield { type: 'add', key, delta }
    const own = new Map<SeriesKey, Delta>()
    for (const [key, delta] of gathered?.counts.deltas ?? []) mergeInto(own, key, delta)
    for (const [key, delta] of counts.deltas) mergeInto(own, key, delta)
    for (const [key, delta] of own) if (state.cardinality.admit(key).ok) yield { type: 'add', key, delta }
  }

  // Commits are safe without a snapshot. After a failure the log grows until a later commit tries again.
  const saveSnapshotWhenDue = (nowMs: number): void => {
    if (commitsUntilRetry-- > 0) return
    if (!store.snapshotIsDue() && !state.dedupe.freezeIsDue(nowMs)) {
      commitsUntilRetry = 0
      return
    }
    try {
      saveSnapshot(nowMs)
      commitsUntilRetry = 0
    } catch (error) {
      commitsUntilRetry = 100
      onError('snapshot failed', error)
    }
  }

  const saveSnapshot = (nowMs: number): void => {
    const { dedupe } = state
    const plan = dedupe.plan(nowMs)
    const { frozen, expired, forgottenEarly } = plan
    const rows = packRows(concat(state.changes(), dedupe.changes(plan)))
    store.saveSnapshot({ rows, frozen, expired })
    dedupe.settle(plan)
    if (forgottenEarly === 0) return
    counts.count(droppedAtEdge('session_forgotten'), forgottenEarly)
    countsChanged()
  }

  const countsChanged = (): void => {
    cancelCounts ??= schedule(tryCommit, SELF_COMMIT_MS)
  }

  return {
    gathering: () => gathering,
    open,
    joined: (open) => {
      if (open !== gathering || gathering.isUrgent || !isWorthARow(open.beacons)) return
      gathering.isUrgent = true
      gathering.cancel()
      gathering.cancel = schedule(tryCommit, 0)
    },
    counts,
    countsChanged,
    commit,
  }
}

function* concat<T>(...parts: readonly Iterable<T>[]): Iterable<T> {
  for (const part of parts) yield* part
}

import { createSelfCounts, droppedAtEdge, type SelfCounts } from '../model/self-counts.ts'
import type { Delta, SeriesKey } from '../model/types.ts'
import type { Change } from '../state/change.ts'
import { isWorthARow, type CommitWindow } from './commit-window.ts'
import { mergeInto } from '../model/delta.ts'
import type { Ledger } from '../state/state.ts'
import { packRows } from './log-rows.ts'
import type { Store } from './store.ts'

/** How long what Pharos counted about itself waits for another commit, ms: less than an object is given before it is put to sleep. */
export const SELF_COMMIT_MS = 3_000

/** Changes that are committed together. */
export interface Group {
  /** Identities in it, which are not yet in the ledger. */
  readonly seen: Map<string, Set<number>>
  /** By the key they are counted under. */
  readonly deltas: Map<SeriesKey, Delta>
  /** Counts that are true only if this group is committed. */
  readonly counts: SelfCounts
  beacons: number
  /** Resolves when the group is in storage, rejects when it could not be written. */
  readonly committed: Promise<void>
}

/** Group commit: everything that arrives within a moment shares one row. */
export interface CommitLog {
  /** The group that is gathering now. */
  readonly group: () => Group | undefined
  /** The group that is gathering, or a new one. */
  readonly open: () => Group
  /** A beacon was put in the group: it may be worth committing at once. */
  readonly joined: (group: Group) => void
  /** Counts that wait for any commit. */
  readonly counts: SelfCounts
  /** Something was put in `counts`: it will be committed soon even if nothing else is. */
  readonly countsChanged: () => void
  /** Commits the gathering group and `changes` now. Throws when storage does; then nothing has changed. */
  readonly commit: (changes?: readonly Change[]) => void
}

export interface CommitLogPorts {
  readonly store: Store
  readonly ledger: Ledger
  readonly window: CommitWindow
  /** The edge clock, ms since 1970. */
  readonly now: () => number
  /** Calls back once after some ms; the returned function calls it off. */
  readonly schedule: (callback: () => void, delayMs: number) => () => void
  readonly onError: (message: string, error: unknown) => void
}

interface Gathering extends Group {
  readonly settle: PromiseWithResolvers<void>
  cancel: () => void
  isUrgent: boolean
}

export function createCommitLog({ store, ledger, window, now, schedule, onError }: CommitLogPorts): CommitLog {
  const counts = createSelfCounts()
  let gathering: Gathering | undefined
  let cancelCounts: (() => void) | undefined
  let commitsUntilRetry = 0

  const open = (): Gathering => {
    if (gathering) return gathering
    const settle = Promise.withResolvers<void>()
    // A group without a waiting caller may fail without an unhandled rejection; callers that wait have their own branch.
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
    const group = gathering
    gathering = undefined
    group?.cancel()
    const atMs = Math.max(now(), ledger.nowMs())
    const record = [...recordOf(atMs, changes, group)]
    try {
      if (record.length > 1) store.append(packRows(record))
    } catch (error) {
      for (const key of group?.deltas.keys() ?? []) if (!ledger.totals.has(key)) ledger.cardinality.release(key)
      group?.settle.reject(error)
      throw error
    }
    for (const change of record) ledger.apply(change)
    counts.clear()
    cancelCounts?.()
    cancelCounts = undefined
    if (group) window.committed(group.beacons, atMs)
    group?.settle.resolve()
    saveSnapshotWhenDue(atMs)
  }

  // Changes of the flush come first: when a series ended and is counted again in one commit, it starts again.
  function* recordOf(atMs: number, changes: readonly Change[], group: Group | undefined): Iterable<Change> {
    yield ['at', atMs]
    yield* changes
    for (const [session, sequences] of group?.seen ?? [])
      for (const sequence of sequences) yield ['seen', session, sequence]
    for (const [key, delta] of group?.deltas ?? []) yield ['add', key, delta]
    const own = new Map<SeriesKey, Delta>()
    for (const [key, delta] of group?.counts.deltas ?? []) mergeInto(own, key, delta)
    for (const [key, delta] of counts.deltas) mergeInto(own, key, delta)
    for (const [key, delta] of own) if (ledger.cardinality.admit(key).ok) yield ['add', key, delta]
  }

  // The commits are safe without it, so a failure is only put off; the log grows in the meantime.
  const saveSnapshotWhenDue = (nowMs: number): void => {
    if (commitsUntilRetry-- > 0) return
    if (!store.snapshotIsDue() && !ledger.dedupe.freezeIsDue(nowMs)) {
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
    const { dedupe } = ledger
    const plan = dedupe.plan(nowMs)
    const { frozen, expired, forgottenEarly } = plan
    const rows = packRows(concat(ledger.changes(), dedupe.changes(plan)))
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
    group: () => gathering,
    open,
    joined: (group) => {
      if (group !== gathering || gathering.isUrgent || !isWorthARow(group.beacons)) return
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

import { createDeltaBacklogs, type DeltaBacklogs } from './backlog.ts'
import type { Cardinality } from './cardinality.ts'
import type { Change, FlushCursor } from './change.ts'
import { createDeadLetters, type DeadLetters } from './dead-letters.ts'
import type { Dedupe } from './dedupe/dedupe.ts'
import type { Totals } from './totals.ts'

/** The whole state of an aggregator, moved by changes only. */
export interface State {
  readonly totals: Totals
  readonly dedupe: Dedupe
  readonly cardinality: Cardinality
  /** The counts that delta destinations have not yet taken. */
  readonly backlogs: DeltaBacklogs
  readonly deadLetters: DeadLetters
  /** The runtime configuration as it was given; undefined for none. */
  readonly override: () => unknown
  /** How far each destination is. */
  readonly cursors: ReadonlyMap<string, FlushCursor>
  /** Time of the latest change, ms since 1970. The clock never goes back, not even over a restart. */
  readonly nowMs: () => number
  readonly apply: (change: Change) => void
  /** The changes that rebuild everything but the dedupe memory. */
  readonly changes: () => Iterable<Change>
}

export function createState(parts: Pick<State, 'totals' | 'dedupe' | 'cardinality'>): State {
  const { totals, dedupe, cardinality } = parts
  const cursors = new Map<string, FlushCursor>()
  const backlogs = createDeltaBacklogs()
  const deadLetters = createDeadLetters()
  let override: unknown
  let nowMs = 0

  const apply = (change: Change): void => {
    switch (change.type) {
      case 'at':
        nowMs = Math.max(nowMs, change.timeMs)
        break
      case 'seen':
        dedupe.add(change.session, change.sequence, nowMs)
        break
      case 'add':
        cardinality.restore(change.key)
        totals.add(change.key, change.delta, nowMs)
        backlogs.add(change.key, change.delta)
        break
      case 'flush':
        // Later counts are not in that flush, so they must not seem older.
        nowMs = Math.max(nowMs, change.cursor.lastMs)
        cursors.set(change.destination, change.cursor)
        break
      case 'zeroSent':
        totals.zeroSent(change.key, change.destination)
        break
      case 'endSent':
        totals.endSent(change.key, change.destination)
        break
      case 'removeSeries':
        totals.remove(change.key)
        cardinality.release(change.key)
        deadLetters.forgetSeries(change.key)
        break
      case 'forgetDestination':
        cursors.delete(change.destination)
        totals.forget(change.destination)
        deadLetters.forget(change.destination)
        break
      case 'seed':
        dedupe.setSeed(change.seed)
        break
      case 'session':
        dedupe.restore(change.session, change.sequences, nowMs)
        break
      case 'series':
        cardinality.restore(change.key)
        totals.restore(change.key, change.total, change.state)
        break
      case 'openBacklog':
        backlogs.open(change.backlog, change.sinceMs)
        break
      case 'closeBacklog':
        backlogs.close(change.backlog)
        break
      case 'pending':
        backlogs.addTo(change.backlog, change.key, change.delta)
        break
      case 'freeze':
        backlogs.freeze(change.backlog, change.destination, change)
        break
      case 'settle':
        backlogs.settle(change.backlog, change.destination, change.settlement)
        break
      case 'frozen':
        backlogs.restoreFrozen(change.backlog, change.destination, change.times)
        break
      case 'frozenSeries':
        backlogs.restoreFrozenSeries(change.backlog, change.destination, [change.key, change.delta])
        break
      case 'deadLetter':
        deadLetters.put(change.destination, change.key, change.deadLetter)
        break
      case 'deadLettersRemoved':
        deadLetters.remove(change.destination, change.keys)
        break
      case 'override':
        override = change.override ?? undefined
        break
      default:
        change satisfies never
    }
  }

  return {
    ...parts,
    backlogs,
    deadLetters,
    override: () => override,
    cursors,
    nowMs: () => nowMs,
    apply,
    *changes() {
      yield { type: 'at', timeMs: nowMs }
      for (const [destination, cursor] of cursors) yield { type: 'flush', destination, cursor }
      yield* totals.changes()
      yield* backlogs.changes()
      yield* deadLetters.changes()
      if (override !== undefined) yield { type: 'override', override }
    },
  }
}

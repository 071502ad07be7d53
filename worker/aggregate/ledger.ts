// Pure: no I/O of its own, no clock, no randomness.
import type { Cardinality } from '../policy/cardinality.ts'
import type { Change, FlushMark } from './change.ts'
import type { Dedupe } from './dedupe.ts'
import type { Totals } from './totals.ts'

/** The whole state of an aggregator, moved by changes only. */
export interface Ledger {
  readonly totals: Totals
  readonly dedupe: Dedupe
  readonly cardinality: Cardinality
  /** How far each destination is. */
  readonly marks: Map<string, FlushMark>
  /** Time of the latest change, ms since 1970: the clock never goes back, not even over a restart. */
  readonly nowMs: () => number
  readonly apply: (change: Change) => void
  /** The changes that rebuild everything but the dedupe memory. */
  readonly changes: () => Iterable<Change>
}

export function createLedger(parts: Pick<Ledger, 'totals' | 'dedupe' | 'cardinality'>): Ledger {
  const { totals, dedupe, cardinality } = parts
  const marks = new Map<string, FlushMark>()
  let nowMs = 0

  const apply = (change: Change): void => {
    switch (change[0]) {
      case 'at':
        nowMs = Math.max(nowMs, change[1])
        break
      case 'seen':
        dedupe.add(change[1], change[2], nowMs)
        break
      case 'add':
        cardinality.restore(change[1])
        totals.add(change[1], change[2], nowMs)
        break
      case 'flush':
        // What is counted from now on is not in that flush, so it must not seem older.
        nowMs = Math.max(nowMs, change[2].flushedMs)
        marks.set(change[1], change[2])
        break
      case 'introduced':
        totals.introduce(change[2], change[1])
        break
      case 'ended':
        totals.end(change[2], change[1])
        break
      case 'remove':
        totals.remove(change[1])
        cardinality.release(change[1])
        break
      case 'forget':
        marks.delete(change[1])
        totals.forget(change[1])
        break
      case 'seed':
        dedupe.setSeed(change[1])
        break
      case 'session':
        dedupe.restore(change[1], change[2], nowMs)
        break
      case 'series':
        cardinality.restore(change[1])
        totals.restore(change[1], change[2], change[3])
        break
      default:
        change satisfies never
    }
  }

  return {
    ...parts,
    marks,
    nowMs: () => nowMs,
    apply,
    *changes() {
      yield ['at', nowMs]
      for (const [destination, mark] of marks) yield ['flush', destination, mark]
      yield* totals.changes()
    },
  }
}

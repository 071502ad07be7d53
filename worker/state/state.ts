import type { Cardinality } from './cardinality.ts'
import type { Change, FlushMark } from './change.ts'
import { createDeadLetters, type DeadLetters } from './dead-letters.ts'
import type { Dedupe } from './dedupe/dedupe.ts'
import { createDeltaTracks, type DeltaTracks } from './backlog.ts'
import type { Totals } from './totals.ts'

/** The whole state of an aggregator, moved by changes only. */
export interface Ledger {
  readonly totals: Totals
  readonly dedupe: Dedupe
  readonly cardinality: Cardinality
  /** The counts that delta destinations have not yet taken. */
  readonly tracks: DeltaTracks
  readonly letters: DeadLetters
  /** The runtime configuration as it was given; undefined for none. */
  readonly override: () => unknown
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
  const tracks = createDeltaTracks()
  const letters = createDeadLetters()
  let override: unknown
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
        tracks.add(change[1], change[2])
        break
      case 'flush':
        // Later counts are not in that flush, so they must not seem older.
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
        letters.forgetSeries(change[1])
        break
      case 'forget':
        marks.delete(change[1])
        totals.forget(change[1])
        letters.forget(change[1])
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
      case 'track':
        tracks.open(change[1], change[2])
        break
      case 'untrack':
        tracks.close(change[1])
        break
      case 'pending':
        tracks.addTo(change[1], change[2], change[3])
        break
      case 'freeze':
        tracks.freeze(change[1], change[2], change[3])
        break
      case 'settle':
        tracks.settle(change[1], change[2], change[3])
        break
      case 'frozen':
        tracks.restoreFrozen(change[1], change[2], change[3])
        break
      case 'frozen-series':
        tracks.restoreFrozenSeries(change[1], change[2], [change[3], change[4]])
        break
      case 'letter':
        letters.put(change[1], change[2], change[3])
        break
      case 'unletter':
        letters.remove(change[1], change[2])
        break
      case 'override':
        override = change[1] ?? undefined
        break
      default:
        change satisfies never
    }
  }

  return {
    ...parts,
    tracks,
    letters,
    override: () => override,
    marks,
    nowMs: () => nowMs,
    apply,
    *changes() {
      yield ['at', nowMs]
      for (const [destination, mark] of marks) yield ['flush', destination, mark]
      yield* totals.changes()
      yield* tracks.changes()
      yield* letters.changes()
      if (override !== undefined) yield ['override', override]
    },
  }
}

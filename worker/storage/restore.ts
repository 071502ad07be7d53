import { createCardinality } from '../state/cardinality.ts'
import type { SeriesLimits } from '../model/series-limits.ts'
import { createDedupe, type DedupeOptions } from '../state/dedupe/dedupe.ts'
import { createLedger, type Ledger } from '../state/state.ts'
import { unpackRow } from './log-rows.ts'
import type { Store } from './store.ts'
import { createTotals } from '../state/totals.ts'

export interface RestoreOptions extends Pick<DedupeOptions, 'seed' | 'maxHotWeight' | 'maxColdSessions'> {
  readonly limits: SeriesLimits
  /** Series that exist only in snapshots. */
  readonly gauges: number
}

/** The state as it was: the snapshot, then every commit since, in order. */
export function restoreLedger(store: Store, { limits, gauges, ...dedupe }: RestoreOptions): Ledger {
  const ledger = createLedger({
    totals: createTotals(),
    dedupe: createDedupe({ ...dedupe, generations: store.loadGenerations(), readRow: store.readColdRow }),
    cardinality: createCardinality(limits, gauges),
  })
  for (const row of store.load()) for (const change of unpackRow(row)) ledger.apply(change)
  return ledger
}

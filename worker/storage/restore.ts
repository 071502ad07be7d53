import { createCardinality } from '../state/cardinality.ts'
import type { SeriesLimits } from '../model/series-limits.ts'
import { createDedupe, type DedupeOptions } from '../state/dedupe/dedupe.ts'
import { createState, type State } from '../state/state.ts'
import { unpackRow } from './log-rows.ts'
import type { Store } from './store.ts'
import { createTotals } from '../state/totals.ts'

export interface RestoreOptions extends Pick<DedupeOptions, 'seed' | 'maxHotWeight' | 'maxColdSessions'> {
  readonly limits: SeriesLimits
  /** Series that exist only in snapshots. */
  readonly gauges: number
}

/** Rebuilds the state from the snapshot and from every later commit, in order. */
export function restoreState(store: Store, { limits, gauges, ...dedupe }: RestoreOptions): State {
  const state = createState({
    totals: createTotals(),
    dedupe: createDedupe({ ...dedupe, generations: store.loadGenerations(), readRow: store.readColdRow }),
    cardinality: createCardinality(limits, gauges),
  })
  for (const row of store.load()) for (const change of unpackRow(row)) state.apply(change)
  return state
}

import type { SnapshotSeries } from '../../../worker/model/types.ts'
import { counterOf } from '../../contract/snapshots.ts'

/** Counters of one name with as many and as long attributes as there may be, so that requests end by their bytes. */
export function wideCounters(count: number): SnapshotSeries[] {
  const attributes = Object.fromEntries(Array.from({ length: 16 }, (_, i) => [`attribute${i}`, 'ж'.repeat(128)]))
  return Array.from({ length: count }, (_, i) => counterOf('a', 1, { attributes: { ...attributes, attribute0: i } }))
}

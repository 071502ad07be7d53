import type { Instruments } from './core/instruments.ts'
import type { MetricRecord, RefusalReason } from './core/metric-record.ts'
import type { Filter } from './core/options.ts'
import { drop } from './core/record.ts'

/**
 * Gets every call of `increment`, `observe` and their bound forms before it is recorded, and returns the record to keep: the same
 * or another one. If it returns a reason of a catalog's check, the call is dropped under that reason; if nothing or false, under `filtered`.
 */
// oxlint-disable-next-line typescript/no-invalid-void-type -- a function that returns nothing drops the record
export type BeforeRecord = (
  record: MetricRecord,
) => Omit<MetricRecord, 'kind'> | RefusalReason | false | null | undefined | void

/**
 * Renames or drops records, call by call. It makes every call slower, bound ones most: they find their series again with every
 * call, since each may get another name. If `beforeRecord` throws, the call is recorded as it is.
 * @example
 * init({ filter: filter((record) => record.name !== 'noise' && { ...record, name: `shop.${record.name}` }) })
 */
export const filter =
  (beforeRecord: BeforeRecord): Filter =>
  ({ increment, observe }, recorder) => {
    const ask = (record: MetricRecord): Omit<MetricRecord, 'kind'> | undefined => {
      try {
        const kept = beforeRecord(record)
        // A copy, made inside `try`: the page's object may have getters.
        if (kept && typeof kept === 'object') return { ...kept }
        drop(recorder, kept === 'unknown_metric' || kept === 'bad_attributes' ? kept : 'filtered', 1)
        return undefined
      } catch {
        return record
      }
    }
    const filtered =
      (kind: MetricRecord['kind'], verb: Instruments['observe']): Instruments['observe'] =>
      (name, value, attributes) => {
        const record = recorder.isOn && ask({ kind, name, value, attributes })
        if (record) verb(record.name, record.value, record.attributes)
      }
    const count = filtered('counter', increment)
    const measure = filtered('histogram', observe)
    return {
      increment: (name, value = 1, attributes) => count(name, value, attributes),
      observe: measure,
      counter: (name, attributes) => ({ add: (value = 1) => count(name, value, attributes) }),
      histogram: (name, attributes) => ({ record: (value) => measure(name, value, attributes) }),
    }
  }

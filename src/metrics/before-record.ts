// Pure: no I/O, no clock, no randomness.
import type { Attributes, DropReason } from '../protocol/types.ts'
import type { Instruments } from './instruments.ts'

/** A call, as `beforeRecord` sees it. */
export interface MetricRecord {
  /** What was called: it stays what it is, whatever is returned. */
  readonly kind: 'counter' | 'histogram'
  readonly name: string
  readonly value: number
  /** The caller's own object: return another one, never change this one. */
  readonly attributes?: Attributes | undefined
}

/** Why a record is outside a catalog (see `checkAgainst`). */
export type RefusalReason = Extract<DropReason, 'unknown_metric' | 'bad_attributes'>

/**
 * Sees every call of `increment`, `observe` and their bound forms before it is recorded, and returns what is to be recorded:
 * the same, or something else. A reason of a catalog's check: dropped, and counted under it. Nothing or false: as `filtered`.
 * @example
 * const beforeRecord: BeforeRecord = (record) => record.name !== 'noise' && { ...record, name: `shop.${record.name}` }
 */
// oxlint-disable-next-line typescript/no-invalid-void-type -- a function that ends without a word drops the record
export type BeforeRecord = (
  record: MetricRecord,
) => Omit<MetricRecord, 'kind'> | RefusalReason | false | null | undefined | void

/** What is to be recorded instead; nothing where nothing is. */
export type Ask = (record: MetricRecord) => Omit<MetricRecord, 'kind'> | undefined

/** Verbs that ask first. Bound handles find their series with every call, since each may get another name. */
export function filterInstruments(
  { increment, observe }: Pick<Instruments, 'increment' | 'observe'>,
  ask: Ask,
): Omit<Instruments, 'time'> {
  const filter =
    (kind: MetricRecord['kind'], verb: Instruments['observe']): Instruments['observe'] =>
    (name, value, attributes) => {
      const record = ask({ kind, name, value, attributes })
      if (record) verb(record.name, record.value, record.attributes)
    }
  const count = filter('counter', increment)
  const measure = filter('histogram', observe)
  return {
    increment: (name, value = 1, attributes) => count(name, value, attributes),
    observe: measure,
    counter: (name, attributes) => ({ add: (value = 1) => count(name, value, attributes) }),
    histogram: (name, attributes) => ({ record: (value) => measure(name, value, attributes) }),
  }
}

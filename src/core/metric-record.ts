import type { Attributes, DropReason } from '../protocol/types.ts'

/** A call, as a filter sees it. */
export interface MetricRecord {
  /** The verb that was called. A filter cannot change it. */
  readonly kind: 'counter' | 'histogram'
  readonly name: string
  readonly value: number
  /** The caller's own object: return another one, never change this one. */
  readonly attributes?: Attributes | undefined
}

/** Why a record is outside a catalog (see `checkAgainst`). */
export type RefusalReason = Extract<DropReason, 'unknown_metric' | 'bad_attributes'>

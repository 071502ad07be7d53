import type { Promised } from '../exporter-contract.ts'
import type { Mutation } from '../mutate.ts'

/** What kind of exporter: of totals, of deltas, or one whose backend adds a request that comes twice. */
export type Nature = 'totals' | 'deltas' | 'adds'

/** A way in which an exporter can be wrong. */
export interface Mutant {
  readonly name: string
  /** The promise that it breaks. */
  readonly breaks: Promised
  /** The exporters that it can be made of. */
  readonly of: readonly Nature[]
  readonly mutation: Mutation
}

export const both: readonly Nature[] = ['totals', 'deltas']
export const totals: readonly Nature[] = ['totals']
export const deltas: readonly Nature[] = ['deltas']

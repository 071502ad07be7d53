import type { Decoded } from '../../../contract/exporter-contract.ts'

/** The count and the sum of a classic histogram, from the series it was written as. */
export const classicOf = (decoded: readonly Decoded[]): { count: number; sum: number } => {
  const valueOf = (suffix: string): number => Number(decoded.find(({ name }) => name.endsWith(suffix))?.value)
  return { count: valueOf('_count'), sum: valueOf('_sum') }
}

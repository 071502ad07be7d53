import * as fc from 'fast-check'
import type { Harness } from './harness.ts'

/** Something that every exporter promises, as a check that throws when the promise is broken. */
export interface ExporterPromise {
  /** The promise in words, to follow 'the exporter'. */
  readonly what: string
  readonly check: (harness: Harness) => void
}

/** Few, because every exporter runs every property; a fault of a kind shows in the first runs. */
const RUNS = 30

/** Checks a property. */
export function always<Values>(property: fc.IPropertyWithHooks<Values>, numRuns: number = RUNS): void {
  fc.assert(property, { numRuns })
}

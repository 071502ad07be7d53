import * as fc from 'fast-check'
import { expect } from 'vitest'
import type { SnapshotSeries } from '../../../worker/model/types.ts'
import { anyCounters } from '../arbitraries.ts'
import { always, type ExporterPromise } from '../promise.ts'

export const deterministic: ExporterPromise = {
  what: 'gives the same bytes for the same totals, in any order',
  check: ({ requestsOf }) => {
    always(
      fc.property(anyCounters, (series) => {
        const sent = (all: readonly SnapshotSeries[]): unknown =>
          requestsOf(all).map(({ url, headers, body }) => ({ url, headers, body }))
        expect(sent(series.toReversed())).toEqual(sent(series))
      }),
    )
  },
}

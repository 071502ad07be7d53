import { expect } from 'vitest'
import type { ExporterPromise } from '../promise.ts'

export const empty: ExporterPromise = {
  what: 'sends nothing for an empty snapshot',
  check: ({ requestsOf }) => {
    expect(requestsOf([])).toEqual([])
  },
}

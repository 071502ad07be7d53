import * as fc from 'fast-check'
import { expect } from 'vitest'
import { anyCounters } from '../arbitraries.ts'
import { always, type ExporterPromise } from '../promise.ts'
import type { Decoded } from '../subject.ts'

const textOf = (all: readonly Decoded[]): string[] => all.map((one) => JSON.stringify(one)).sort()

export const parts: ExporterPromise = {
  what: 'sends a part the same as the whole, so that a refused request can be cut',
  check: ({ exporter, snapshot, decode, read }) => {
    always(
      fc.property(anyCounters, fc.func(fc.boolean()), (series, isLeft) => {
        const keys = series.map(({ key }) => key)
        const halves = [keys.filter((key) => isLeft(key)), keys.filter((key) => !isLeft(key))]
        const parts = halves.flatMap((half) => exporter.encodeOnly(snapshot(series), 'values', new Set(half)))
        expect(textOf(parts.flatMap(decode))).toEqual(textOf(read(series)))
      }),
    )
  },
}

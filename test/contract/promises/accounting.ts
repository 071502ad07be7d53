import * as fc from 'fast-check'
import { expect } from 'vitest'
import { always, type ExporterPromise } from '../promise.ts'
import type { Shown } from '../receiver.ts'
import { anyGrowth, expectedOf, type Fate, flushOf, play } from '../story.ts'

/** A backend may leave out a series that shows nothing. */
const filled = (shown: ReadonlyMap<string, Shown>): Readonly<Record<string, Shown>> =>
  Object.fromEntries([...shown].filter(([, { value, sum }]) => value !== 0 || sum !== 0))

export const accounting: ExporterPromise = {
  what: 'brings the backend to the totals, counters and histograms, over two flushes',
  check: (harness) => {
    always(
      fc.property(anyGrowth, (growth) => {
        const flushes = (['first', 'second'] as const).map((one) => flushOf(one, growth, harness.exporter.temporality))
        expect(filled(play(harness, flushes))).toEqual(filled(expectedOf(harness, growth, [0, 1])))
      }),
    )
  },
}

const anyFates = fc.array(fc.constantFrom<Fate>('answered', 'stored', 'lost'), { minLength: 1, maxLength: 5 })

export const doubt: ExporterPromise = {
  what: 'has a request in doubt counted once: repeated, or dropped where a repeated one counts twice',
  check: (harness) => {
    always(
      fc.property(anyGrowth, anyFates, (growth, fates) => {
        const flushes = (['first', 'second'] as const).map((one) => flushOf(one, growth, harness.exporter.temporality))
        let turn = 0
        const shown = play(harness, flushes, () => fates[turn++ % fates.length]!)
        expect(filled(shown)).toEqual(filled(expectedOf(harness, growth, [0, 1])))
      }),
    )
  },
}

export const restarts: ExporterPromise = {
  what: 'brings the backend to the totals where series end and begin again from zero',
  check: (harness) => {
    always(
      fc.property(anyGrowth, (growth) => {
        const flushes = (['first', 'second', 'end', 'return', 'last'] as const).map((one) =>
          flushOf(one, growth, harness.exporter.temporality),
        )
        expect(filled(play(harness, flushes))).toEqual(filled(expectedOf(harness, growth, [0, 1, 2, 3])))
      }),
    )
  },
}

export const outages: ExporterPromise = {
  what: 'brings the backend to the totals of series that end, though it missed the flush before (deltas: when it gets all windows)',
  check: (harness) => {
    const { temporality } = harness.exporter
    always(
      fc.property(anyGrowth, (growth) => {
        const delivered = temporality === 'cumulative' ? (['first', 'end'] as const) : (['first', 'second'] as const)
        const shown = play(harness, delivered.map((one) => flushOf(one, growth, temporality))) // prettier-ignore
        expect(filled(shown)).toEqual(filled(expectedOf(harness, growth, [0, 1])))
      }),
    )
  },
}

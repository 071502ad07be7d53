import { expect } from 'vitest'
import type { SeriesPhase } from '../../../worker/model/types.ts'
import { type Harness, outputSeries } from '../harness.ts'
import type { ExporterPromise } from '../promise.ts'
import { counterOf, gaugeOf, histogramOf } from '../snapshots.ts'
import type { Decoded } from '../subject.ts'

/** What a flush sends in each step for a counter and a histogram of one phase, and a gauge. */
function sentIn(
  { exporter, snapshot, decode }: Harness,
  phase: SeriesPhase,
): Record<'zeros' | 'values', readonly Decoded[]> {
  const flush = snapshot([counterOf('clicks', 5, { phase }), histogramOf('latency', [1, 3], { phase })])
  const steps = exporter.encode(flush)
  const decodedOf = (name: string): readonly Decoded[] =>
    steps.filter((step) => step.name === name).flatMap(({ requests }) => requests.flatMap(decode))
  return { zeros: decodedOf('zeros'), values: decodedOf('values') }
}

const idsOf = (decoded: readonly Decoded[]): string[] => decoded.map(outputSeries).sort()

export const zeros: ExporterPromise = {
  what: 'begins every series of totals with a zero at the flush before, ahead of its first value; deltas have no zeros',
  check: (harness) => {
    const { exporter, snapshot, decode } = harness
    const isDelta = exporter.temporality === 'delta'
    expect(sentIn(harness, 'live').zeros).toEqual([])
    const { zeros, values } = sentIn(harness, isDelta ? 'live' : 'new')
    expect(idsOf(zeros)).toEqual(isDelta ? [] : idsOf(values))
    for (const { value, sum = 0, timeMs } of zeros) expect({ value, sum, timeMs }).toEqual({ value: 0, sum: 0, timeMs: 10_000 }) // prettier-ignore
    const newGauge = snapshot([gaugeOf('level', 1, { phase: isDelta ? 'live' : 'new' })])
    expect(exporter.encode(newGauge).flatMap(({ requests }) => requests.flatMap(decode))).toHaveLength(1)
  },
}

export const endings: ExporterPromise = {
  what: 'marks the end of every series of totals, before the flush in which it may return; deltas have no end',
  check: (harness) => {
    const isDelta = harness.exporter.temporality === 'delta'
    const isEnd = ({ value, ended = false }: Decoded): boolean => value === 'stale' || ended
    const live = sentIn(harness, 'live').values
    expect(live.filter(isEnd)).toEqual([])
    if (isDelta) return
    const ending = sentIn(harness, 'ending').values
    expect(ending.every(isEnd), 'an ending series without a marker').toBe(true)
    expect(idsOf(ending)).toEqual(idsOf(live))
    for (const { value, timeMs } of ending) if (value === 'stale') expect([timeMs! > 10_000, timeMs! < 20_000]).toEqual([true, true]) // prettier-ignore
  },
}

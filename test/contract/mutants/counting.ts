import { roundExact } from '../../../src/protocol/exact-sum.ts'
import type { SnapshotSeries } from '../../../worker/model/types.ts'
import { changeExporter, changeSeries, changeSnapshots, changeSteps } from '../mutate.ts'
import { both, deltas, totals, type Mutant } from './mutant.ts'

const isGauge = ({ series }: SnapshotSeries): boolean => series.kind === 'gauge'

/** Mutants that count wrongly. */
export const COUNTING_MUTANTS: readonly Mutant[] = [
  {
    name: 'totals sent as increases',
    breaks: 'accounting',
    of: deltas,
    mutation: changeExporter((exporter) => ({ ...exporter, temporality: 'cumulative' })),
  },
  {
    name: 'increases sent as totals',
    breaks: 'accounting',
    of: totals,
    mutation: changeExporter((exporter) => ({ ...exporter, temporality: 'delta' })),
  },
  {
    name: 'the first request of a flush sent twice',
    breaks: 'accounting',
    of: ['adds'],
    mutation: changeSteps((steps) => [...steps, ...steps.map((step) => ({ ...step, requests: step.requests.slice(0, 1) }))]), // prettier-ignore
  },
  {
    name: 'one series dropped',
    breaks: 'whole',
    of: both,
    mutation: changeSnapshots((snapshot) => ({ ...snapshot, series: snapshot.series.slice(0, -1) })),
  },
  {
    name: 'values rounded to 32 bits',
    breaks: 'exact',
    of: both,
    mutation: changeSeries((one) =>
      Array.isArray(one.total) ? { ...one, total: [Math.fround(roundExact(one.total))] } : one,
    ),
  },
  {
    name: 'the sum of histograms lost',
    breaks: 'histograms',
    of: both,
    mutation: changeSeries((one) => (Array.isArray(one.total) ? one : { ...one, total: { ...one.total, sum: [] } })),
  },
  {
    name: 'observations of zero lost',
    breaks: 'histograms',
    of: both,
    mutation: changeSeries((one) => (Array.isArray(one.total) ? one : { ...one, total: { ...one.total, zero: 0 } })),
  },
  {
    name: 'gauges lost',
    breaks: 'gauges',
    of: both,
    mutation: changeSeries((one) => (isGauge(one) ? undefined : one)),
  },
  {
    name: 'gauges sent twice',
    breaks: 'gauges',
    of: both,
    mutation: changeSteps((steps, snapshot, exporter) => [
      ...steps,
      ...exporter.encode({ ...snapshot, series: snapshot.series.filter(isGauge) }),
    ]),
  },
]

import type { ExportRequest } from '../../../worker/model/types.ts'
import { changeExporter, changeRequests, changeSettings, changeSnapshots, changeSteps } from '../mutate.ts'
import { both, deltas, type Mutant } from './mutant.ts'

/** The first two requests with the bodies of both in one. */
const joined = ([first, second, ...rest]: readonly ExportRequest[]): readonly ExportRequest[] =>
  first && second
    ? [{ ...first, body: new Uint8Array([...first.body, ...second.body]) }, ...rest]
    : [first ?? [], second ?? []].flat()

/** Mutants that make wrong requests of right values. */
export const REQUEST_MUTANTS: readonly Mutant[] = [
  {
    name: 'repeated in doubt',
    breaks: 'doubt',
    of: ['adds'],
    mutation: changeRequests((request) => ({ ...request, inDoubt: 'resend' })),
  },
  {
    name: 'encodeOnly ignores the step',
    breaks: 'steps',
    of: both,
    mutation: changeExporter(({ encodeOnly, ...exporter }) => ({
      ...exporter,
      encodeOnly: (snapshot, _, keys) => encodeOnly(snapshot, 'values', keys),
    })),
  },
  {
    name: 'encodeOnly ignores the keys',
    breaks: 'parts',
    of: both,
    mutation: changeExporter(({ encodeOnly, ...exporter }) => ({
      ...exporter,
      encodeOnly: (snapshot, step) => encodeOnly(snapshot, step, new Set(snapshot.series.map(({ key }) => key))),
    })),
  },
  ...([1, -1] as const).map((more) => ({
    name: `${more > 0 ? 'one series too many' : 'one series too few'} in a request`,
    breaks: 'limits' as const,
    of: both,
    mutation: changeSettings(({ maxSeriesPerRequest }) => ({ maxSeriesPerRequest: maxSeriesPerRequest + more })),
  })),
  {
    name: 'two requests in one',
    breaks: 'bytes',
    of: deltas,
    mutation: changeSteps((steps) => steps.map((step) => ({ ...step, requests: joined(step.requests) }))),
  },
  {
    name: 'a key missing',
    breaks: 'limits',
    of: both,
    mutation: changeRequests((request) => ({ ...request, keys: request.keys.slice(1) })),
  },
  {
    name: 'the order of the snapshot',
    breaks: 'deterministic',
    of: both,
    mutation: changeSteps((_, snapshot, exporter) =>
      snapshot.series.flatMap((one) => exporter.encode({ ...snapshot, series: [one] })),
    ),
  },
  {
    name: 'a header that counts',
    breaks: 'again',
    of: both,
    mutation: (create) => {
      let count = 0
      return changeRequests((request) => ({ ...request, headers: { ...request.headers, 'x-count': `${count++}` } }))(
        create,
      )
    },
  },
  {
    name: 'changes the snapshot',
    breaks: 'untouched',
    of: both,
    mutation: changeSnapshots((snapshot) => {
      for (const { total } of snapshot.series) if (Array.isArray(total)) total.push(0.5)
      return snapshot
    }),
  },
  {
    name: 'a request for nothing',
    breaks: 'empty',
    of: both,
    mutation: changeSteps((steps, snapshot, exporter) => {
      if (snapshot.series.length > 0) return steps
      return [{ name: 'values', requests: exporter.probe ? [exporter.probe] : [{} as ExportRequest] }]
    }),
  },
  {
    name: 'takes every answer for a success',
    breaks: 'answers',
    of: both,
    mutation: changeExporter((exporter) => ({ ...exporter, readAnswer: () => ({ type: 'accepted' }) })),
  },
]

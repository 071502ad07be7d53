import { seriesKey } from '../../../worker/aggregate/series-key.ts'
import type { AggregatorApi } from '../../../worker/aggregate/types.ts'
import type { AdmittedBatch, Snapshot } from '../../../worker/types.ts'

export interface FakeAggregator extends AggregatorApi {
  readonly ingested: AdmittedBatch[]
  readonly refused: string[]
}

const series = { kind: 'counter', name: 'clicks', service: 'shop', release: '', attributes: [] } as const

const snapshot: Snapshot = {
  timeMs: 2_000,
  previousMs: 1_000,
  series: [{ series, key: seriesKey(series), total: [5], startMs: 500, changedMs: 1_500, phase: 'live' }],
}

/** Records what the routes ask of it; the real one is tested in its own room and through HTTP. */
export function createFakeAggregator(failure?: Error): FakeAggregator {
  const ingested: AdmittedBatch[] = []
  const refused: string[] = []
  const answer = <T>(value: T): Promise<T> => (failure ? Promise.reject(failure) : Promise.resolve(value))
  return {
    ingested,
    refused,
    ingest: (batches) => answer(void ingested.push(...batches)),
    countRefused: (reason) => answer(void refused.push(reason)),
    snapshot: () => answer(snapshot),
    health: () => answer([{ name: 'main', state: 'ok', consecutiveFailures: 0, lastSuccessMs: 1_000 }]),
  }
}

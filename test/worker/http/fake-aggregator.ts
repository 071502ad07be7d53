import { seriesKey } from '../../../worker/model/series-key.ts'
import { ok } from '../../../src/protocol/result.ts'
import type {
  AggregatorApi,
  AggregatorHealth,
  AggregatorStatus,
  ConfigReport,
  DeadLetter,
} from '../../../worker/model/aggregator-api.ts'
import type { KeptFile } from '../../../worker/model/script-file.ts'
import type { AdmittedBatch, Snapshot } from '../../../worker/model/types.ts'

export interface FakeAggregator extends AggregatorApi {
  readonly ingested: AdmittedBatch[]
  readonly refused: string[]
  /** What the admin routes asked for, the method first. */
  readonly asked: (readonly unknown[])[]
  /** Script files, by their paths. */
  readonly scripts: Map<string, KeptFile>
  /** What pages are to be told. */
  settings: string | undefined
}

const series = { kind: 'counter', name: 'clicks', service: 'shop', release: '', attributes: [] } as const

const snapshot: Snapshot = {
  temporality: 'cumulative',
  timeMs: 2_000,
  previousMs: 1_000,
  series: [{ series, key: seriesKey(series), total: [5], startMs: 500, changedMs: 1_500, phase: 'live' }],
}

const letter: DeadLetter = {
  destination: 'main',
  key: seriesKey(series),
  series,
  reason: '400 too long',
  timeMs: 1_000,
}

const status: AggregatorStatus = {
  timeMs: 2_000,
  series: 1,
  flushIntervalMs: 1_000,
  hasOverride: false,
  destinations: [],
}

export const healthy: AggregatorHealth = {
  status: 'ok',
  configuration: [],
  destinations: [{ name: 'main', state: 'ok', consecutiveFailures: 0, lastSuccessMs: 1_000 }],
}

/** Records what the routes ask of it; the real one is tested in its own room and through HTTP. */
export function createFakeAggregator(failure?: Error): FakeAggregator {
  const ingested: AdmittedBatch[] = []
  const refused: string[] = []
  const asked: (readonly unknown[])[] = []
  const scripts = new Map<string, KeptFile>()
  let override: unknown = null
  const report = (): ConfigReport => ({ effective: { flushIntervalMs: 15_000 }, override, mistakes: [] })
  const answer = <T>(value: T): Promise<T> => (failure ? Promise.reject(failure) : Promise.resolve(value))
  const fake: FakeAggregator = {
    ingested,
    refused,
    asked,
    scripts,
    settings: undefined,
    ingest: (batches) => {
      ingested.push(...batches)
      return answer(fake.settings)
    },
    countRefused: (reason) => answer(void refused.push(reason)),
    snapshot: () => answer(snapshot),
    health: () => answer(healthy),
    status: () => answer(status),
    config: () => answer(report()),
    setOverride: (next) => {
      asked.push(['setOverride', next])
      override = next
      return answer(ok(report()))
    },
    resetOverride: () => {
      asked.push(['resetOverride'])
      override = null
      return answer(report())
    },
    deadLetters: (destination) => {
      asked.push(['deadLetters', destination])
      return answer([letter, { ...letter, delta: [0.5, 1] }])
    },
    replayDeadLetters: (destination, keys) => {
      asked.push(['replayDeadLetters', destination, keys])
      return answer(keys?.length ?? 7)
    },
    dropDeadLetters: (destination, keys) => {
      asked.push(['dropDeadLetters', destination, keys])
      return answer(keys?.length ?? 7)
    },
    scriptPaths: (served) => {
      asked.push(['scriptPaths', served])
      return answer([...scripts.keys()])
    },
    keepScript: (_, files) => {
      asked.push(['keepScript', files.map(({ path }) => path)])
      for (const file of files) scripts.set(file.path, file)
      return answer(undefined)
    },
    scriptFile: (path) => {
      asked.push(['scriptFile', path])
      return answer(scripts.get(path))
    },
  }
  return fake
}

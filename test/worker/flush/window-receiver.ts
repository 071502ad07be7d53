import type { DeltaDestination, DeltaWindow, WindowReport } from '../../../worker/delivery/types.ts'
import type { SeriesKey } from '../../../worker/model/types.ts'
import { fakeDestination, fakeReport } from './flushing.ts'

/** What becomes of one request: an answer may be lost before or after the request was stored. */
export type Fate = 'stored' | 'answer lost' | 'lost' | 'busy' | 'refused'

export interface WindowReceiver extends DeltaDestination {
  readonly windows: DeltaWindow[]
  /** What is stored of a series: one value for each time, the last that came. */
  readonly stored: Map<SeriesKey, Map<number, number>>
  readonly total: (key: SeriesKey) => number
  /** The fate of the next request. */
  fate: () => Fate
  /** What it says whatever comes; undefined: it tries. */
  says: Partial<WindowReport> | undefined
}

const KEYS_PER_REQUEST = 2

/** A delta destination as the engine presents it, in front of a receiver that stores a point once, by its time. */
export function createWindowReceiver(
  name: string,
  changes: Partial<Pick<DeltaDestination, 'intervalMs' | 'resolutionMs' | 'maxAgeMs' | 'rotateBytes'>> = {},
): WindowReceiver {
  const windows: DeltaWindow[] = []
  const stored = new Map<SeriesKey, Map<number, number>>()

  const send = (window: DeltaWindow): WindowReport => {
    const { series, timeMs } = window.snapshot
    const all = series.map(({ key }) => key).sort()
    const values = new Map(series.map(({ key, total }) => [key, Array.isArray(total) ? (total[0] ?? 0) : total.zero]))
    const requests = Array.isArray(window.doubt) ? (window.doubt as SeriesKey[][]) : chunks(all)
    const report = { doubt: [] as SeriesKey[][], back: [] as SeriesKey[], refused: [] as [SeriesKey, string][] }
    for (const keys of requests) {
      const fate = receiver.fate()
      if (fate === 'stored' || fate === 'answer lost')
        for (const key of keys) {
          const points = stored.get(key) ?? new Map<number, number>()
          stored.set(key, points.set(timeMs, values.get(key)!))
        }
      if (fate === 'refused') report.refused.push(...keys.map((key): [SeriesKey, string] => [key, '400: bad']))
      else if (fate === 'answer lost' || fate === 'lost' || (fate === 'busy' && window.doubt)) report.doubt.push(keys)
      else if (fate === 'busy') report.back.push(...keys)
    }
    const isWhole = report.doubt.length + report.back.length + report.refused.length === 0
    return { ...fakeReport, outcome: isWhole ? 'accepted' : 'partly', lost: [], ...report }
  }

  const receiver: WindowReceiver = {
    ...fakeDestination(name),
    temporality: 'delta',
    resolutionMs: 1,
    maxAgeMs: Infinity,
    rotateBytes: Infinity,
    ...changes,
    windows,
    stored,
    total: (key) => [...(stored.get(key)?.values() ?? [])].reduce((sum, value) => sum + value, 0),
    fate: () => 'stored',
    says: undefined,
    pushWindow: async (window) => {
      windows.push(window)
      return receiver.says ? { ...fakeReport, doubt: [], back: [], lost: [], ...receiver.says } : send(window)
    },
  }
  return receiver
}

const chunks = (keys: readonly SeriesKey[]): SeriesKey[][] =>
  Array.from({ length: Math.ceil(keys.length / KEYS_PER_REQUEST) }, (_, i) =>
    keys.slice(i * KEYS_PER_REQUEST, (i + 1) * KEYS_PER_REQUEST),
  )

import { deliveryOf, type Delivery, type Unsettled } from '../../../worker/delivery/delivery.ts'
import type { DeltaDestination, DeltaWindow } from '../../../worker/delivery/destination-api.ts'
import type { SeriesKey } from '../../../worker/model/types.ts'
import { accepted, fakeDestination, fakeTally } from './flushing.ts'

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
  says: Partial<Delivery> | undefined
}

const KEYS_PER_REQUEST = 2

/** A delta destination as the engine presents it, in front of a receiver that stores a point once, by its time. */
export function createWindowReceiver(
  name: string,
  changes: Partial<Pick<DeltaDestination, 'intervalMs' | 'resolutionMs' | 'maxAgeMs' | 'rotateBytes'>> = {},
): WindowReceiver {
  const windows: DeltaWindow[] = []
  const stored = new Map<SeriesKey, Map<number, number>>()

  const send = (window: DeltaWindow): Delivery => {
    const { series, timeMs } = window.snapshot
    const all = series.map(({ key }) => key).sort()
    const values = new Map(series.map(({ key, total }) => [key, Array.isArray(total) ? (total[0] ?? 0) : total.zero]))
    const requests = Array.isArray(window.inDoubt) ? (window.inDoubt as SeriesKey[][]) : chunks(all)
    const [accepted, refused] = [new Set<SeriesKey>(), new Map<SeriesKey, string>()]
    const unsettled: Unsettled[] = []
    for (const keys of requests) {
      const fate = receiver.fate()
      if (fate === 'stored' || fate === 'answer lost')
        for (const key of keys) {
          const points = stored.get(key) ?? new Map<number, number>()
          stored.set(key, points.set(timeMs, values.get(key)!))
        }
      if (fate === 'stored') for (const key of keys) accepted.add(key)
      else if (fate === 'refused') for (const key of keys) refused.set(key, '400: bad')
      else unsettled.push({ request: { keys, inDoubt: 'resend' }, mayBeStored: fate !== 'busy' || !!window.inDoubt })
    }
    return deliveryOf({ accepted, refused, unsettled })
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
    deliver: async (window) => {
      windows.push(window)
      const delivery = receiver.says ? { ...accepted([]), ...receiver.says } : send(window)
      return { ...delivery, tally: fakeTally }
    },
  }
  return receiver
}

const chunks = (keys: readonly SeriesKey[]): SeriesKey[][] =>
  Array.from({ length: Math.ceil(keys.length / KEYS_PER_REQUEST) }, (_, i) =>
    keys.slice(i * KEYS_PER_REQUEST, (i + 1) * KEYS_PER_REQUEST),
  )

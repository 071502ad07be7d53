import type { DestinationSettings } from '../model/destination-settings.ts'
import type { Connection } from './connection.ts'
import { deliverWindow } from './deliver-window.ts'
import { notDelivered, type Delivery } from './delivery.ts'
import type { DeltaDestination, DeltaWindow } from './destination-api.ts'
import { createDestinationView } from './destination-view.ts'
import type { Failure } from './outcome.ts'
import { EMPTY_TALLY } from './tally.ts'

export function createDeltaDestination(config: DestinationSettings, connection: Connection): DeltaDestination {
  const { name, intervalMs } = config
  const { accepts, mapSnapshot } = createDestinationView(config)
  const { resolutionMs = 1, maxAgeMs = Infinity, rotateBytes = Infinity } = connection.exporter()

  return {
    temporality: 'delta',
    name,
    intervalMs,
    accepts,
    resolutionMs,
    maxAgeMs,
    rotateBytes,
    health: connection.health,
    status: connection.status,
    deliver: async (window) => {
      const mapped = { ...window, snapshot: mapSnapshot(window.snapshot) }
      const push = connection.begin()
      if (!push) return { ...SKIPPED, tally: EMPTY_TALLY }
      const delivery = await deliverWindow(mapped, { exporter: connection.exporter(), send: push.send }).catch(
        (error: unknown) => notEncoded(window, push.fail(error)),
      )
      // The receiver stored nothing of the rest, so the next window brings it in the other version.
      if (delivery.haltedBy?.type === 'unsupported') connection.useFallback()
      return { ...delivery, tally: push.end(delivery.outcome) }
    },
  }
}

const SKIPPED: Delivery = {
  outcome: 'skipped',
  accepted: new Set(),
  refused: new Map(),
  inDoubt: [],
  lost: [],
  notStored: [],
}

/** Only encoding throws, before anything is sent. So the window is as it was. */
function notEncoded({ snapshot, inDoubt }: DeltaWindow, failure: Failure): Delivery {
  if (inDoubt === 'unknown') return SKIPPED
  if (inDoubt) return { ...notDelivered([], failure), inDoubt }
  return notDelivered(
    snapshot.series.map(({ key }) => key),
    failure,
  )
}

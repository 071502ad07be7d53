import type { DestinationSettings } from '../model/destination-settings.ts'
import type { SeriesKey } from '../model/types.ts'
import type { Connection } from './connection.ts'
import { deliverSnapshot, type SnapshotSteps } from './deliver-snapshot.ts'
import { notDelivered, type Delivery } from './delivery.ts'
import type { CumulativeDestination } from './destination-api.ts'
import { createDestinationView } from './destination-view.ts'

export function createCumulativeDestination(
  config: DestinationSettings,
  connection: Connection,
): CumulativeDestination {
  const { name, intervalMs } = config
  const { accepts, mapSnapshot } = createDestinationView(config)
  const suspects = new Set<SeriesKey>()

  return {
    temporality: 'cumulative',
    name,
    intervalMs,
    accepts,
    health: connection.health,
    status: connection.status,
    begin: (given) => {
      const snapshot = mapSnapshot(given)
      const keys = snapshot.series.map(({ key }) => key)
      const push = connection.begin()
      if (!push) return undefined
      const present = new Set(keys)
      for (const key of suspects) if (!present.has(key)) suspects.delete(key)
      const open = (): SnapshotSteps =>
        deliverSnapshot(snapshot, { exporter: connection.exporter(), send: push.send, suspects })
      let steps = open()

      // An exporter and its fallback put the same series into a step, so the step goes out again alone.
      const run = async (step: () => Promise<Delivery>): Promise<Delivery> => {
        try {
          let delivery = await step()
          while (delivery.haltedBy?.type === 'unsupported' && connection.useFallback()) {
            steps = open()
            delivery = await step()
          }
          return delivery
        } catch (error) {
          return notDelivered(keys, push.fail(error))
        }
      }

      return {
        zeros: () => run(() => steps.zeros()),
        values: (zeros) => run(() => steps.values(zeros)),
        end: push.end,
      }
    },
  }
}

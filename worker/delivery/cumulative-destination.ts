import type { DestinationSettings } from '../model/destination-settings.ts'
import type { SeriesKey } from '../model/types.ts'
import type { DestinationParts } from './destination-parts.ts'
import { pushSnapshot, type PushResult } from './deliver-snapshot.ts'
import type { CumulativeDestination, PushReport } from './types.ts'

export function createCumulativeDestination(
  { name, intervalMs }: DestinationSettings,
  { engine, mapSnapshot, accepts }: DestinationParts,
): CumulativeDestination {
  const suspects = new Set<SeriesKey>()
  const nothing = { ended: [], refused: [] }

  return {
    temporality: 'cumulative',
    name,
    intervalMs,
    accepts,
    health: engine.health,
    status: engine.status,
    push: (given, onZerosSettled) =>
      engine.push<Pick<PushReport, 'outcome' | keyof typeof nothing>>({
        skipped: { outcome: 'skipped', ...nothing },
        broken: () => ({ outcome: 'failed', ...nothing }),
        run: async (send) => {
          const snapshot = mapSnapshot(given)
          const present = new Set(snapshot.series.map(({ key }) => key))
          for (const key of suspects) if (!present.has(key)) suspects.delete(key)
          const run = (): Promise<PushResult> =>
            pushSnapshot(snapshot, { exporter: engine.exporter(), send, onZerosSettled, suspects })
          let result = await run()
          while (result.halted?.type === 'unsupported' && engine.useFallback()) result = await run()
          const { outcome, ended, refused } = result
          return { outcome, ended, refused }
        },
      }),
  }
}

import type { DestinationSettings } from '../model/destination-settings.ts'
import type { DestinationParts } from './destination-parts.ts'
import { pushWindow } from './deliver-window.ts'
import type { DeltaDestination, WindowReport } from './types.ts'

export function createDeltaDestination(
  config: DestinationSettings,
  { engine, mapSnapshot, accepts }: DestinationParts,
): DeltaDestination {
  const { name, intervalMs } = config
  const { resolutionMs = 1, maxAgeMs = Infinity, rotateBytes = Infinity } = engine.exporter()
  const nothing = { doubt: [], lost: [], back: [], refused: [] }

  return {
    temporality: 'delta',
    name,
    intervalMs,
    accepts,
    resolutionMs,
    maxAgeMs,
    rotateBytes,
    health: engine.health,
    status: engine.status,
    pushWindow: ({ snapshot, doubt }) =>
      engine.push<Pick<WindowReport, 'outcome' | keyof typeof nothing>>({
        skipped: { outcome: 'skipped', ...nothing },
        // Only encoding throws, before anything is sent.
        broken: () => {
          if (doubt === undefined) return { outcome: 'failed', ...nothing, back: snapshot.series.map(({ key }) => key) }
          return doubt === 'unknown' ? { outcome: 'skipped', ...nothing } : { outcome: 'failed', ...nothing, doubt }
        },
        run: async (send) => {
          const window = { snapshot: mapSnapshot(snapshot), doubt }
          const { halted, ...result } = await pushWindow(window, { exporter: engine.exporter(), send })
          // Nothing of it was stored, so the next window brings it in the other version.
          if (halted?.type === 'unsupported') engine.useFallback()
          return result
        },
      }),
  }
}

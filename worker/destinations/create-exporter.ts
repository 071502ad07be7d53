import type { DestinationDefinition } from '../model/destination-definition.ts'
import type { DestinationSettings } from '../model/destination-settings.ts'
import type { ExportContext } from '../model/export-context.ts'
import { temporalityOf } from '../model/temporality-of.ts'
import type { Exporter, Temporality } from '../model/types.ts'

/**
 * The exporter of a destination. A kind of a user's own may fail to make one, or make one of another temporality than it says. Then
 * the exporter fails with every push, and names the reason: the worker goes on counting, and keeps what the destination is owed.
 */
export function createExporter(
  { kind, temporality, createExporter: create }: DestinationDefinition,
  settings: DestinationSettings,
  context: ExportContext,
): Exporter {
  const expected = temporalityOf(temporality, settings)
  try {
    const exporter = create(settings, context)
    if (exporter.temporality === expected) return exporter
    throw new Error(`it is of the temporality "${exporter.temporality}", and should be "${expected}"`)
  } catch (error) {
    return unableExporter(expected, `createExporter of the kind "${kind}" failed: ${String(error)}`)
  }
}

function unableExporter(temporality: Temporality, reason: string): Exporter {
  const fail = (): never => {
    throw new Error(reason)
  }
  return { temporality, protocol: 'none', encode: fail, encodeOnly: fail, readAnswer: () => ({ type: 'retry' }) }
}

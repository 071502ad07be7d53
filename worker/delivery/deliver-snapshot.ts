import type { Exporter, ExportRequest, ExportStep, SeriesKey, Snapshot } from '../model/types.ts'
import { sendStep } from './bisect.ts'
import { notDelivered, unsettledKeys, withMissing, type Delivery } from './delivery.ts'
import type { Send } from './send-once.ts'

export interface SnapshotOptions {
  readonly exporter: Exporter
  readonly send: Send
  /** Series that were refused for themselves and not accepted since; kept up to date. */
  readonly suspects: Set<SeriesKey>
}

/** The two steps of one snapshot, for one exporter. */
export interface SnapshotSteps {
  readonly zeros: () => Promise<Delivery>
  readonly values: (zeros: Delivery) => Promise<Delivery>
}

/**
 * The value of a series is sent only when its zero is settled: accepted, or refused for that series alone (the receiver has
 * a newer sample then). A late zero would be out of order, and the receiver would refuse its whole request.
 * Suspects go last, in requests of their own, so that a series that was refused once never costs the others another request.
 */
export function deliverSnapshot(snapshot: Snapshot, { exporter, send, suspects }: SnapshotOptions): SnapshotSteps {
  const all = snapshot.series.map(({ key }) => key)
  let whole: readonly ExportStep[] | undefined

  const encode = (step: ExportStep['name'], keys: readonly SeriesKey[]): readonly ExportRequest[] => {
    const apart = keys.filter((key) => suspects.has(key))
    if (apart.length === 0 && keys.length === all.length) {
      whole ??= exporter.encode(snapshot)
      return whole.find(({ name }) => name === step)?.requests ?? []
    }
    return [keys.filter((key) => !suspects.has(key)), apart]
      .filter((part) => part.length > 0)
      .flatMap((part) => exporter.encodeOnly(snapshot, step, new Set(part)))
  }

  const deliver = async (step: ExportStep['name'], keys: readonly SeriesKey[]): Promise<Delivery> => {
    const delivery = await sendStep(encode(step, keys), {
      send,
      encodeOnly: (some) => exporter.encodeOnly(snapshot, step, some),
    })
    for (const key of delivery.refused.keys()) suspects.add(key)
    return delivery
  }

  return {
    zeros: () => deliver('zeros', all),
    values: async (zeros) => {
      if (zeros.haltedBy) return notDelivered(all, zeros.haltedBy)
      const heldBack = new Set(unsettledKeys(zeros))
      const delivery = await deliver(
        'values',
        all.filter((key) => !heldBack.has(key)),
      )
      for (const key of delivery.accepted) suspects.delete(key)
      return withMissing(delivery, 'notStored', [...heldBack])
    },
  }
}

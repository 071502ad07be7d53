import type { Exporter, ExportRequest, ExportStep, SeriesKey, Snapshot } from '../model/types.ts'
import { sendStep, type StepResult } from './bisect.ts'
import type { SendOutcome } from './outcome.ts'
import type { Sender } from './send-once.ts'

export interface PushOptions {
  readonly exporter: Exporter
  readonly send: Sender
  readonly onZerosSettled: (keys: readonly SeriesKey[]) => Promise<void>
  /** Series that were refused for themselves and not accepted since; kept up to date. */
  readonly suspects: Set<SeriesKey>
}

export interface PushResult {
  readonly outcome: 'accepted' | 'partly' | 'failed'
  readonly ended: readonly SeriesKey[]
  readonly refused: readonly (readonly [key: SeriesKey, reason: string])[]
  /** The reason why the push ended early. */
  readonly halted?: SendOutcome
}

type StepName = ExportStep['name']

/**
 * One snapshot: zeros, then values. The value of a series is sent only when its zero is settled: accepted, or refused for
 * that series alone (the receiver has a newer sample then). A late zero would be out of order, and take others with it.
 * Suspects go last, in requests of their own: what was refused once costs the others nothing again.
 */
export async function pushSnapshot(snapshot: Snapshot, options: PushOptions): Promise<PushResult> {
  const { exporter, send, onZerosSettled, suspects } = options
  const all = snapshot.series.map(({ key }) => key)
  let whole: readonly ExportStep[] | undefined

  const encode = (step: StepName, keys: readonly SeriesKey[]): readonly ExportRequest[] => {
    const apart = keys.filter((key) => suspects.has(key))
    if (apart.length === 0 && keys.length === all.length) {
      whole ??= exporter.encode(snapshot)
      return whole.find(({ name }) => name === step)?.requests ?? []
    }
    return [keys.filter((key) => !suspects.has(key)), apart]
      .filter((part) => part.length > 0)
      .flatMap((part) => exporter.encodeOnly(snapshot, step, new Set(part)))
  }

  const sendAll = async (step: StepName, requests: readonly ExportRequest[]): Promise<StepResult> => {
    const result = await sendStep(requests, { send, encodeOnly: (keys) => exporter.encodeOnly(snapshot, step, keys) })
    for (const key of result.refused.keys()) suspects.add(key)
    if (step === 'values') for (const key of result.accepted) suspects.delete(key)
    return result
  }

  const zeros = await sendAll('zeros', encode('zeros', all))
  const unsettled = keysOf(zeros)
  const settled = keysOfPhase(snapshot, 'new').filter((key) => !unsettled.has(key))
  if (settled.length > 0) await onZerosSettled(settled)
  // Zeros alone are nothing: no value is there.
  if (zeros.halted) return { outcome: 'failed', ended: [], refused: [], halted: zeros.halted }

  const sendable = all.filter((key) => !unsettled.has(key))
  const values = await sendAll('values', encode('values', sendable))
  const isEnding = new Set(keysOfPhase(snapshot, 'ending'))
  const ended = [...isEnding].filter((key) => values.accepted.has(key) || values.refused.has(key))
  // Of an ending series only the marker is left to refuse, unless its last value was refused as well.
  const refused = [...values.refused].filter(([key]) => !isEnding.has(key) || zeros.refused.has(key))
  const missing = unsettled.size + values.unsettled.length + values.refused.size
  const partly = values.accepted.size > 0 ? 'partly' : 'failed'
  return {
    outcome: missing === 0 ? 'accepted' : partly,
    ended,
    refused,
    ...(values.halted ? { halted: values.halted } : {}),
  }
}

const keysOf = ({ unsettled }: StepResult): ReadonlySet<SeriesKey> =>
  new Set(unsettled.flatMap(({ request }) => request.keys))

const keysOfPhase = ({ series }: Snapshot, phase: 'new' | 'ending'): SeriesKey[] =>
  series.filter((one) => one.phase === phase).map(({ key }) => key)

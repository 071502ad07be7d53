import type { Exporter, ExportRequest, ExportStep, SeriesKey, Snapshot } from '../types.ts'
import { sendStep, type StepResult } from './bisect.ts'
import type { Sender } from './sender.ts'

export interface PushOptions {
  readonly exporter: Exporter
  readonly send: Sender
  readonly onZerosSettled: (keys: readonly SeriesKey[]) => Promise<void>
}

export interface PushResult {
  readonly outcome: 'accepted' | 'partly' | 'failed'
  readonly ended: readonly SeriesKey[]
}

/**
 * One snapshot: zeros, then values. The value of a series is sent only when its zero is settled: accepted, or refused for
 * that series alone (the receiver has a newer sample then). A late zero would be out of order, and take others with it.
 */
export async function pushSnapshot(snapshot: Snapshot, options: PushOptions): Promise<PushResult> {
  const { exporter, send, onZerosSettled } = options
  const steps = exporter.encode(snapshot)
  const requestsOf = (step: ExportStep['name']): readonly ExportRequest[] =>
    steps.find(({ name }) => name === step)?.requests ?? []
  const sendAll = (step: ExportStep['name'], requests: readonly ExportRequest[]): Promise<StepResult> =>
    sendStep(requests, { send, encodeOnly: (keys) => exporter.encodeOnly(snapshot, step, keys) })

  const zeroRequests = requestsOf('zeros')
  const zeros = await sendAll('zeros', zeroRequests)
  const unsettled = notSettled(keysOf(zeroRequests), zeros)
  const settled = keysOfPhase(snapshot, 'new').filter((key) => !unsettled.has(key))
  if (settled.length > 0) await onZerosSettled(settled)
  if (zeros.halted) return { outcome: zeros.accepted.size > 0 ? 'partly' : 'failed', ended: [] }

  const sendable = snapshot.series.map(({ key }) => key).filter((key) => !unsettled.has(key))
  const valueRequests =
    unsettled.size === 0 ? requestsOf('values') : exporter.encodeOnly(snapshot, 'values', new Set(sendable))
  const values = await sendAll('values', valueRequests)
  const ended = keysOfPhase(snapshot, 'ending').filter((key) => values.accepted.has(key) || values.refused.has(key))
  const missing = unsettled.size + notSettled(keysOf(valueRequests), values).size + values.refused.size
  if (missing === 0) return { outcome: 'accepted', ended }
  return { outcome: values.accepted.size > 0 ? 'partly' : 'failed', ended }
}

const keysOf = (requests: readonly ExportRequest[]): Set<SeriesKey> => new Set(requests.flatMap(({ keys }) => keys))

const notSettled = (keys: ReadonlySet<SeriesKey>, { accepted, refused }: StepResult): ReadonlySet<SeriesKey> =>
  new Set([...keys].filter((key) => !accepted.has(key) && !refused.has(key)))

const keysOfPhase = ({ series }: Snapshot, phase: 'new' | 'ending'): SeriesKey[] =>
  series.filter((one) => one.phase === phase).map(({ key }) => key)

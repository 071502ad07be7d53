import type { PushOutcome } from '../delivery/delivery.ts'
import type { PushTally } from '../delivery/tally.ts'
import { counterKey, histogramKey } from '../model/self-counts.ts'
import type { SeriesKey } from '../model/types.ts'
import type { CommitLog } from '../storage/commit-log.ts'

/** Why a destination will never get something that was counted. */
export type ExportDrop = 'in_doubt' | 'rejected' | 'dead_letter_limit' | 'given_up' | 'removed'

/** Pharos's counts of its exports: `pharos_exports_total` and others. They have no row of their own: the next commit carries them. */
export interface PushMetrics {
  readonly pushed: (destination: string, outcome: PushOutcome, tally: PushTally) => void
  /** @param points series of a window, or what a receiver says it dropped */
  readonly dropped: (destination: string, reason: ExportDrop, points: number) => void
}

export function createPushMetrics(
  { counts }: Pick<CommitLog, 'counts'>,
  onError: (message: string, error: unknown) => void,
): PushMetrics {
  const dropped: PushMetrics['dropped'] = (destination, reason, points) => {
    if (points > 0)
      counts.count(counterKey('pharos.export_dropped', withDestination(destination, 'reason', reason)), points)
  }
  return {
    dropped,
    pushed: (destination, outcome, { durationMs, requests, errors, bytes, rejected, error }) => {
      if (error !== undefined) onError('export failed', error)
      for (const [result, times] of Object.entries(requests))
        if (times > 0) counts.count(exportsKey(destination, result), times)
      for (const [kind, times] of Object.entries(errors))
        counts.count(counterKey('pharos.export_errors', withDestination(destination, 'error', kind)), times)
      if (bytes > 0) counts.count(counterKey('pharos.export_bytes', [['destination', destination]]), bytes)
      dropped(destination, 'rejected', rejected)
      if (outcome === 'skipped') counts.count(exportsKey(destination, outcome))
      else counts.observe(histogramKey('pharos.export_duration', [['destination', destination]]), durationMs / 1_000)
    },
  }
}

/** Where the requests to a destination are counted, by outcome: accepted, retry, refused; and pushes that were skipped. */
export const exportsKey = (destination: string, outcome: string): SeriesKey =>
  counterKey('pharos.exports', withDestination(destination, 'outcome', outcome))

/** Attributes are sorted by name: 'destination', 'error', 'outcome', 'reason'. */
const withDestination = (
  destination: string,
  name: 'error' | 'outcome' | 'reason',
  value: string,
): readonly (readonly [string, string])[] => [
  ['destination', destination],
  [name, value],
]

import type { PushBooks } from '../delivery/types.ts'
import { counterKey, histogramKey } from '../model/self-counts.ts'
import type { SeriesKey } from '../model/types.ts'
import type { CommitLog } from '../storage/commit-log.ts'

/** Why a destination will never get something that was counted. */
export type ExportDrop = 'in_doubt' | 'rejected' | 'dead_letter_limit' | 'given_up' | 'removed'

/** Pharos's counts of its exports: `pharos_exports_total` and others. They have no row of their own: the next commit carries them. */
export interface ExportBooks {
  readonly pushed: (destination: string, books: PushBooks) => void
  /** @param points series of a window, or what a receiver says it dropped */
  readonly dropped: (destination: string, reason: ExportDrop, points: number) => void
}

export function createExportBooks(
  { counts }: Pick<CommitLog, 'counts'>,
  onError: (message: string, error: unknown) => void,
): ExportBooks {
  const dropped: ExportBooks['dropped'] = (destination, reason, points) => {
    if (points > 0) counts.count(counterKey('pharos.export_dropped', pair(destination, 'reason', reason)), points)
  }
  return {
    dropped,
    pushed: (destination, { outcome, durationMs, requests, errors, bytes, rejected, error }) => {
      if (error !== undefined) onError('export failed', error)
      for (const [result, times] of Object.entries(requests))
        if (times > 0) counts.count(exportsKey(destination, result), times)
      for (const [kind, times] of Object.entries(errors))
        counts.count(counterKey('pharos.export_errors', pair(destination, 'error', kind)), times)
      if (bytes > 0) counts.count(counterKey('pharos.export_bytes', [['destination', destination]]), bytes)
      dropped(destination, 'rejected', rejected)
      if (outcome === 'skipped') counts.count(exportsKey(destination, outcome))
      else counts.observe(histogramKey('pharos.export_duration', [['destination', destination]]), durationMs / 1_000)
    },
  }
}

/** Where the requests to a destination are counted, by outcome: accepted, retry, refused; and pushes that were skipped. */
export const exportsKey = (destination: string, outcome: string): SeriesKey =>
  counterKey('pharos.exports', pair(destination, 'outcome', outcome))

const pair = (destination: string, name: string, value: string): [[string, string], [string, string]] => {
  const [first, second]: [[string, string], [string, string]] = [
    ['destination', destination],
    [name, value],
  ]
  return 'destination' < name ? [first, second] : [second, first]
}

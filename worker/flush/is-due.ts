import type { Destination } from '../delivery/destination-api.ts'
import { isHistogram } from '../model/delta.ts'
import type { Delta, SeriesKey } from '../model/types.ts'
import { backlogOf } from './backlog-of.ts'
import type { FlushPorts } from './flush-ports.ts'

/** About the length of a number and its punctuation as text. */
const BYTES_PER_NUMBER = 12

/** Whether a destination takes part in this flush: its interval is over, it has a window in doubt, or its backlog is large. */
export function isDue(
  { setup, state }: Pick<FlushPorts, 'setup' | 'state'>,
  destination: Destination,
  nowMs: number,
): boolean {
  const { config, groups } = setup()
  const cursor = state.cursors.get(destination.name)
  // Alarms come a little early or late.
  if (!cursor || nowMs - cursor.lastMs >= destination.intervalMs - config.flushIntervalMs / 2) return true
  if (destination.temporality === 'cumulative') return false
  const backlog = backlogOf(destination.name, groups)
  if (state.backlogs.frozen(backlog, destination.name)) return true
  return destination.rotateBytes < Infinity && pendingBytes(state.backlogs.pending(backlog)) >= destination.rotateBytes
}

/** About how many bytes of text the series would be, before compression. */
export function pendingBytes(deltas: ReadonlyMap<SeriesKey, Delta>): number {
  let bytes = 0
  for (const [key, delta] of deltas) bytes += key.length + numbersIn(delta) * BYTES_PER_NUMBER
  return bytes
}

const numbersIn = (delta: Delta): number =>
  isHistogram(delta) ? 6 + 2 * (delta.positive.size + delta.negative.size) : 6

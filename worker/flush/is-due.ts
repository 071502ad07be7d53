import type { Destination } from '../delivery/types.ts'
import type { ExportPorts } from './flush-ports.ts'
import { trackOf } from './backlog-of.ts'
import { waitingBytes } from './waiting-bytes.ts'

/** Whether a destination wants something in this flush: its interval is over, something is in doubt, or enough waits. */
export function isDue(
  { setup, ledger }: Pick<ExportPorts, 'setup' | 'ledger'>,
  destination: Destination,
  nowMs: number,
): boolean {
  const { config, groups } = setup()
  const mark = ledger.marks.get(destination.name)
  // Alarms come a little early or late.
  if (!mark || nowMs - mark.flushedMs >= destination.intervalMs - config.flushIntervalMs / 2) return true
  if (destination.temporality === 'cumulative') return false
  const track = trackOf(destination.name, groups)
  if (ledger.tracks.frozen(track, destination.name)) return true
  return destination.rotateBytes < Infinity && waitingBytes(ledger.tracks.pending(track)) >= destination.rotateBytes
}

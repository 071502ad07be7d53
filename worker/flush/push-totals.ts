import type { PushOutcome } from '../delivery/delivery.ts'
import type { CumulativeDestination } from '../delivery/destination-api.ts'
import { EMPTY_TALLY } from '../delivery/tally.ts'
import type { SeriesKey, Snapshot } from '../model/types.ts'
import type { Change, FlushCursor } from '../state/change.ts'
import { MAX_DEAD_LETTERS } from '../state/dead-letters.ts'
import type { FlushPorts } from './flush-ports.ts'
import { gaugeSeries } from './self-gauges.ts'
import { planSeries, zeroTimeMs, type FlushRules } from './series-phase.ts'
import { endedSeries, refusedSeries, settledZeros, type StepDeliveries } from './settled-series.ts'

export interface TotalsPush {
  readonly destination: CumulativeDestination
  /** The cursor before this flush; undefined at the first. */
  readonly before: FlushCursor | undefined
  readonly rules: FlushRules
}

/** Pushes the totals to one destination, and keeps what it settled. The caller has committed the cursor of this flush. */
export async function pushTotals(ports: FlushPorts, push: TotalsPush): Promise<PushOutcome> {
  const { name } = push.destination
  const snapshot = snapshotFor(ports, push)
  const steps = await deliverSteps(ports, push.destination, snapshot)
  if (!steps) return 'skipped'
  const { outcome } = steps.values
  if (outcome === 'accepted' || outcome === 'partly') advanceCursor(ports, name, outcome)
  const changedMs = new Map(snapshot.series.map((series) => [series.key, series.changedMs]))
  // A series that was counted again in the meantime is not over, and goes on from its total.
  const ended = endedSeries(snapshot, steps).filter(
    (key) => ports.state.totals.get(key)?.changedMs === changedMs.get(key),
  )
  if (ended.length > 0) ports.log.commit(ended.map((key): Change => ({ type: 'endSent', destination: name, key })))
  const deadLetters = deadLettersOf(ports, name, { outcome, refused: refusedSeries(snapshot, steps) })
  if (deadLetters.length > 0) ports.log.commit(deadLetters)
  return outcome
}

/** Zeros, then the commit of what they settled, then values. */
async function deliverSteps(
  { log, metrics }: FlushPorts,
  destination: CumulativeDestination,
  snapshot: Snapshot,
): Promise<StepDeliveries | undefined> {
  const { name } = destination
  const push = destination.begin(snapshot)
  if (!push) {
    metrics.pushed(name, 'skipped', EMPTY_TALLY)
    return undefined
  }
  let outcome: PushOutcome = 'failed'
  try {
    const zeros = await push.zeros()
    const settled = settledZeros(snapshot, zeros)
    // Throws when storage does. Then no value may follow the zero.
    if (settled.length > 0) log.commit(settled.map((key): Change => ({ type: 'zeroSent', destination: name, key })))
    const values = await push.values(zeros)
    outcome = values.outcome
    return { zeros, values }
  } finally {
    metrics.pushed(name, outcome, push.end(outcome))
  }
}

function snapshotFor({ setup, state, gauges }: FlushPorts, { destination, before, rules }: TotalsPush): Snapshot {
  const { name } = destination
  const { config } = setup()
  const timeMs = state.cursors.get(name)!.lastMs
  const flushIntervalMs = Math.max(config.flushIntervalMs, destination.intervalMs)
  const own = gaugeSeries(gauges(timeMs), timeMs).filter(({ series }) => destination.accepts(series))
  return {
    temporality: 'cumulative',
    timeMs,
    previousMs: zeroTimeMs(before, { nowMs: rules.nowMs, flushIntervalMs }),
    series: [...planSeries(state.totals.all(), name, rules), ...own],
  }
}

function advanceCursor({ state }: FlushPorts, destination: string, outcome: 'accepted' | 'partly'): void {
  const cursor = state.cursors.get(destination)!
  const lastFullMs = outcome === 'accepted' ? cursor.lastMs : cursor.lastFullMs
  state.apply({ type: 'flush', destination, cursor: { ...cursor, lastFullMs, lastPartialMs: cursor.lastMs } })
}

/** A refused series is offered again with its next total. So its dead letter is only a notice, until everything is accepted. */
function deadLettersOf(
  { state }: FlushPorts,
  destination: string,
  { outcome, refused }: { readonly outcome: PushOutcome; readonly refused: readonly [SeriesKey, string][] },
): Change[] {
  const kept = state.deadLetters.of(destination)
  if (outcome === 'accepted')
    return Array.from(kept.keys(), (key): Change => ({ type: 'deadLettersRemoved', destination, keys: [key] }))
  const timeMs = state.cursors.get(destination)!.lastMs
  return refused
    .filter(([key, reason]) => kept.get(key)?.reason !== reason)
    .slice(0, Math.max(0, MAX_DEAD_LETTERS - kept.size))
    .map(([key, reason]): Change => ({ type: 'deadLetter', destination, key, deadLetter: { reason, timeMs } }))
}

import type { PushOutcome } from '../delivery/delivery.ts'
import type { DeltaDestination, DeltaWindow, WindowDelivery } from '../delivery/destination-api.ts'
import type { SeriesKey, Snapshot } from '../model/types.ts'
import type { Change, FlushCursor } from '../state/change.ts'
import { MAX_DEAD_LETTERS } from '../state/dead-letters.ts'
import { fromRuns, toRuns, type Runs } from '../state/runs.ts'
import { isGauge, type FrozenWindow, type WindowSettlement } from '../state/window.ts'
import type { FlushPorts } from './flush-ports.ts'
import { nextCursor } from './series-phase.ts'

export interface WindowPush {
  readonly destination: DeltaDestination
  readonly backlog: string
}

/**
 * Pushes the counts that a delta destination has not yet taken. A window is frozen and committed before it is sent. Series
 * in doubt are sent again as they were, before anything newer. Series that were certainly not stored go into the next window.
 */
export async function pushWindow(ports: FlushPorts, push: WindowPush): Promise<PushOutcome> {
  const { state, log, clockMs, gauges } = ports
  const { destination, backlog } = push
  const { name } = destination
  const before = state.backlogs.frozen(backlog, name)
  if (before && clockMs() - before.timeMs > destination.maxAgeMs) discard(ports, push, before)
  else if (before) {
    const outcome = await deliver(ports, push, doubtOf(before))
    if (state.backlogs.frozen(backlog, name)) return outcome
  }
  const cursor = nextCursor(state.cursors.get(name), clockMs())
  // Two windows in one second would be one point at a receiver that counts in seconds, so the deltas stay pending.
  if (!isLaterStep(state.cursors.get(name), cursor, destination.resolutionMs)) return 'accepted'
  if (destination.status().circuit.state === 'open') return 'skipped'
  const timeMs = cursor.lastMs
  log.commit([
    { type: 'flush', destination: name, cursor },
    { type: 'freeze', backlog, destination: name, timeMs, gauges: gauges(timeMs) },
  ])
  return deliver(ports, push, undefined)
}

/** The series of each request that an earlier push left in doubt; 'unknown' when a restart cut that push off. */
function doubtOf({ inDoubt, deltas }: FrozenWindow): (readonly SeriesKey[])[] | 'unknown' {
  const keys = [...deltas.keys()]
  return inDoubt?.map((runs) => fromRuns(runs).map((index) => keys[index]!)) ?? 'unknown'
}

async function deliver(ports: FlushPorts, push: WindowPush, inDoubt: DeltaWindow['inDoubt']): Promise<PushOutcome> {
  const { state, log, metrics } = ports
  const { destination, backlog } = push
  const { name } = destination
  const window = state.backlogs.frozen(backlog, name)!
  const delivery = await destination.deliver({ snapshot: snapshotOf(ports, destination, window), inDoubt })
  const { outcome, tally } = delivery
  metrics.pushed(name, outcome, tally)
  if (outcome === 'skipped' && inDoubt !== undefined) return outcome
  log.commit([
    { type: 'settle', backlog, destination: name, settlement: settlementOf(window, delivery) },
    ...deadLettersOf(ports, name, { delivery, window }),
  ])
  metrics.dropped(name, 'in_doubt', countOf(delivery.lost))
  if (outcome === 'accepted' || outcome === 'partly') {
    const cursor = state.cursors.get(name)!
    const lastFullMs = outcome === 'accepted' ? window.timeMs : cursor.lastFullMs
    state.apply({ type: 'flush', destination: name, cursor: { ...cursor, lastFullMs, lastPartialMs: window.timeMs } })
  }
  return outcome
}

/** A first push that was skipped gives the whole window back. */
function settlementOf({ deltas }: FrozenWindow, { outcome, inDoubt, notStored }: WindowDelivery): WindowSettlement {
  const indexes = new Map(Array.from(deltas.keys(), (key, index) => [key, index]))
  const runsOf = (keys: Iterable<SeriesKey>): Runs => toRuns(Array.from(keys, (key) => indexes.get(key)!))
  return { inDoubt: inDoubt.map(runsOf), notStored: runsOf(outcome === 'skipped' ? deltas.keys() : notStored) }
}

function snapshotOf({ state }: FlushPorts, { accepts }: DeltaDestination, window: FrozenWindow): Snapshot {
  const { startMs, timeMs, deltas } = window
  const times = { startMs, changedMs: timeMs, phase: 'live' } as const
  const series = Array.from(deltas, ([key, total]) => ({ key, total, series: state.totals.seriesOf(key), ...times }))
  return { temporality: 'delta', timeMs, previousMs: startMs, series: series.filter((one) => accepts(one.series)) }
}

/** Gives up a window that is in doubt and too old for the receiver. With a newer time, it could be counted twice. */
function discard({ log, metrics }: FlushPorts, { destination, backlog }: WindowPush, { deltas }: FrozenWindow): void {
  const { name } = destination
  log.commit([{ type: 'settle', backlog, destination: name, settlement: { inDoubt: [], notStored: [] } }])
  metrics.dropped(name, 'in_doubt', countOf(deltas.keys()))
}

const countOf = (keys: Iterable<SeriesKey>): number => Array.from(keys).filter((key) => !isGauge(key)).length

/** A series that was refused for good is kept with the reason, as long as there is room. */
function deadLettersOf(
  { state, metrics }: FlushPorts,
  destination: string,
  { delivery, window }: { readonly delivery: WindowDelivery; readonly window: FrozenWindow },
): Change[] {
  const refused = [...delivery.refused].filter(([key]) => !isGauge(key))
  let room = MAX_DEAD_LETTERS - state.deadLetters.of(destination).size
  const kept = refused.filter(([key]) => state.deadLetters.has(destination, key) || room-- > 0)
  metrics.dropped(destination, 'dead_letter_limit', refused.length - kept.length)
  return kept.map(([key, reason]) => {
    const deadLetter = { reason, timeMs: window.timeMs, delta: window.deltas.get(key)! }
    return { type: 'deadLetter', destination, key, deadLetter }
  })
}

const isLaterStep = (before: FlushCursor | undefined, { lastMs }: FlushCursor, resolutionMs: number): boolean =>
  !before || Math.floor(lastMs / resolutionMs) > Math.floor(before.lastMs / resolutionMs)

import type { CumulativeDestination, PushReport } from '../delivery/types.ts'
import type { SeriesKey, Snapshot } from '../model/types.ts'
import type { Change, FlushMark } from '../state/change.ts'
import { MAX_DEAD_LETTERS } from '../state/dead-letters.ts'
import type { ExportPorts } from './flush-ports.ts'
import { planSeries, zeroTimeMs, type FlushRules } from './series-phase.ts'
import { gaugeSeries } from './gauge-series.ts'

export interface TotalsPush {
  readonly destination: CumulativeDestination
  /** The mark of the flush before; undefined at the first. */
  readonly before: FlushMark | undefined
  readonly rules: FlushRules
}

/** Pushes the totals to one destination, and keeps what it settled. The mark of this flush must be committed before. */
export async function pushTotals(ports: ExportPorts, push: TotalsPush): Promise<PushReport['outcome']> {
  const { ledger, log, books } = ports
  const { name } = push.destination
  const snapshot = snapshotFor(ports, push)
  const report = await push.destination.push(snapshot, async (keys) => {
    settle('introduced', keys)
  })

  // Throws when it is not in storage: then no value may follow the zero.
  function settle(what: 'introduced' | 'ended', keys: readonly SeriesKey[]): void {
    if (keys.length > 0) log.commit(keys.map((key): Change => [what, name, key]))
  }

  books.pushed(name, report)
  const { outcome } = report
  if (outcome === 'accepted' || outcome === 'partly') {
    const mark = ledger.marks.get(name)!
    const acceptedMs = outcome === 'accepted' ? mark.flushedMs : mark.acceptedMs
    ledger.apply(['flush', name, { ...mark, acceptedMs, reachedMs: mark.flushedMs }])
  }
  const offered = new Map(snapshot.series.map((series) => [series.key, series]))
  // Counted again since: it is not over, and goes on from its total.
  const isUnchanged = (key: SeriesKey): boolean => ledger.totals.get(key)?.changedMs === offered.get(key)?.changedMs
  settle('ended', report.ended.filter(isUnchanged))
  const letters = lettersOf(ports, name, report)
  if (letters.length > 0) log.commit(letters)
  return outcome
}

function snapshotFor({ setup, ledger, gauges }: ExportPorts, { destination, before, rules }: TotalsPush): Snapshot {
  const { name } = destination
  const { config } = setup()
  const timeMs = ledger.marks.get(name)!.flushedMs
  const flushIntervalMs = Math.max(config.flushIntervalMs, destination.intervalMs)
  const own = gaugeSeries(gauges(timeMs), timeMs).filter(({ series }) => destination.accepts(series))
  return {
    temporality: 'cumulative',
    timeMs,
    previousMs: zeroTimeMs(before, { nowMs: rules.nowMs, flushIntervalMs }),
    series: [...planSeries(ledger.totals.all(), name, rules), ...own],
  }
}

/** A series that is refused is offered again with its next total: a letter only says so, until all is accepted. */
function lettersOf({ ledger }: ExportPorts, name: string, { outcome, refused }: PushReport): Change[] {
  const letters = ledger.letters.of(name)
  if (outcome === 'accepted') return Array.from(letters.keys(), (key): Change => ['unletter', name, [key]])
  const timeMs = ledger.marks.get(name)!.flushedMs
  return refused
    .filter(([key, reason]) => letters.get(key)?.reason !== reason)
    .slice(0, Math.max(0, MAX_DEAD_LETTERS - letters.size))
    .map(([key, reason]): Change => ['letter', name, key, { reason, timeMs }])
}

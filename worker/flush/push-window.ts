import type { DeltaDestination, PushReport, WindowReport } from '../delivery/types.ts'
import type { SeriesKey, Snapshot } from '../model/types.ts'
import type { Change, FlushMark } from '../state/change.ts'
import { MAX_DEAD_LETTERS } from '../state/dead-letters.ts'
import { isGauge, type FrozenWindow } from '../state/backlog.ts'
import type { ExportPorts } from './flush-ports.ts'
import { nextMark } from './series-phase.ts'
import { fromRuns, toRuns } from '../state/runs.ts'

type Outcome = PushReport['outcome']

export interface WindowPush {
  readonly destination: DeltaDestination
  readonly track: string
}

/**
 * Pushes the counts that a delta destination has not yet taken. A window is frozen and committed before it is sent. What is left in doubt goes out
 * again as it was, before anything newer; what certainly was not stored goes back and into the next window.
 */
export async function pushWindow(ports: ExportPorts, push: WindowPush): Promise<Outcome> {
  const { ledger, log, clockMs, gauges } = ports
  const { destination, track } = push
  const { name } = destination
  const before = ledger.tracks.frozen(track, name)
  if (before && clockMs() - before.timeMs > destination.maxAgeMs) giveUp(ports, push, before)
  else if (before) {
    const outcome = await send(ports, push, 'again')
    if (ledger.tracks.frozen(track, name)) return outcome
  }
  const mark = nextMark(ledger.marks.get(name), clockMs())
  // Two windows in one second would be one point at a receiver that counts in seconds. The deltas wait for the next flush.
  if (!isLaterStep(ledger.marks.get(name), mark, destination.resolutionMs)) return 'accepted'
  if (destination.status().circuit.state === 'open') return 'skipped'
  const timeMs = mark.flushedMs
  log.commit([
    ['flush', name, mark],
    ['freeze', track, name, { timeMs, gauges: gauges(timeMs) }],
  ])
  return send(ports, push, 'first')
}

async function send(ports: ExportPorts, push: WindowPush, time: 'first' | 'again'): Promise<Outcome> {
  const { ledger, log, books } = ports
  const { destination, track } = push
  const { name } = destination
  const window = ledger.tracks.frozen(track, name)!
  const keys = [...window.deltas.keys()]
  const doubt = window.doubt?.map((runs) => fromRuns(runs).map((index) => keys[index]!))
  const snapshot = snapshotOf(ports, destination, window)
  const report = await destination.pushWindow({ snapshot, doubt: time === 'first' ? undefined : (doubt ?? 'unknown') })
  books.pushed(name, report)
  const { outcome } = report
  if (outcome === 'skipped' && time === 'again') return outcome
  const places = new Map(keys.map((key, place) => [key, place]))
  const runsOf = (some: readonly SeriesKey[]): ReturnType<typeof toRuns> => toRuns(some.map((key) => places.get(key)!))
  log.commit([
    [
      'settle',
      track,
      name,
      { doubt: report.doubt.map(runsOf), back: runsOf(outcome === 'skipped' ? keys : report.back) },
    ],
    ...lettersOf(ports, name, { report, window }),
  ])
  books.dropped(name, 'in_doubt', countedOf(report.lost))
  if (outcome === 'accepted' || outcome === 'partly') {
    const mark = ledger.marks.get(name)!
    const acceptedMs = outcome === 'accepted' ? window.timeMs : mark.acceptedMs
    ledger.apply(['flush', name, { ...mark, acceptedMs, reachedMs: window.timeMs }])
  }
  return outcome
}

function snapshotOf({ ledger }: ExportPorts, { accepts }: DeltaDestination, window: FrozenWindow): Snapshot {
  const { startMs, timeMs, deltas } = window
  const times = { startMs, changedMs: timeMs, phase: 'live' } as const
  const series = Array.from(deltas, ([key, total]) => ({ key, total, series: ledger.totals.seriesOf(key), ...times }))
  return { temporality: 'delta', timeMs, previousMs: startMs, series: series.filter((one) => accepts(one.series)) }
}

/** In doubt for longer than the receiver takes what is that old: to send it as of now could count it twice. */
function giveUp({ log, books }: ExportPorts, { destination, track }: WindowPush, { deltas }: FrozenWindow): void {
  log.commit([['settle', track, destination.name, { doubt: [], back: [] }]])
  books.dropped(destination.name, 'in_doubt', countedOf([...deltas.keys()]))
}

const countedOf = (keys: readonly SeriesKey[]): number => keys.filter((key) => !isGauge(key)).length

/** Series that were refused for good are kept with the reason, as long as there is room. */
function lettersOf(
  { ledger, books }: ExportPorts,
  name: string,
  { report, window }: { readonly report: WindowReport; readonly window: FrozenWindow },
): Change[] {
  const refused = report.refused.filter(([key]) => !isGauge(key))
  let room = MAX_DEAD_LETTERS - ledger.letters.of(name).size
  const kept = refused.filter(([key]) => ledger.letters.has(name, key) || room-- > 0)
  books.dropped(name, 'dead_letter_limit', refused.length - kept.length)
  return kept.map(([key, reason]) => {
    const delta = window.deltas.get(key)!
    return ['letter', name, key, { reason, timeMs: window.timeMs, delta }]
  })
}

const isLaterStep = (before: FlushMark | undefined, { flushedMs }: FlushMark, resolutionMs: number): boolean =>
  !before || Math.floor(flushedMs / resolutionMs) > Math.floor(before.flushedMs / resolutionMs)

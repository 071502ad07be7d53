import { encodeDelta } from '../model/delta.ts'
import type { Change, FlushCursor, KeptDeadLetter, SeriesState } from './change.ts'
import type {
  StoredChange,
  StoredCursor,
  StoredDeadLetter,
  StoredGauges,
  StoredSeriesState,
  StoredTimes,
} from './stored-change.ts'
import type { FrozenTimes, Gauges } from './window.ts'

/** The form of a change that storage keeps. */
export function encodeChange(change: Change): StoredChange {
  switch (change.type) {
    case 'at':
      return ['at', change.timeMs]
    case 'seen':
      return ['seen', change.session, change.sequence]
    case 'add':
      return ['add', change.key, encodeDelta(change.delta)]
    case 'flush':
      return ['flush', change.destination, encodeCursor(change.cursor)]
    case 'zeroSent':
      return ['introduced', change.destination, change.key]
    case 'endSent':
      return ['ended', change.destination, change.key]
    case 'removeSeries':
      return ['remove', change.key]
    case 'forgetDestination':
      return ['forget', change.destination]
    case 'seed':
      return ['seed', change.seed]
    case 'session':
      return ['session', change.session, change.sequences]
    case 'series':
      return ['series', change.key, encodeDelta(change.total), encodeSeriesState(change.state)]
    case 'openBacklog':
      return ['track', change.backlog, change.sinceMs]
    case 'closeBacklog':
      return ['untrack', change.backlog]
    case 'pending':
      return ['pending', change.backlog, change.key, encodeDelta(change.delta)]
    case 'freeze':
      return ['freeze', change.backlog, change.destination, change.timeMs, encodeGauges(change.gauges)]
    case 'settle': {
      const { inDoubt, notStored } = change.settlement
      return ['settle', change.backlog, change.destination, { doubt: inDoubt, back: notStored }]
    }
    case 'frozen':
      return ['frozen', change.backlog, change.destination, encodeTimes(change.times)]
    case 'frozenSeries':
      return ['frozen-series', change.backlog, change.destination, change.key, encodeDelta(change.delta)]
    case 'deadLetter':
      return ['letter', change.destination, change.key, encodeDeadLetter(change.deadLetter)]
    case 'deadLettersRemoved':
      return ['unletter', change.destination, change.keys]
    case 'override':
      return ['override', change.override]
    default:
      return change satisfies never
  }
}

const encodeCursor = ({ firstMs, lastMs, lastFullMs, lastPartialMs }: FlushCursor): StoredCursor => ({
  sinceMs: firstMs,
  flushedMs: lastMs,
  acceptedMs: lastFullMs,
  reachedMs: lastPartialMs,
})

const encodeSeriesState = ({ startMs, changedMs, zeroSentTo, endSentTo }: SeriesState): StoredSeriesState => ({
  startMs,
  changedMs,
  introduced: zeroSentTo,
  ended: endSentTo,
})

const encodeTimes = ({ inDoubt, ...times }: FrozenTimes): StoredTimes =>
  inDoubt === undefined ? times : { ...times, doubt: inDoubt }

const encodeGauges = (gauges: Gauges): StoredGauges =>
  Array.from(gauges, ([key, delta]) => [key, encodeDelta(delta)] as const)

const encodeDeadLetter = ({ delta, ...rest }: KeptDeadLetter): StoredDeadLetter =>
  delta === undefined ? rest : { ...rest, delta: encodeDelta(delta) }

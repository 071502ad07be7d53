import { decodeDelta } from '../model/delta.ts'
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

/** The change that storage kept in this form. */
export function decodeChange(stored: StoredChange): Change {
  switch (stored[0]) {
    case 'at':
      return { type: 'at', timeMs: stored[1] }
    case 'seen':
      return { type: 'seen', session: stored[1], sequence: stored[2] }
    case 'add':
      return { type: 'add', key: stored[1], delta: decodeDelta(stored[2]) }
    case 'flush':
      return { type: 'flush', destination: stored[1], cursor: decodeCursor(stored[2]) }
    case 'introduced':
      return { type: 'zeroSent', destination: stored[1], key: stored[2] }
    case 'ended':
      return { type: 'endSent', destination: stored[1], key: stored[2] }
    case 'remove':
      return { type: 'removeSeries', key: stored[1] }
    case 'forget':
      return { type: 'forgetDestination', destination: stored[1] }
    case 'seed':
      return { type: 'seed', seed: stored[1] }
    case 'session':
      return { type: 'session', session: stored[1], sequences: stored[2] }
    case 'series':
      return { type: 'series', key: stored[1], total: decodeDelta(stored[2]), state: decodeSeriesState(stored[3]) }
    case 'track':
      return { type: 'openBacklog', backlog: stored[1], sinceMs: stored[2] }
    case 'untrack':
      return { type: 'closeBacklog', backlog: stored[1] }
    case 'pending':
      return { type: 'pending', backlog: stored[1], key: stored[2], delta: decodeDelta(stored[3]) }
    case 'freeze': {
      const [, backlog, destination, timeMs, gauges] = stored
      return { type: 'freeze', backlog, destination, timeMs, gauges: decodeGauges(gauges) }
    }
    case 'settle': {
      const [, backlog, destination, { doubt, back }] = stored
      return { type: 'settle', backlog, destination, settlement: { inDoubt: doubt, notStored: back } }
    }
    case 'frozen': {
      const [, backlog, destination, times] = stored
      return { type: 'frozen', backlog, destination, times: decodeTimes(times) }
    }
    case 'frozen-series': {
      const [, backlog, destination, key, delta] = stored
      return { type: 'frozenSeries', backlog, destination, key, delta: decodeDelta(delta) }
    }
    case 'letter': {
      const [, destination, key, deadLetter] = stored
      return { type: 'deadLetter', destination, key, deadLetter: decodeDeadLetter(deadLetter) }
    }
    case 'unletter':
      return { type: 'deadLettersRemoved', destination: stored[1], keys: stored[2] }
    case 'override':
      return { type: 'override', override: stored[1] }
    default:
      return stored satisfies never
  }
}

const decodeCursor = ({ sinceMs, flushedMs, acceptedMs, reachedMs }: StoredCursor): FlushCursor => ({
  firstMs: sinceMs,
  lastMs: flushedMs,
  lastFullMs: acceptedMs,
  lastPartialMs: reachedMs,
})

const decodeSeriesState = ({ startMs, changedMs, introduced, ended }: StoredSeriesState): SeriesState => ({
  startMs,
  changedMs,
  zeroSentTo: introduced,
  endSentTo: ended,
})

const decodeTimes = ({ doubt, ...times }: StoredTimes): FrozenTimes =>
  doubt === undefined ? times : { ...times, inDoubt: doubt }

const decodeGauges = (gauges: StoredGauges): Gauges => gauges.map(([key, delta]) => [key, decodeDelta(delta)] as const)

const decodeDeadLetter = ({ delta, ...rest }: StoredDeadLetter): KeptDeadLetter =>
  delta === undefined ? rest : { ...rest, delta: decodeDelta(delta) }

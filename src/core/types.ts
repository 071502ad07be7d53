/**
 * The state of a beacon, in one place. It is a plain record, and every file of this room holds a few functions over it; so does the
 * courier, which is loaded later. `Entry` is also the shape of what is stored in IndexedDB (docs/STORAGE.md).
 */
import type { DropReason, Resource } from '../protocol/types.ts'
import type { Plugin } from './plugin.ts'
import type { Instruments } from './instruments.ts'
import type { Store } from './storage.ts'

/** Calls by the reason they are not counted for. */
export type Drops = Partial<Record<DropReason, number>>

/** The records of one series in the window `seenIn`. Values of an earlier window do not count. */
export interface Cell {
  /** The least value that counts: 0 of a counter, -MAX_VALUE of a histogram. */
  readonly least: number
  /** The point's JSON up to its value. */
  readonly head: string
  /** The point's JSON after its value. */
  readonly tail: string
  seenIn?: Window
  calls: number
  /** The sum of a counter's whole numbers, up to 2^53. */
  whole: number
  /** Observations, and a counter's fractions, as they came. */
  loose: number[]
  /** The compactor's form of values that were too many. */
  folded?: unknown
}

/**
 * The records since the last seal. It ends by a single assignment of the next one, because a closing Firefox may end the
 * script anywhere and then call the next listener (docs/BROWSERS.md#differences, 1).
 */
export interface Window {
  readonly dirty: Cell[]
  /** Drops that no batch has reported yet. */
  readonly unreported: Drops
  /** Batches of earlier windows that are not kept in `own` yet. */
  sealed: readonly Entry[]
  isOpen?: boolean
}

/** The state of recording. The edge client has one too. */
export interface Recorder {
  /** Whether verbs record: if not, they do nothing. */
  isOn: boolean
  current: Window
  /** How many series there may still be. */
  seriesLeft: number
  /** Calls so far. */
  recorded: number
  /** How many of these calls are acknowledged, dropped or erased. */
  settled: number
  /** All that was dropped so far. */
  readonly dropped: Drops
  compactor?: Compactor
  /** Whether the compactor has been asked for. */
  isCrowded?: boolean
  /** Called with the first record or drop of a window. */
  readonly onOpen: () => void
  /** Called once a series holds more values than a batch should carry as they are, and there is no compactor. */
  readonly onCrowded: () => void
}

/** A sealed batch on its way, as it lies in the outbox. */
export interface Entry {
  /** The version of this shape. */
  readonly v: 1
  readonly session: string
  /** How many sessions this one stands for; left out where it is only itself. */
  readonly weight?: number | undefined
  readonly resource: Resource
  readonly sequence: number
  /** The page's clock when it was sealed, ms since 1970. */
  readonly sealedMs: number
  /** How many calls of `increment` and `observe` it holds. */
  readonly records: number
  /** The drops that it reports. If it is dropped itself, the next batch reports them again. */
  readonly drops: Drops
  /** The `WireBatch` as JSON. It is never written again, so two senders cannot disagree about it. */
  readonly text: string
  /** UTF-8 bytes of a body that carries this batch alone: never less than its share of a larger body. */
  readonly bytes: number
  /** When a page that went away handed it to the browser, ms since 1970: probably delivered, and still to be confirmed. */
  leftMs?: number | undefined
}

/** Why a flush is not acknowledged: `network`, `not_pharos`, `http_<status>`, `paused` (by an earlier `Retry-After`), `dropped`, `cleared`, `stopped` (by the edge's off switch), `inactive` or `error`. */
export type FlushResult = { readonly acknowledged: true } | { readonly acknowledged: false; readonly reason: string }

/** The state of the courier that a leaving page needs. */
export interface InProgress {
  readonly inFlightBytes: number
  /** The edge asked to be left alone. */
  readonly isQuiet: boolean
  /** The last request failed. */
  readonly isFailing: boolean
}

/** The part that listens to answers (src/courier). */
export interface Courier {
  /** Sends all that is pending, even in back-off; only a `Retry-After` holds it. Never rejects. */
  readonly flush: () => Promise<FlushResult>
  /** Sends the batches that are due. */
  readonly tick: () => void
  /** Sends batches that other pages left, even in back-off. The records of this page can wait. */
  readonly collect: () => void
  /** The network is back. */
  readonly wake: () => void
  /** The page is going away: a flush in progress may not end. */
  readonly leave: () => InProgress
  /** The storage is full. */
  readonly makeRoom: () => void
}

/** The part that adds up crowded windows (src/compact). */
export interface Compactor {
  /** Moves the values of the cell into `folded`. */
  readonly fold: (cell: Cell) => void
  /** The JSON of `folded`. */
  readonly encodeFolded: (cell: Cell) => string
}

/** How the lazy parts are loaded. Each may fail, and is then tried again. */
export interface Parts {
  readonly courier: (url: string) => Promise<{ readonly createCourier: (page: Page) => Courier }>
  readonly compactor: (url: string) => Promise<{ readonly compactor: Compactor }>
}

export interface Page extends Recorder {
  readonly loadCourier: () => Promise<Courier>
  /** Where batches are posted. */
  readonly url: string
  readonly resource: Resource
  /** Those that have not started yet. */
  readonly plugins: Plugin[]
  instruments: Instruments
  readonly stops: (() => void)[]
  /** One draw for all rates there may be: a page that is out at one rate is out at every lower one. */
  draw: number
  /** How many page views this one stands for; Infinity where none records. */
  weight: number
  consent: boolean | 'pending'
  session: string
  sequence: number
  isActivated?: boolean
  isShut: boolean
  isErasureDue: boolean
  /** Whether the page was hidden, and its last values have left. */
  isAway?: boolean
  /** Whether the next window leaves at once, because the page was only just hidden. */
  isLeaving?: boolean
  /** Calls in this page's batches that were acknowledged. */
  acknowledged: number
  /** This page's batches that were dropped. */
  lost: number

  store?: Store | undefined
  /** Batches of this page, oldest first. */
  own: Set<Entry>
  /** Batches that changed since the last write to the outbox: a write stores those in `own` and deletes the others. */
  unsaved: Set<Entry>
  /** Whether a write waits for the storage to open. */
  isSaving?: boolean
  /** When the storage may be used from; undefined: not yet. */
  startedMs?: number
  intervalMs: number
  timer?: ReturnType<typeof setInterval>
  courier?: Courier
  /** The answers to batches that left, for the courier to read. */
  readonly answers: (readonly [entries: readonly Entry[], answer: Promise<Response | undefined>])[]
}

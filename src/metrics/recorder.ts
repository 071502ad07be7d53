// The hot path: from a call to a number in memory. No I/O and no randomness; the clock comes in.
import type { DropReason } from '../protocol/types.ts'
import { type Ask, type BeforeRecord, filterInstruments } from './before-record.ts'
import { type Cell, counters, histograms, type Point, takePoint } from './cell.ts'
import type { Instruments } from './instruments.ts'
import { observeValue, type RunningHistogram } from './running-histogram.ts'
import { addToSum, type RunningSum } from './running-sum.ts'
import { createIndexRoom, createSeriesIndex } from './series-index.ts'

/** The recorder takes points of cells whatever they hold. */
type AnyCell = Cell<RunningSum> | Cell<RunningHistogram>

export interface RecorderHooks {
  /** The first record since the last `drain`: time to plan the next one. */
  readonly onFirstRecord: () => void
  /** The first drop for this reason. `evidence` is the metric's name, where there is one. */
  readonly onFirstDrop: (reason: DropReason, evidence: unknown) => void
  /** Sees every call first. */
  readonly beforeRecord?: BeforeRecord | undefined
  /** `beforeRecord` threw for the first time. */
  readonly onFilterError?: (error: unknown) => void
  /** A clock that never goes back, ms. */
  readonly now: () => number
}

export interface Recorder {
  /** The verbs. They do not depend on `this`. */
  readonly instruments: Instruments
  /** Counts calls that were lost elsewhere. They leave with the next batch, but are no reason to seal one. */
  readonly drop: (reason: DropReason, records: number) => void
  /**
   * Takes what was recorded since the last time, and returns what `use` makes of it. A closing Firefox may end the script
   * anywhere and then call the next listener: what was taken and not used comes again, alone, and all else the time after.
   */
  readonly drain: <Out>(use: (points: readonly Point[]) => Out) => Out
  /** Off: every verb is a no-op. */
  readonly setEnabled: (enabled: boolean) => void
  /** Calls recorded so far. */
  readonly recorded: () => number
  /** Calls recorded and not yet drained. */
  readonly pending: () => number
  /** Calls dropped so far, by reason. */
  readonly dropped: () => Partial<Record<DropReason, number>>
}

export function createRecorder({
  onFirstRecord,
  onFirstDrop,
  beforeRecord,
  onFilterError,
  now,
}: RecorderHooks): Recorder {
  const room = createIndexRoom()
  const dropped: Partial<Record<DropReason, number>> = {}
  /** Of `dropped`, what was drained. */
  let reported: typeof dropped = {}
  /** Cells that hold records. */
  const dirty: AnyCell[] = []
  /** Taken out of cells, and not yet used. */
  let taken: Point[] = []
  let enabled = true
  let hasThrown = false
  let isOpen = false
  let drained = 0

  const open = (): void => {
    if (isOpen) return
    isOpen = true
    onFirstRecord()
  }

  const drop = (reason: DropReason, records: number, evidence?: unknown): void => {
    const before = dropped[reason] ?? 0
    if (!before) onFirstDrop(reason, evidence)
    dropped[reason] = before + records
  }

  const findCounter = createSeriesIndex(counters, room)
  const findHistogram = createSeriesIndex(histograms, room)

  const begin = (cell: AnyCell): void => {
    dirty.push(cell)
    // Before the window opens: where timers fire at once, it is sealed in there.
    cell.records = 1
    open()
  }

  const refuse = (cell: AnyCell | DropReason, name: string): void => {
    if (!enabled) return
    drop(typeof cell === 'string' ? cell : 'bad_value', 1, name)
    open()
  }

  const canTake = <Value>(cell: Cell<Value> | DropReason, value: unknown): cell is Cell<Value> =>
    enabled && typeof value === 'number' && typeof cell === 'object'

  // Two alike, so that in each the engine knows what it calls: through a common one a record costs twice as much.
  // What throws in them is a built-in that the page broke.
  const add = (cell: Cell<RunningSum> | DropReason, value: number, name: string): void => {
    try {
      if (canTake(cell, value) && value > 0 && addToSum(cell.value, value)) {
        if (cell.records) cell.records++
        else begin(cell)
      } else if (value !== 0) refuse(cell, name)
    } catch {
      refuse('bad_value', name)
    }
  }

  const record = (cell: Cell<RunningHistogram> | DropReason, value: number, name: string): void => {
    try {
      if (canTake(cell, value) && observeValue(cell.value, value)) {
        if (cell.records) cell.records++
        else begin(cell)
      } else refuse(cell, name)
    } catch {
      refuse('bad_value', name)
    }
  }

  const recordsOf = (list: readonly { readonly records: number }[]): number =>
    list.reduce((sum, { records }) => sum + records, 0)
  const pending = (): number => recordsOf(taken) + recordsOf(dirty)

  const plain: Omit<Instruments, 'time'> = {
    increment: (name, value = 1, attributes) => add(findCounter(name, attributes), value, name),
    observe: (name, value, attributes) => record(findHistogram(name, attributes), value, name),
    counter: (name, attributes) => {
      const cell = findCounter(name, attributes)
      return { add: (value = 1) => add(cell, value, name) }
    },
    histogram: (name, attributes) => {
      const cell = findHistogram(name, attributes)
      return { record: (value) => record(cell, value, name) }
    },
  }

  const ask: Ask = (record) => {
    if (!enabled) return undefined
    try {
      const kept = beforeRecord!(record)
      // A copy, made in here: what the page returns may have getters.
      if (kept && typeof kept === 'object') return { ...kept }
      drop(kept === 'unknown_metric' || kept === 'bad_attributes' ? kept : 'filtered', 1, record.name)
      return undefined
    } catch (error) {
      if (!hasThrown) onFilterError?.(error)
      hasThrown = true
      return record
    }
  }

  const verbs = beforeRecord ? filterInstruments(plain, ask) : plain

  const instruments: Instruments = {
    ...verbs,
    time: (name, attributes) => {
      const beginMs = now()
      let isRunning = true
      return () => {
        if (isRunning) verbs.observe(name, (now() - beginMs) / 1_000, attributes)
        isRunning = false
      }
    },
  }

  /** What of `dropped` has not left yet. */
  const pointsOfDrops = (): Point[] =>
    (Object.keys(dropped) as DropReason[])
      .filter((reason) => dropped[reason] !== reported[reason])
      .map((reason) => ({
        isHistogram: false,
        text: `["pharos.dropped",${dropped[reason]! - (reported[reason] ?? 0)},{"reason":"${reason}","where":"page"}]`,
        records: 0,
      }))

  return {
    instruments,
    drop,
    drain: (use) => {
      isOpen = false
      // Not together with what came since: a batch has a series once.
      if (!taken.length)
        for (let cell; (cell = dirty[0]); dirty.shift()) {
          const point = takePoint<never>(cell as never)
          taken.push(point)
        }
      const leaving = { ...dropped }
      const used = use([...pointsOfDrops(), ...taken])
      drained += recordsOf(taken)
      taken = []
      reported = leaving
      return used
    },
    setEnabled: (value) => {
      enabled = value
    },
    recorded: () => drained + pending(),
    pending,
    dropped: () => ({ ...dropped }),
  }
}

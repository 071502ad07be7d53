// The hot path: from a call to a number in memory. No I/O and no randomness; the clock comes in.
import type { DropReason } from '../protocol/types.ts'
import { type CounterCell, createCell, type HistogramCell, isHistogramCell, takePoint } from './cell.ts'
import type { Instruments } from './instruments.ts'
import { createRunningHistogram, observeValue } from './running-histogram.ts'
import { addToSum, createRunningSum } from './running-sum.ts'
import type { Point } from './seal.ts'
import { createIndexRoom, createSeriesIndex } from './series-index.ts'

export interface RecorderHooks {
  /** The first record since the last `drain`: time to plan the next one. */
  readonly onFirstRecord: () => void
  /** The first drop for this reason. `evidence` is the metric's name, where there is one. */
  readonly onFirstDrop: (reason: DropReason, evidence: unknown) => void
  /** A clock that never goes back, ms. */
  readonly now: () => number
}

export interface Recorder {
  /** The verbs. They do not depend on `this`. */
  readonly instruments: Instruments
  /** Counts calls that were lost elsewhere. They leave with the next batch, but are no reason to seal one. */
  readonly drop: (reason: DropReason, records: number) => void
  /** Takes what was recorded since the last time. */
  readonly drain: () => Point[]
  /** Off: every verb is a no-op. */
  readonly setEnabled: (enabled: boolean) => void
  /** Calls recorded so far. */
  readonly recorded: () => number
  /** Calls recorded and not yet drained. */
  readonly pending: () => number
  /** Calls dropped so far, by reason. */
  readonly dropped: () => Partial<Record<DropReason, number>>
}

export function createRecorder({ onFirstRecord, onFirstDrop, now }: RecorderHooks): Recorder {
  const room = createIndexRoom()
  const findCounter = createSeriesIndex(createRunningSum, room)
  const findHistogram = createSeriesIndex(createRunningHistogram, room)
  const dropCells = new Map<DropReason, CounterCell>()
  const dropped: Partial<Record<DropReason, number>> = {}
  let dirty: (CounterCell | HistogramCell)[] = []
  let enabled = true
  let isOpen = false
  let drained = 0

  const open = (): void => {
    if (isOpen) return
    isOpen = true
    onFirstRecord()
  }

  const touch = (cell: CounterCell | HistogramCell): void => {
    cell.dirty = true
    dirty.push(cell)
  }

  const countDrop = (reason: DropReason, records: number, evidence?: unknown): void => {
    if (!(records > 0)) return
    if (!dropped[reason]) onFirstDrop(reason, evidence)
    dropped[reason] = (dropped[reason] ?? 0) + records
    if (!enabled) return
    let cell = dropCells.get(reason)
    if (!cell) {
      cell = createCell('["pharos.dropped",', `,{"reason":"${reason}","where":"page"}]`, createRunningSum())
      dropCells.set(reason, cell)
    }
    addToSum(cell.value, records)
    if (!cell.dirty) touch(cell)
  }

  const refuse = (reason: DropReason, name: unknown): void => {
    countDrop(reason, 1, name)
    open()
  }

  const add = (cell: CounterCell | DropReason, value: number, name: string): void => {
    if (!enabled) return
    if (typeof cell === 'string') refuse(cell, name)
    else if (typeof value === 'number' && value > 0 && addToSum(cell.value, value)) {
      cell.records++
      if (!cell.dirty) {
        touch(cell)
        open()
      }
    } else if (value !== 0) refuse('bad_value', name)
  }

  const record = (cell: HistogramCell | DropReason, value: number, name: string): void => {
    if (!enabled) return
    if (typeof cell === 'string') refuse(cell, name)
    else if (typeof value === 'number' && observeValue(cell.value, value)) {
      cell.records++
      if (!cell.dirty) {
        touch(cell)
        open()
      }
    } else refuse('bad_value', name)
  }

  const observe: Instruments['observe'] = (name, value, attributes) => {
    if (enabled) record(findHistogram(name, attributes), value, name)
  }

  const pending = (): number => dirty.reduce((records, cell) => records + cell.records, 0)

  const instruments: Instruments = {
    increment: (name, value = 1, attributes) => {
      if (enabled) add(findCounter(name, attributes), value, name)
    },
    observe,
    counter: (name, attributes) => {
      const cell = findCounter(name, attributes)
      return { add: (value = 1) => add(cell, value, name) }
    },
    histogram: (name, attributes) => {
      const cell = findHistogram(name, attributes)
      return { record: (value) => record(cell, value, name) }
    },
    time: (name, attributes) => {
      const beginMs = now()
      let isRunning = true
      return () => {
        if (isRunning) observe(name, (now() - beginMs) / 1_000, attributes)
        isRunning = false
      }
    },
  }

  return {
    instruments,
    drop: countDrop,
    drain: () => {
      drained += pending()
      isOpen = false
      const cells = dirty
      dirty = []
      return cells.map((cell) => {
        const { records } = cell
        return { isHistogram: isHistogramCell(cell), text: takePoint(cell), records }
      })
    },
    setEnabled: (value) => {
      enabled = value
    },
    recorded: () => drained + pending(),
    pending,
    dropped: () => ({ ...dropped }),
  }
}

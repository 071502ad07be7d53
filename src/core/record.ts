// The hot path: from a call to a number in memory. No I/O and no randomness.
import { checkValue } from '../check/index.ts'
import { MAX_VALUE } from '../protocol/limits.ts'
import type { DropReason } from '../protocol/types.ts'
import { guard } from './guard.ts'
import type { Instruments } from './instruments.ts'
import { speak } from './speak.ts'
import { createFinder, MAX_SERIES } from './series.ts'
import type { Cell, Entry, Recorder, Window } from './types.ts'

/** Values of one series in a window that travel as they are. The compactor takes over when there are more. */
export const MAX_LOOSE_VALUES = 255

export const createWindow = (sealed: Window['sealed']): Window => ({ dirty: [], unreported: {}, sealed })

export const createRecorder = (onOpen: () => void, onCrowded: () => void): Recorder => ({
  isOn: true,
  current: createWindow([]),
  seriesLeft: MAX_SERIES,
  dropped: {},
  recorded: 0,
  settled: 0,
  onOpen,
  onCrowded,
})

/** Adds calls that are not counted to `drops`. */
const addDrops = (drops: Recorder['dropped'], reason: DropReason, calls: number): void => {
  if (calls) drops[reason] = (drops[reason] ?? 0) + calls
}

/** Counts calls that were lost. They leave with the next batch, but are no reason to seal one. */
export const drop = ({ dropped, current }: Recorder, reason: DropReason, calls: number): void => {
  addDrops(dropped, reason, calls)
  addDrops(current.unreported, reason, calls)
}

/** Counts batches that were lost. The next batch reports again the drops that they reported. */
export const dropBatches = (recorder: Recorder, reason: DropReason, entries: readonly Entry[]): void => {
  for (const { records, drops } of entries) {
    drop(recorder, reason, records)
    for (const [told, calls] of Object.entries(drops)) addDrops(recorder.current.unreported, told as DropReason, calls)
  }
}

/** The verbs. They do not depend on `this`. */
export function createInstruments(recorder: Recorder): Omit<Instruments, 'time'> {
  const findCounter = createFinder(recorder, 0)
  const findHistogram = createFinder(recorder, -MAX_VALUE)

  const open = guard(() => {
    recorder.current.isOpen = true
    recorder.onOpen()
  })

  const record = (cell: Cell | DropReason, value: number): void => {
    if (!recorder.isOn) return
    try {
      if (typeof cell === 'string') drop(recorder, cell, 1)
      else if (typeof value === 'number' && value >= cell.least && value <= MAX_VALUE) {
        // A counter that grows by 0 does not change.
        if (!value && !cell.least) return
        const { current } = recorder
        if (cell.seenIn !== current) {
          current.dirty.push(cell)
          cell.calls = cell.whole = 0
          cell.loose = []
          cell.folded = undefined
          cell.seenIn = current
        }
        cell.calls++
        recorder.recorded++
        const whole = cell.whole + value
        if (!cell.least && (value | 0) === value && whole <= Number.MAX_SAFE_INTEGER) cell.whole = whole
        else if (cell.loose.push(value) > MAX_LOOSE_VALUES) {
          if (recorder.compactor) recorder.compactor.fold(cell)
          else if (!recorder.isCrowded) recorder.onCrowded()
        }
      } else {
        checkValue({ kind: cell.least ? 'histogram' : 'counter', head: cell.head, value }, speak)
        drop(recorder, 'bad_value', 1)
      }
    } catch {
      // A built-in that the page broke.
      drop(recorder, 'bad_value', 1)
    }
    // Last, because opening a window may end it: where timers fire at once, this call seals it.
    if (!recorder.current.isOpen) open()
  }

  return {
    increment: (name, value = 1, attributes) => record(findCounter(name, attributes), value),
    observe: (name, value, attributes) => record(findHistogram(name, attributes), value),
    counter: (name, attributes) => {
      const cell = findCounter(name, attributes)
      return { add: (value = 1) => record(cell, value) }
    },
    histogram: (name, attributes) => {
      const cell = findHistogram(name, attributes)
      return { record: (value) => record(cell, value) }
    },
  }
}

/** The verbs and the stopwatch, which observes by them. */
export const withStopwatch = (verbs: Omit<Instruments, 'time'>): Instruments => ({
  ...verbs,
  time: (name, attributes) => {
    let beginMs: number | undefined = performance.now()
    return () => {
      if (beginMs !== undefined) verbs.observe(name, (performance.now() - beginMs) / 1_000, attributes)
      beginMs = undefined
    }
  },
})

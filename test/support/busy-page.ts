/** Bundled into a page, which then records as a busy page does. */
import { busyRecord } from './busy-records.ts'

export interface BusyPage {
  /** Records so many times a second from now on. */
  readonly start: (perSecond: number) => void
  /** Stops. Returns how many records there were. */
  readonly stop: () => number
  /** How many records there were so far. */
  readonly count: () => number
}

/** How often it records, ms. Each time it records all that is due, however late a timer fires. */
const STEP_MS = 20

export function createBusyPage(): BusyPage {
  let recorded = 0
  let timer: ReturnType<typeof setInterval> | undefined
  return {
    start: (perSecond) => {
      const startMs = performance.now()
      timer = setInterval(() => {
        for (const due = (perSecond * (performance.now() - startMs)) / 1_000; recorded < due; recorded++) {
          const { call, name, value, attributes } = busyRecord(recorded)
          window.pharos[call](name, value, attributes)
        }
      }, STEP_MS)
    },
    stop: () => {
      clearInterval(timer)
      return recorded
    },
    count: () => recorded,
  }
}

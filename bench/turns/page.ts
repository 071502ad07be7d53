/** Runs in the page, with the `init` of one build: windows of so many values, recorded and sealed. */
import type { Beacon } from '../../src/core/beacon.ts'

export interface Turns {
  readonly names: readonly string[]
  /** Runs a case for `windows` windows of `values` calls. @returns ns a call, sealing included */
  readonly run: (name: string, windows: number, values: number) => number
  /** Sends what was sealed, so that the outbox is empty for the next turn. */
  readonly flush: () => Promise<unknown>
  /** Loads what a build loads when a window is crowded. */
  readonly crowd: () => Promise<unknown>
}

declare global {
  var turns: Turns
}

const seconds = Array.from({ length: 1024 }, (_, i) => Math.round(10 ** (((i * 7919) % 1024) / 400) * 100) / 10_000)
const fractions = seconds.map((value) => value + 0.000_1)

export function createTurns(beacon: Beacon): Turns {
  const counter = beacon.counter('turns.bound')
  const sums = beacon.counter('turns.sums')
  const histogram = beacon.histogram('turns.latency')
  // A loop of its own for every case, as a call site of a page is its own.
  const loops: Readonly<Record<string, (values: number) => void>> = {
    'bound add(1)': (values) => {
      for (let i = 0; i < values; i++) counter.add(1)
    },
    'bound add(0.1)': (values) => {
      for (let i = 0; i < values; i++) sums.add(fractions[i & 1023])
    },
    'bound record': (values) => {
      for (let i = 0; i < values; i++) histogram.record(seconds[i & 1023]!)
    },
    increment: (values) => {
      for (let i = 0; i < values; i++) beacon.increment('turns.clicks')
    },
    'increment, 1 attribute': (values) => {
      for (let i = 0; i < values; i++) beacon.increment('turns.clicks', 1, { page: i & 1 ? '/' : '/cart' })
    },
    observe: (values) => {
      for (let i = 0; i < values; i++) beacon.observe('turns.loose', seconds[i & 1023]!)
    },
    'observe, 1 attribute': (values) => {
      for (let i = 0; i < values; i++)
        beacon.observe('turns.loose', seconds[i & 1023]!, { page: i & 1 ? '/' : '/cart' })
    },
  }
  return {
    names: Object.keys(loops),
    run: (name, windows, values) => {
      const begin = performance.now()
      for (let window = 0; window < windows; window++) {
        loops[name]!(values)
        // Both builds seal what was recorded at this event.
        dispatchEvent(new Event('pagehide'))
      }
      return ((performance.now() - begin) * 1e6) / (windows * values)
    },
    flush: () => beacon.flush(),
    crowd: async () => {
      for (let i = 0; i < 300; i++) histogram.record(i)
      await new Promise((resolve) => setTimeout(resolve, 1_500))
      await beacon.flush()
    },
  }
}

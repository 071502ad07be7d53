/** Runs in the page: what every page of the hot path has in common. */

/** Makes `calls` calls. */
export type Loop = (calls: number) => void

export interface HotPath {
  /** How many calls make a round; found by the clock when first asked. */
  readonly callsOfRound: (name: string) => number
  /** Makes this many calls. */
  readonly run: (name: string, calls: number) => void
  /** Calls made so far by the cases whose name begins so. */
  readonly made: (prefix: string) => number
  /** Whether Pharos counted every call that was made. Only its own page can tell. */
  readonly isComplete?: () => boolean
}

declare global {
  var hotPath: HotPath
}

const ROUND_MS = 20

const MASK = 7
const pages = ['/', '/cart', '/basket', '/search', '/product', '/account', '/help', '/about']
/** Durations in seconds as a page measures them, in steps of 0.1 ms: most are short, some are long. */
const seconds = Array.from({ length: 1024 }, (_, i) => Math.round(10 ** (((i * 7919) % 1024) / 400) * 100) / 10_000)

export const pageOf = (i: number): string => pages[i & MASK]!
export const isCached = (i: number): boolean => (i & (MASK + 1)) === 0
export const secondsOf = (i: number): number => seconds[i & 1023]!

/** @param callsOfRound where the number of calls may not be whatever takes 20 ms */
export function createHotPath(cases: Readonly<Record<string, Loop>>, callsOfRound?: number): HotPath {
  const found = new Map<string, number>()
  const made = new Map<string, number>()

  const run = (name: string, calls: number): void => {
    made.set(name, (made.get(name) ?? 0) + calls)
    cases[name]!(calls)
  }

  const msOf = (name: string, calls: number): number => {
    const begin = performance.now()
    run(name, calls)
    return performance.now() - begin
  }

  const calibrate = (name: string): number => {
    let calls = 1_000
    for (;;) {
      // The shortest of three: a moment in which another process had the core must not pass for the round.
      const ms = Math.min(msOf(name, calls), msOf(name, calls), msOf(name, calls))
      if (ms >= ROUND_MS) return calls
      calls = Math.ceil(ms > 1 ? (calls * ROUND_MS * 1.1) / ms : calls * 10)
    }
  }

  return {
    callsOfRound: (name) => {
      const calls = callsOfRound ?? found.get(name) ?? calibrate(name)
      found.set(name, calls)
      return calls
    },
    run,
    made: (prefix) => {
      let calls = 0
      for (const [name, count] of made) if (name.startsWith(prefix)) calls += count
      return calls
    },
  }
}

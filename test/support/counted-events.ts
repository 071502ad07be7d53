import { readMetrics } from './metrics-page.ts'
import { parseSeries } from './page-expected.ts'
import { readUntil } from './until.ts'

/** What a worker has of a counter, by one of its labels; series that differ in other labels are added. */
export async function valuesBy(workerUrl: string, metric: string, label: string): Promise<ReadonlyMap<string, number>> {
  const sums = new Map<string, number>()
  for (const [text, value] of await readMetrics(workerUrl)) {
    const { name, labels } = parseSeries(text)
    const key = labels[label]
    if (name === metric && key !== undefined) sums.set(key, (sums.get(key) ?? 0) + value)
  }
  return sums
}

/** What pages said that they dropped, by reason. */
export async function droppedByPages(workerUrl: string): Promise<Readonly<Record<string, number>>> {
  const drops: Record<string, number> = {}
  for (const [text, value] of await readMetrics(workerUrl)) {
    const { name, labels } = parseSeries(text)
    if (name !== 'pharos_dropped_total' || labels['where'] !== 'page' || !value) continue
    drops[labels['reason']!] = (drops[labels['reason']!] ?? 0) + value
  }
  return drops
}

/** Names events, each of which is a series of its own, and asks a worker how often it has counted them. */
export interface EventNames {
  /** A statement that records so many new events. Notes their names in `recorded`. */
  readonly record: (recorded: string[], count?: number) => string
  /** Which of them are not counted even after some time, 10 s unless told. */
  readonly missing: (workerUrl: string, names: readonly string[], timeoutMs?: number) => Promise<readonly string[]>
  /** Those that are counted more often than once. */
  readonly doubled: (workerUrl: string) => Promise<readonly string[]>
}

/** How long a request of a page that is gone may take on a loaded machine. */
const ARRIVAL_MS = 10_000

export function nameEvents(): EventNames {
  let last = 0
  const read = (workerUrl: string) => valuesBy(workerUrl, 'named_events_total', 'event')
  return {
    record: (recorded, count = 5) => {
      const names = Array.from({ length: count }, () => `${++last}`)
      recorded.push(...names)
      return `for (const event of ${JSON.stringify(names)}) pharos.increment('named.events', 1, { event })`
    },
    missing: (workerUrl, names, timeoutMs = ARRIVAL_MS) =>
      readUntil(
        async () => {
          const counted = await read(workerUrl)
          return names.filter((name) => !counted.has(name))
        },
        ({ length }) => length === 0,
        timeoutMs,
      ),
    doubled: async (workerUrl) => [...(await read(workerUrl))].filter(([, count]) => count !== 1).map(([name]) => name),
  }
}

/** Room for an event in a series of its own. */
export const MANY_SERIES = { limits: { maxSeriesPerMetric: 20_000, maxSeries: 30_000 } }

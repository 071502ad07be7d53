import { gunzipSync } from 'node:zlib'
import { expect, it } from 'vitest'
import { readCsvRows, readJsonLines, type ReadRow } from '../worker/destinations/archive/archive-reader.ts'
import { createSession, openConnection } from '../support/beacon-client.ts'
import { readMetrics, total } from '../support/metrics-page.ts'
import { startMiniflare, type RunningMiniflare } from '../support/miniflare.ts'
import { until } from '../support/until.ts'

const INTERVAL_MS = 1_000
const PAGES = ['/', '/cart', '/search?q="a,b"', '=1+1'] as const

interface Totals {
  readonly clicks: Readonly<Record<string, number>>
  readonly count: number
  readonly sum: number
}

/** What the files of one destination add up to. */
function totalsOf(rows: readonly ReadRow[]): Totals {
  const clicks: Record<string, number> = {}
  for (const row of rows.filter(({ name }) => name === 'archived.clicks')) {
    const page = row.attributes['page']!
    clicks[page] = (clicks[page] ?? 0) + row.value!
  }
  const durations = rows.filter(({ name }) => name === 'archived.duration')
  const add = (field: 'count' | 'sum'): number => durations.reduce((sum, row) => sum + row[field]!, 0)
  return { clicks, count: add('count'), sum: add('sum') }
}

async function rowsIn(worker: RunningMiniflare): Promise<{ lake: ReadRow[]; sheets: ReadRow[]; keys: string[] }> {
  const files = [...(await worker.readArchive())]
  const of = (ending: string): Uint8Array[] => files.filter(([key]) => key.endsWith(ending)).map(([, bytes]) => bytes)
  return {
    lake: of('.jsonl.gz').flatMap((bytes) => readJsonLines(gunzipSync(bytes))),
    sheets: of('.csv').flatMap(readCsvRows),
    keys: files.map(([key]) => key),
  }
}

it('archives what beacons count, in windows that add up to the totals, over a restart', async () => {
  const archive = { kind: 'archive', bucket: 'ARCHIVE', intervalMs: INTERVAL_MS }
  let worker = await startMiniflare({
    config: {
      flushIntervalMs: INTERVAL_MS,
      destinations: [
        { ...archive, name: 'lake', format: 'jsonl', compression: 'gzip' },
        { ...archive, name: 'sheets', format: 'csv', compression: 'none', path: 'sheets/{yyyy}/{time}_{part}.{ext}' },
      ],
    },
  })
  const connection = openConnection()
  const { seal } = createSession({ service: 'shop' })
  const expected = { clicks: {} as Record<string, number>, count: 0, sum: 0 }

  /** Thirty beacons, then until both destinations have them all. */
  const round = async (): Promise<void> => {
    for (let i = 0; i < 30; i++) {
      const page = PAGES[i % PAGES.length]!
      // Multiples of 2^-10: their sums are exact in any order.
      const seconds = (i * 37 + 1) / 1_024
      await connection.postUntilAcknowledged(worker.beaconUrl, [
        seal({
          counters: [['archived.clicks', i + 1, { page }]],
          histograms: [['archived.duration', seconds, { page }]],
        }),
      ])
      expected.clicks[page] = (expected.clicks[page] ?? 0) + i + 1
      expected.count++
      expected.sum += seconds
    }
    const isComplete = ({ lake, sheets }: Awaited<ReturnType<typeof rowsIn>>): boolean =>
      [lake, sheets].every((rows) => totalsOf(rows).count >= expected.count)
    const { lake, sheets } = await until(() => rowsIn(worker), isComplete, { timeoutMs: 60_000 })
    expect(totalsOf(lake)).toEqual(expected)
    expect(totalsOf(sheets)).toEqual(expected)
  }

  try {
    await round()
    await round()
    worker = await worker.restart()
    await round()

    const { lake, sheets, keys } = await rowsIn(worker)
    expect(keys.filter((key) => /^pharos\/lake\/\d{4}\/\d\d\/\d\d\/\d{8}T\d{6}\.\d{3}Z-[0-9a-f]{16}\.jsonl\.gz$/.test(key)).length).toBeGreaterThanOrEqual(3) // prettier-ignore
    expect(keys.filter((key) => /^sheets\/\d{4}\/\d{8}T\d{6}\.\d{3}Z_[0-9a-f]{16}\.csv$/.test(key)).length).toBeGreaterThanOrEqual(3) // prettier-ignore
    for (const rows of [lake, sheets]) {
      expect(rows.filter(({ start, time }) => start >= time)).toEqual([])
      expect(new Set(rows.filter(({ name }) => name === 'archived.clicks').map(({ service }) => service))).toEqual(new Set(['shop'])) // prettier-ignore
    }
    const metrics = await readMetrics(worker.url)
    expect(total(metrics, 'archived_clicks_total')).toBe(Object.values(expected.clicks).reduce((sum, n) => sum + n, 0))
    expect(total(metrics, 'archived_duration_count')).toBe(expected.count)
  } finally {
    connection.close()
    await worker.stop()
  }
})

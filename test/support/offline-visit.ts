import { BUSY_HISTOGRAM, busyRecord } from './busy-records.ts'
import { droppedByPages } from './counted-events.ts'
import type { Engine, EnginePage } from './engines.ts'
import { bundleSource } from './page-bundle.ts'
import { boundsOf, expectedTotals, parseSeries, type Totals } from './page-expected.ts'
import { type PageRig, SERVICE, startPageRig } from './page-rig.ts'
import { temporaryFolder } from './processes.ts'
import { readUntil, until } from './until.ts'

/** What a busy page is to do while it cannot reach the edge. `busy` is a `BusyPage` in it. */
export interface OfflinePlan {
  /** `data-` attributes of the script tag. */
  readonly data?: Readonly<Record<string, string>>
  /** Resolves when the network is to come back. */
  readonly offline: (tab: EnginePage) => Promise<void>
  /** How long batches that left with the page may take to arrive; later ones count as kept for another visit, ms. */
  readonly arrivalMs: number
}

export interface OfflineVisit {
  readonly version: string
  /** Records of the page, all told. */
  readonly recorded: number
  /** From the event `online` to the first request that reached the edge, ms. */
  readonly firstRequestMs: number
  /** Records that were counted before another visit. The others waited for it. */
  readonly arrived: number
  /** Bytes that reached the edge, before another visit and in all. */
  readonly bytes: readonly [arrived: number, all: number]
  /** What the page said that it dropped, by reason. */
  readonly dropped: Readonly<Record<string, number>>
  /** Series that are not what was recorded after one more visit. */
  readonly wrong: readonly string[]
}

const BUSY = /^shop_(cart_items|search_duration)_/

/**
 * A page that records while its edge is unreachable, hears that the network is back, is closed as soon as its first request has
 * reached the edge, and is visited once more. The edge is one of its own.
 */
export async function visitOffline(
  engine: Engine,
  { data = {}, offline, arrivalMs }: OfflinePlan,
): Promise<OfflineVisit> {
  const rig = await startPageRig()
  const browser = await engine.start(await temporaryFolder('profile'))
  try {
    const busy = await bundleSource(
      `import { createBusyPage } from '../test/support/busy-page.ts'; window.busy = createBusyPage()`,
    )
    rig.site.setPage('/', rig.html({ data, body: `<script>${busy}</script>` }))
    rig.site.setPage('/next', rig.html())
    const tab = await browser.open(`${rig.site.url}/`)
    rig.proxy.set({ kind: 'down' })
    await offline(tab)
    const firstRequestMs = await goOnline(tab, rig)
    const recorded = await tab.evaluate<number>('busy.stop()')
    await tab.close()
    const arrived = await readUntil(
      async () => recordsIn(await rig.totals()),
      (records) => records === recorded,
      arrivalMs,
    )
    const bytesArrived = bytesOf(rig)
    await flushIn(await browser.open(`${rig.site.url}/next`))
    return {
      version: browser.version,
      recorded,
      firstRequestMs,
      arrived,
      bytes: [bytesArrived, bytesOf(rig)],
      dropped: await droppedByPages(rig.workerd.url),
      wrong: differences(await rig.totals(), recorded),
    }
  } finally {
    await browser.kill()
    await rig.close()
  }
}

/** Returns how long the first request took, ms. */
async function goOnline(tab: EnginePage, { proxy, beacons }: PageRig): Promise<number> {
  const before = beacons().length
  proxy.set({ kind: 'pass' })
  const onlineMs = Date.now()
  await tab.evaluate(`void dispatchEvent(new Event('online'))`)
  await until(
    () => beacons().length,
    (requests) => requests > before,
    { everyMs: 5 },
  )
  return beacons()[before]!.timeMs - onlineMs
}

/** A visit that takes its time, so that it delivers whatever is left. */
async function flushIn(tab: EnginePage): Promise<void> {
  await tab.evaluate('void pharos.flush().then((result) => { window.flushed = JSON.stringify(result) })')
  await until(
    () => tab.evaluate<string>(`window.flushed ?? ''`),
    (result) => result === '{"acknowledged":true}',
  )
}

const bytesOf = ({ beacons }: PageRig): number =>
  beacons()
    .filter(({ deliveries }) => deliveries)
    .reduce((bytes, { body }) => bytes + body.length, 0)

const recordsIn = (totals: Totals): number =>
  [...totals].reduce(
    (sum, [text, value]) => (/^shop_(cart_items_total|search_duration_count){/.test(text) ? sum + value : sum),
    0,
  )

/** Each series that is missing, too much or another value than `count` records of a busy page give. */
function differences(totals: Totals, count: number): readonly string[] {
  const metricOf = (name: string): string => name.replaceAll('.', '_')
  const counted = new Map([...totals].filter(([text]) => BUSY.test(parseSeries(text).name)))
  const expected = expectedTotals(
    Array.from({ length: count }, (_, n) => busyRecord(n)),
    { common: { service: SERVICE }, bounds: boundsOf(totals, metricOf(BUSY_HISTOGRAM)) },
  )
  return [...new Set([...expected.keys(), ...counted.keys()])]
    .filter((series) => expected.get(series) !== counted.get(series))
    .map((series) => `${series}: ${counted.get(series)} instead of ${expected.get(series)}`)
}

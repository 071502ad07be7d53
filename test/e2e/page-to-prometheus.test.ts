import type { BrowserContext, Page } from 'playwright-core'
import { afterAll, expect, it } from 'vitest'
import { launchChromium } from '../support/chromium.ts'
import { boundsOf, expectedTotals } from '../support/page-expected.ts'
import type { Totals } from '../support/page-expected.ts'
import { cut, pick, seededRandom } from '../support/page-plan.ts'
import type { PageRecord } from '../support/page-plan.ts'
import { flushIn, recordIn, SERVICE, startPageRig } from '../support/page-rig.ts'
import { stopPrograms } from '../support/processes.ts'
import { startPrometheus, totalsIn } from '../support/prometheus.ts'
import type { Receiver } from '../support/prometheus.ts'
import { required } from '../support/requirements.ts'
import { readUntil } from '../support/until.ts'

const PATHS = ['/home', '/cart', '/search'] as const
const METRICS = ['checkout_clicks_total', 'search_duration_count', 'search_duration_sum', 'search_duration_bucket']
const POWERS_OF_TWO = Array.from({ length: 17 }, (_, i) => 2 ** (i - 10))

afterAll(stopPrograms)

it('Prometheus shows exactly what three pages in two tabs recorded', async (context) => {
  const prometheus = await required(context, () => startPrometheus())
  const { context: browser, close } = await required(context, () => launchChromium())
  const destinations = [{ name: 'main', kind: 'prometheus', url: prometheus.writeUrl }]
  const rig = await startPageRig({ destinations, flushIntervalMs: 1_000 })
  for (const path of PATHS) rig.site.setPage(path, rig.html({ data: { 'flush-interval-ms': '1000' } }))

  const records = planRecords(seededRandom(20_261_121))
  const [left = [], right = []] = cut(records, 2)
  await Promise.all([left, right].map((share, tab) => visit(browser, rig.site.url, { share, tab })))

  const expected = expectedTotals(records, { common: { service: SERVICE }, bounds: POWERS_OF_TWO })
  const read = (): Promise<Totals> => totalsIn(prometheus, METRICS.join('|'))
  const first = await readUntil(read, (totals) => isEqual(totals, expected))
  expect(boundsOf(first, 'search_duration')).toEqual(POWERS_OF_TWO)
  expect(Object.fromEntries(first)).toEqual(Object.fromEntries(expected))

  // One more visit confirms what only beacons took: the same batches again, which must not count again.
  const last = await browser.newPage()
  await last.goto(rig.site.url + PATHS[0])
  expect(await flushIn(last)).toEqual({ acknowledged: true })
  const atEdge = await readUntil(rig.totals, (totals) => (totals.get(DUPLICATES) ?? 0) > 0, 5_000)
  for (const [series, value] of expected) expect([series, atEdge.get(series)]).toEqual([series, value])
  const exports = await exportsOf(prometheus)
  await readUntil(
    () => exportsOf(prometheus),
    (later) => later > exports + 1,
  )
  expect(Object.fromEntries(await read())).toEqual(Object.fromEntries(expected))
  console.log(`${rig.beacons().length} requests, ${atEdge.get(DUPLICATES) ?? 0} batches delivered again`)

  await close()
  await rig.close()
})

const DUPLICATES = 'pharos_batches_total{outcome="duplicate"}'

/** 500 increments over 6 label sets and 300 observations, in random order. Many of the sums are not whole in binary. */
function planRecords(random: () => number): readonly PageRecord[] {
  const increments = Array.from({ length: 500 }, (): PageRecord => {
    const attributes = { page: pick(random, ['/cart', '/basket', '/wish']), plan: pick(random, ['free', 'paid']) }
    return { call: 'increment', name: 'checkout.clicks', value: pick(random, [1, 1, 1, 2, 0.1, 0.7]), attributes }
  })
  const observations = Array.from({ length: 300 }, (): PageRecord => {
    const awkward = Number((random() ** 6 * 90).toPrecision(1 + Math.floor(random() * 17)))
    const value = pick(random, [awkward, awkward, awkward, awkward, 2 ** Math.floor(random() * 20 - 12), 0, -awkward])
    return { call: 'observe', name: 'search.duration', value, attributes: { cached: pick(random, ['true', 'false']) } }
  })
  const keyed = [...increments, ...observations].map((record) => [random(), record] as const)
  return keyed.sort(([a], [b]) => a - b).map(([, record]) => record)
}

/** Records its share in one tab over and over the pages, leaving each in another way. */
async function visit(
  browser: BrowserContext,
  siteUrl: string,
  { share, tab }: { share: readonly PageRecord[]; tab: number },
): Promise<void> {
  let page: Page = await browser.newPage()
  for (const [step, part] of cut(share, 8).entries()) {
    await page.goto(siteUrl + PATHS[(step + tab) % PATHS.length])
    for (const few of cut(part, 5)) await recordIn(page, few)
    if (step % 3 === 0) await flushIn(page)
    if (step % 3 === 1) {
      await page.close()
      page = await browser.newPage()
    }
  }
  await page.close()
}

const exportsOf = async (prometheus: Receiver): Promise<number> =>
  (await prometheus.value('sum(pharos_exports_total{outcome="accepted"})')) ?? 0

const isEqual = (a: Totals, b: Totals): boolean =>
  a.size === b.size && [...a].every(([series, value]) => b.get(series) === value)

import { afterAll, expect, it } from 'vitest'
import { findChromium, launchChromium } from '../support/chromium.ts'
import { edgeScript, markCall, marksOf, startBareChromium } from '../support/page-alone.ts'
import type { Totals } from '../support/page-expected.ts'
import { startPageRig, type PageRig } from '../support/page-rig.ts'
import { stopPrograms } from '../support/processes.ts'
import { required } from '../support/requirements.ts'
import { readUntil } from '../support/until.ts'

/** Longer than the start of the page, in which nothing may be sent but what others left. */
const VIEW_MS = 2_500

/** Bytes of the body of a standard page view: three batches, as its vitals come in three windows. */
const BUDGET_BYTES = 650
const BUDGET_BATCHES = 3

/** What one more batch costs, where the machine is so slow that they come in more. */
const BATCH_BYTES = 40

afterAll(stopPrograms)

it('a standard page view costs one request without preflight, and so does the next one', async (context) => {
  const { context: browser, close } = await required(context, () => launchChromium())
  const rig = await startPageRig()
  rig.site.setPage('/', rig.html({ data: { collect: 'vitals' }, body: SHOP }))
  for (const views of [1, 2]) {
    const page = await browser.newPage()
    await page.goto(`${rig.site.url}/`)
    await page.click('button')
    await page.evaluate((ms) => new Promise((resolve) => setTimeout(resolve, ms)), VIEW_MS)
    await page.close()
    await readUntil(rig.totals, (totals) => totals.get(OBSERVATIONS) === 10 * views)
  }
  // With the browser gone, everything it still had to send has come.
  await close()
  const totals = await rig.totals()
  expect(totals.get(OBSERVATIONS)).toBe(20)
  expect(vitalsIn(totals)).toBe(10)
  const requests = rig.beacons()
  const sizes = requests.map(({ body }) => body.length)
  console.log(`two page views: ${sizes.join(' B, ')} B\n${String(requests[0]?.body)}`)
  expect(requests.map(({ method }) => method)).toEqual(['POST', 'POST'])
  expect(lazyFilesIn(rig)).toEqual([])
  for (const { body } of requests) {
    const { groups } = JSON.parse(body.toString()) as { groups: readonly { batches: readonly unknown[] }[] }
    const batches = groups.flatMap((group) => group.batches).length
    expect(body.length).toBeLessThanOrEqual(BUDGET_BYTES + BATCH_BYTES * Math.max(0, batches - BUDGET_BATCHES))
  }
  await rig.close()
})

it('a page view that ends in the background costs one request too', async (context) => {
  await required(context, findChromium)
  const rig = await startPageRig()
  const isReady = (): boolean => marksOf(rig).length > 0
  rig.site.setPage('/front', '<title>front</title>')
  rig.site.setPage('/', rig.html({ data: { collect: 'vitals' }, body: SHOP + edgeScript(rig, GO_TO_BACKGROUND) }))
  const browser = await startBareChromium(`${rig.site.url}/`, { isReady })
  await readUntil(
    () => marksOf(rig),
    (marks) => marks.includes('stayed-hidden'),
  )
  const totals = await readUntil(rig.totals, (seen) => seen.get(OBSERVATIONS) === 10)
  await browser.kill()
  expect(totals.get(OBSERVATIONS)).toBe(10)
  // Nobody clicked, so there is no INP.
  expect(vitalsIn(totals)).toBe(4)
  expect(rig.beacons().map(({ method }) => method)).toEqual(['POST'])
  expect(lazyFilesIn(rig)).toEqual([])
  await rig.close()
})

/** Five vitals, three increments on two label sets, ten observations. */
const SHOP = `<h1>Shop</h1><button>buy</button><script>
document.querySelector('button').onclick = () => {
  for (const page of ['/cart', '/cart', '/basket']) pharos.increment('checkout.clicks', 1, { page })
  for (let i = 1; i <= 10; i++) pharos.observe('search.duration', i * 0.037)
}
</script>`

/** Opens another tab in front, and stays longer than the timers of a hidden page sleep. */
const GO_TO_BACKGROUND = `
addEventListener('load', async () => {
  await ${markCall("'loaded'")}
  setTimeout(() => document.querySelector('button').click(), 300)
  setTimeout(() => open('/front', '_blank'), 1_500)
})
addEventListener('visibilitychange', () => setTimeout(() => ${markCall("'stayed-' + document.visibilityState")}, 3_000))`

/** What pages without a fault have no need of. */
const lazyFilesIn = (rig: PageRig): readonly string[] =>
  rig.proxy.requests.map(({ path }) => path).filter((path) => path.startsWith('/pharos-'))

const OBSERVATIONS = 'search_duration_count{service="shop"}'

const vitalsIn = (totals: Totals): number =>
  [...totals].reduce((sum, [series, count]) => (/^web_vitals_.*_count/.test(series) ? sum + count : sum), 0)

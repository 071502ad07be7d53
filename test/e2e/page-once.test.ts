import type { BrowserContext } from 'playwright-core'
import { afterAll, expect, it } from 'vitest'
import { launchChromium } from '../support/chromium.ts'
import { startPageRig, until } from '../support/page-rig.ts'
import type { PageRig } from '../support/page-rig.ts'
import { stopPrograms } from '../support/processes.ts'
import { required } from '../support/requirements.ts'

/** Bytes of the body of a standard page view. */
const BUDGET_BYTES = 600

afterAll(stopPrograms)

it('a standard page view costs one request without preflight, and so does the next one', async (context) => {
  const { context: browser, close } = await required(context, () => launchChromium())
  const rig = await startPageRig()
  const before = 'addEventListener("load", () => setTimeout(() => (window.loaded = true)))'
  rig.site.setPage('/', rig.html({ data: { collect: 'vitals' }, before, body: '<h1>Shop</h1><button>buy</button>' }))

  await viewPage(browser, rig)
  await until(
    () => rig.beacons().length,
    (n) => n > 0,
  )
  const first = [...rig.beacons()]
  expect(
    await until(
      () => observed(rig),
      (count) => count === 10,
    ),
  ).toBe(10)

  await viewPage(browser, rig)
  expect(
    await until(
      () => observed(rig),
      (count) => count === 20,
    ),
  ).toBe(20)
  // The browser is closed first: what it still had to send has come.
  await close()
  const all = rig.beacons().map(({ method, body }) => ({ method, bytes: body.length }))
  console.log(
    `page views of ${all.map(({ bytes }) => `${bytes} B`).join(' and ')}`,
    String(first[0]?.body),
    String(rig.beacons()[1]?.body),
  )
  expect(all.map(({ method }) => method)).toEqual(['POST', 'POST'])
  const vitals = [...(await rig.totals())].filter(([series]) => /^web_vitals_.*_count/.test(series))
  expect(vitals.reduce((sum, [, count]) => sum + count, 0)).toBe(10)
  expect(all[0]!.bytes).toBeLessThanOrEqual(BUDGET_BYTES)
  await rig.close()
})

/** Five vitals, three increments on two label sets, ten observations, closed after half a second. */
async function viewPage(browser: BrowserContext, rig: PageRig): Promise<void> {
  const page = await browser.newPage()
  await page.goto(`${rig.site.url}/`)
  await page.waitForFunction('window.loaded')
  await page.evaluate(() => {
    window.pharos.increment('checkout.clicks', 1, { page: '/cart' })
    window.pharos.increment('checkout.clicks', 1, { page: '/cart' })
    window.pharos.increment('checkout.clicks', 1, { page: '/basket' })
    for (let i = 1; i <= 10; i++) window.pharos.observe('search.duration', i * 0.037)
  })
  await page.click('button')
  await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve, 300))))
  await page.close()
}

const observed = async (rig: PageRig): Promise<number> =>
  (await rig.totals()).get('search_duration_count{service="shop"}') ?? 0

import { expect, it } from 'vitest'
import { sharePageParts } from '../support/page-parts.ts'
import { flushIn } from '../support/page-rig.ts'
import { readUntil, until } from '../support/until.ts'

// What needs no answer is in the tag. The rest is loaded by a visit that meets a fault, or stays.

const parts = sharePageParts()

/** Longer than the time after which a page looks at what others left. */
const VISIT_MS = 3_000

/** Paths that pages have asked the worker for. */
const asked = (): readonly string[] => parts().rig.proxy.requests.map(({ path }) => path.split('?')[0]!)

const lazy = (): readonly string[] => asked().filter((path) => /^\/pharos-(courier|compactor)/.test(path))

it('visits under 30 s load no lazy file, however soon one follows another', async () => {
  const { chromium, rig, serve } = parts()
  const html = rig.html({ data: { collect: 'vitals errors navigation' }, body: '<h1>Shop</h1><button>buy</button>' })
  const site = await serve({ '/': html, '/cart': html, '/none': '' })
  const counted = async (): Promise<number> => (await rig.totals()).get('lazy_visits_total{service="shop"}') ?? 0
  const page = await chromium.context.newPage()
  // Loaded anew, in the same tab and in another.
  for (const [visit, path] of ['/', '/cart', '/'].entries()) {
    const tab = visit < 2 ? page : await chromium.context.newPage()
    await tab.goto(site.url + path)
    await tab.click('button')
    await tab.evaluate(`pharos.increment('lazy.visits'); for (let i = 0; i < 50; i++) pharos.observe('lazy.values', i)`)
    await tab.evaluate((ms) => new Promise((resolve) => setTimeout(resolve, ms)), VISIT_MS)
    await tab.goto(`${site.url}/none`)
    expect(await readUntil(counted, (calls) => calls === visit + 1)).toBe(visit + 1)
  }
  expect(lazy()).toEqual([])
  expect(asked().filter((path) => path === '/v1/beacon')).toHaveLength(3)
  await page.close()
})

it('a flush loads the courier, a crowded window the compactor, once', async () => {
  const { chromium, rig, serve } = parts()
  const site = await serve({ '/': rig.html() })
  const page = await chromium.context.newPage()
  await page.goto(site.url)
  await page.evaluate(`for (let i = 0; i < 1_000; i++) pharos.observe('lazy.crowd', i)`)
  await until(lazy, (paths) => paths.some((path) => path.startsWith('/pharos-compactor')))
  for (let times = 0; times < 2; times++) {
    await page.evaluate(`for (let i = 0; i < 1_000; i++) pharos.observe('lazy.crowd', i)`)
    expect(await flushIn(page)).toEqual({ acknowledged: true })
  }
  const names = lazy().map((path) => path.split('.')[0])
  expect([names.length, new Set(names)]).toEqual([2, new Set(['/pharos-courier', '/pharos-compactor'])])
  const totals = await rig.totals()
  expect(totals.get('lazy_crowd_count{service="shop"}')).toBe(3_000)
  expect(totals.get('lazy_crowd_sum{service="shop"}')).toBe(3 * 499_500)
  await page.close()
})

import type { Page } from 'playwright-core'
import { afterEach, expect, it } from 'vitest'
import { launchChromium } from '../support/chromium.ts'
import { startFaultProxy } from '../support/fault-proxy.ts'
import { readMetrics, total } from '../support/metrics-page.ts'
import { batchesIn } from '../support/page-outbox.ts'
import { flushIn } from '../support/page-rig.ts'
import { startPageServer } from '../support/page-server.ts'
import type { PageServer } from '../support/page-server.ts'
import { shareParts } from '../support/shared-parts.ts'
import { until } from '../support/until.ts'
import { startWorkerd } from '../support/workerd.ts'

const ADMIN_TOKEN = 'the-operator-and-nobody-else'
const CORE = '/dist/size/core.js'

const parts = shareParts(async () => {
  const chromium = await launchChromium()
  const workerd = await startWorkerd({ secrets: { ADMIN_TOKEN } })
  const proxy = await startFaultProxy(workerd.url)
  const sites: PageServer[] = []
  return {
    chromium,
    workerd,
    proxy,
    sites,
    close: async () => {
      await chromium.close()
      await Promise.all(sites.map((site) => site.close()))
      await proxy.close()
    },
  }
})

afterEach(() => ask('DELETE'))

async function ask(method: 'PUT' | 'DELETE', override?: object): Promise<void> {
  const body = override && { body: JSON.stringify(override) }
  const headers = { authorization: `Bearer ${ADMIN_TOKEN}` }
  const response = await fetch(`${parts().workerd.url}/v1/config`, { method, headers, ...body })
  expect(response.status).toBe(200)
}

/** What pages are told from now on. */
const tell = (page: object): Promise<void> => ask('PUT', { page })

/** A site of its own, so with a storage of its own. Pages draw 0.3; with `#later` they are of the next day. */
async function serve(): Promise<PageServer> {
  const site = await startPageServer({
    '/plain': '',
    '/': `<!doctype html>
<link rel="icon" href="data:,">
<script>
Math.random = () => 0.3
if (location.hash === '#later') {
  const { now } = Date
  const aheadMs = 25 * 3_600_000
  Date.now = () => now() + aheadMs
  Object.defineProperty(performance, 'timeOrigin', { value: performance.timeOrigin + aheadMs })
}
</script>
<script type="module">
import { init } from '${CORE}'
window.pharos = init({ url: '${parts().proxy.url}/v1/beacon', flushIntervalMs: 60_000 })
</script>`,
  })
  parts().sites.push(site)
  return site
}

async function visit(url: string): Promise<Page> {
  const page = await parts().chromium.context.newPage()
  await page.goto(url)
  await page.waitForFunction(() => 'pharos' in window)
  return page
}

const record = (page: Page, name: string, value: number): Promise<void> =>
  page.evaluate(([metric, by]) => window.pharos.increment(metric, by), [name, value] as const)

const statsOf = (page: Page) => page.evaluate(() => window.pharos.stats())

/** Batches in the outbox of the page's origin. */
const waitingIn = (page: Page): Promise<number> => batchesIn(page, `${parts().proxy.url}/v1/beacon`)

const counted = async (name: string): Promise<number> => total(await readMetrics(parts().workerd.url), name)
const beacons = (): number => parts().proxy.requests.filter(({ path }) => path === '/v1/beacon').length
const OK = { acknowledged: true }
const INACTIVE = { acknowledged: false, reason: 'inactive' }

it('off: pages stop at their next acknowledgement, and nothing that was sealed is lost when they come back', async () => {
  const site = await serve()
  const page = await visit(site.url)
  const other = await visit(site.url)
  await record(other, 'switch.sealed', 4)
  await until(
    () => waitingIn(other),
    (batches) => batches === 1,
  )
  await record(page, 'switch.clicks', 5)
  expect(await flushIn(page)).toEqual(OK)
  await tell({ enabled: false })
  // It could not know.
  await record(page, 'switch.clicks', 2)
  expect(await flushIn(page)).toEqual(OK)
  await record(page, 'switch.clicks', 100)
  expect(await flushIn(page)).toEqual(INACTIVE)
  expect(await statsOf(page)).toEqual({ recorded: 2, pending: 0, acknowledged: 2, dropped: {} })
  // The other tab hears of it from the first one.
  expect(await flushIn(other)).toMatchObject({ acknowledged: false })
  const before = beacons()
  for (const one of [page, other]) {
    await record(one, 'switch.clicks', 100)
    await one.goto(`${site.url}/plain`)
    await one.close()
  }

  await ask('DELETE')
  const sameDay = await visit(site.url)
  await until(
    () => flushIn(sameDay),
    ({ reason }) => reason === 'inactive',
  )
  await record(sameDay, 'switch.clicks', 100)
  expect(await flushIn(sameDay)).toEqual(INACTIVE)
  await sameDay.close()
  expect(beacons()).toBe(before)
  expect([await counted('switch_clicks_total'), await counted('switch_sealed_total')]).toEqual([7, 0])

  // A browser that never heard of it.
  const unaware = await visit(site.otherSiteUrl)
  await record(unaware, 'switch.unaware', 3)
  expect(await flushIn(unaware)).toEqual(OK)
  await unaware.close()
  expect(await counted('switch_unaware_total')).toBe(3)

  const later = await visit(`${site.url}/#later`)
  await record(later, 'switch.clicks', 10)
  expect(await flushIn(later)).toEqual(OK)
  await record(later, 'switch.clicks', 10)
  expect(await flushIn(later)).toEqual(OK)
  expect([await counted('switch_clicks_total'), await counted('switch_sealed_total')]).toEqual([27, 4])
  await later.close()
})

it('another interval: holds from the next acknowledgement on, until nothing is said any more', async () => {
  const page = await visit((await serve()).url)
  await tell({ flushIntervalMs: 1_000 })
  await record(page, 'interval.clicks', 1)
  expect(await flushIn(page)).toEqual(OK)
  const arrives = (clicks: number): Promise<number> =>
    until(
      () => counted('interval_clicks_total'),
      (value) => value === clicks,
    )
  await record(page, 'interval.clicks', 1)
  await arrives(2)
  await ask('DELETE')
  await record(page, 'interval.clicks', 1)
  await arrives(3)
  await until(
    async () => (await statsOf(page)).pending,
    (pending) => pending === 0,
  )
  await record(page, 'interval.clicks', 1)
  await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 3_000)))
  expect(await counted('interval_clicks_total')).toBe(3)
  await page.close()
})

it('a rate: later sessions have it, and the edge makes up for it, until nothing is said any more', async () => {
  const { url } = await serve()
  /** A page that knows what was said when it records. */
  const view = async (clicks: number): Promise<Page> => {
    const page = await visit(url)
    expect(await flushIn(page)).toEqual(OK)
    await record(page, 'rate.clicks', clicks)
    expect(await flushIn(page)).toEqual(OK)
    return page
  }
  await tell({ sampleRate: 0.5 })
  const first = await view(2)
  await record(first, 'rate.clicks', 1)
  expect(await flushIn(first)).toEqual(OK)
  expect(await counted('rate_clicks_total')).toBe(3)
  const second = await view(3)
  expect(await counted('rate_clicks_total')).toBe(3 + 2 * 3)
  // Drawn at 0.3, a page is out.
  await tell({ sampleRate: 0.25 })
  const third = await view(1)
  const fourth = await view(1_000)
  expect(await counted('rate_clicks_total')).toBe(9 + 2 * 1)
  expect((await statsOf(fourth)).recorded).toBe(0)
  await ask('DELETE')
  await record(third, 'rate.clicks', 1)
  expect(await flushIn(third)).toEqual(OK)
  const fifth = await view(1)
  expect(await counted('rate_clicks_total')).toBe(11 + 2 * 1 + 1)
  for (const page of [first, second, third, fourth, fifth]) await page.close()
})

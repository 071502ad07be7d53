import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { angularPage, type AngularPage } from '../support/angular/page.ts'
import type { Act, AngularGlobal } from '../support/angular/types.ts'
import { parseSeries } from '../support/page-expected.ts'
import { sharePageParts } from '../support/page-parts.ts'

const parts = sharePageParts()

let visits = 0

interface Visit {
  readonly page: Page
  readonly service: string
}

async function visit(options: AngularPage): Promise<Visit> {
  const { rig, chromium } = parts()
  const service = `angular-${++visits}`
  rig.site.setPage(`/${service}`, await angularPage(options, { url: `${rig.proxy.url}/v1/beacon`, service }))
  const page = await chromium.context.newPage()
  await page.goto(`${rig.site.url}/${service}`)
  await page.waitForFunction(() => window.angularApp.act)
  return { page, service }
}

const act = (page: Page, name: Act): Promise<void> => page.evaluate((name) => window.angularApp.act!(name), name)

/** Until the application is stable again, if it ever is. */
const stable = (page: Page): Promise<unknown> => page.waitForFunction(() => window.angularApp.stability.at(-1))

/** Until the beacon has nothing left to send, if there is one. */
const sent = (page: Page): Promise<unknown> => page.waitForFunction(() => !window.pharos?.stats().pending)

const RECORDS = 2

type Seen = Pick<AngularGlobal, 'checks' | 'stability'>

/**
 * Lets the app record, and the beacon's timers, its storage, its requests and its listeners run; returns what Angular made of it.
 * Each record waits for the interval of the beacon, so what a send leaves running comes to its end during the next.
 */
async function live({ page }: Visit, settled: (page: Page) => Promise<unknown>): Promise<Seen> {
  await settled(page)
  for (let i = 0; i < RECORDS; i++) {
    await act(page, 'record')
    await settled(page)
    await sent(page)
  }
  // No code of the app listens to these.
  await page.evaluate(() => {
    history.pushState(null, '', '/elsewhere')
    for (const type of ['visibilitychange', 'pagehide', 'online']) dispatchEvent(new Event(type))
    document.dispatchEvent(new Event('freeze'))
  })
  await page.mouse.click(200, 200)
  await act(page, 'record')
  await settled(page)
  await act(page, 'flush')
  await settled(page)
  await sent(page)
  return page.evaluate(() => ({ checks: window.angularApp.checks, stability: window.angularApp.stability }))
}

/** What the edge has of the app's own counter, and of the page views. */
async function counted(service: string): Promise<Readonly<Record<string, number>>> {
  const sums: Record<string, number> = {}
  for (const [series, value] of await parts().rig.totals()) {
    const { name, labels } = parseSeries(series)
    if (labels['service'] === service) sums[name] = (sums[name] ?? 0) + value
  }
  return sums
}

/** The same in an app without a beacon. */
const withoutBeacon = new Map<string, Promise<Seen>>()

function controlOf({ detection, asyncAs }: AngularPage): Promise<Seen> {
  const key = `${detection} ${asyncAs}`
  const seen =
    withoutBeacon.get(key) ??
    visit({ start: 'never', ...(detection && { detection }), ...(asyncAs && { asyncAs }) }).then(async (visited) => {
      const seen = await live(visited, stable)
      await visited.page.close()
      return seen
    })
  withoutBeacon.set(key, seen)
  return seen
}

describe.concurrent.each(['async', 'generators'] as const)('Angular with zone.js, async functions as %s', (asyncAs) => {
  it.for(['before zone.js', 'before bootstrap', 'app initializer', 'constructor'] as const)(
    'is as stable and as idle as without a beacon that starts: %s',
    async (start, { expect }) => {
      const visited = await visit({ start, asyncAs })
      expect(await live(visited, stable)).toEqual(await controlOf({ start: 'never', asyncAs }))
      // So the beacon was at work all the time.
      await expect
        .poll(() => counted(visited.service))
        .toMatchObject({
          clicks_total: RECORDS + 1,
          duration_count: RECORDS + 1,
          page_views_total: 2,
          observed_count: expect.any(Number),
        })
      await expect.poll(() => counted(`${visited.service}-edge`)).toEqual({ clicks_total: 1 })
      // The first view is named in `init`, and the next in a listener: neither is in the zone.
      expect(await visited.page.evaluate(() => window.angularApp.namerInZone)).toEqual([false, false])
      await visited.page.close()
    },
  )

  it('notices a beacon that stays in the zone of its caller', async () => {
    const visited = await visit({ start: 'constructor', asyncAs, zone: 'caller' })
    const { checks, stability } = await live(visited, async () => {})
    expect(checks).toBeGreaterThan((await controlOf({ start: 'never', asyncAs })).checks)
    expect(stability).not.toContain(true)
    await visited.page.close()
  })
})

it.concurrent(
  'a timer of the app is followed by a change detection, so that the tests above count something',
  async () => {
    const { page } = await visit({ start: 'never' })
    await stable(page)
    const checks = (): Promise<number> => page.evaluate(() => window.angularApp.checks)
    const before = await checks()
    await act(page, 'nothing')
    expect(await checks()).toBe(before + 1)
    await act(page, 'timer')
    await expect.poll(checks).toBe(before + 3)
    await page.close()
  },
)

it.concurrent('what the app does after `await beacon.flush()` is in its zone, and is shown', async ({ expect }) => {
  const { page } = await visit({ start: 'constructor' })
  await stable(page)
  await act(page, 'record')
  await act(page, 'showFlushed')
  await expect.poll(() => page.locator('app-root').textContent()).toBe('flushed')
  await page.close()
})

it.concurrent('works in Angular without zone.js', async () => {
  const visited = await visit({ start: 'constructor', detection: 'zoneless' })
  expect(await live(visited, stable)).toEqual(await controlOf({ start: 'never', detection: 'zoneless' }))
  expect(await counted(visited.service)).toMatchObject({ clicks_total: RECORDS + 1, page_views_total: 2 })
  await visited.page.close()
})

import { setTimeout as delay } from 'node:timers/promises'
import type { BrowserContext } from 'playwright-core'
import { median } from '../statistics.ts'
import { atMost, number, printTable } from '../table.ts'
import type { Received, Site } from './site.ts'

const VIEWS = 3
const MOST_BYTES = 600

/** How long a visitor stays after the last event. */
const STAYS_MS = [500, 5_000] as const

interface Pharos {
  readonly increment: (name: string, value: number, attributes: Readonly<Record<string, string>>) => void
  readonly observe: (name: string, value: number) => void
}

declare const pharos: Pharos

/** Bytes and requests of the standard page view: 5 vitals, 3 increments on 2 label sets, 10 observations, then hidden. */
export async function benchPageView(context: BrowserContext, site: Site): Promise<void> {
  const rows: string[][] = []
  for (const stayMs of STAYS_MS) {
    const views: Received[][] = []
    for (let view = 0; view < VIEWS; view++) {
      // A host of its own: nothing of a view before is in its outbox.
      const origin = `http://view-${stayMs}-${view}.localhost:${site.port}`
      views.push(await viewOnce({ context, site, origin, stayMs }))
    }
    const perView = (pick: (requests: readonly Received[]) => number): number => median(views.map(pick))
    const posts = perView((requests) => requests.filter(({ method }) => method === 'POST').length)
    const preflights = perView((requests) => requests.filter(({ method }) => method === 'OPTIONS').length)
    const bytes = perView((requests) => requests.reduce((sum, request) => sum + request.bytes, 0))
    const vitals = perView((requests) => new Set(requests.flatMap((request) => request.vitals)).size)
    rows.push(
      [`left after ${stayMs / 1_000} s: requests`, number(posts), atMost(1, posts)],
      ['  preflights', number(preflights), atMost(0, preflights)],
      ['  bytes of the bodies', number(bytes), atMost(MOST_BYTES, bytes)],
      ['  web vitals in them', number(vitals), ''],
    )
  }
  printTable(`The standard page view, median of ${VIEWS}`, ['', '', 'budget'], rows)
}

interface View {
  readonly context: BrowserContext
  readonly site: Site
  readonly origin: string
  readonly stayMs: number
}

async function viewOnce({ context, site, origin, stayMs }: View): Promise<Received[]> {
  const page = await context.newPage()
  site.takeReceived()
  await page.goto(`${origin}/shop.html`)
  await page.evaluate(() => {
    for (const path of ['/cart', '/cart', '/basket']) pharos.increment('checkout.clicks', 1, { page: path })
    for (let i = 1; i <= 10; i++) pharos.observe('search.duration', i * 0.037)
  })
  await page.click('button')
  await page.waitForTimeout(stayMs)
  await page.goto(`${origin}/empty.html`)
  await delay(500)
  await page.close()
  return site.takeReceived()
}

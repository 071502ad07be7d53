import type { Page } from 'playwright-core'
import { expect, it } from 'vitest'
import { launchChromium } from '../support/chromium.ts'
import type { RunningChromium } from '../support/chromium.ts'
import { droppedByPages, nameEvents } from '../support/counted-events.ts'
import { down, passing, startFront } from '../support/front.ts'
import type { Between, Front, FrontAnswer } from '../support/front.ts'
import { batchesIn } from '../support/page-outbox.ts'
import { flushIn } from '../support/page-rig.ts'
import { shareParts } from '../support/shared-parts.ts'
import { until } from '../support/until.ts'
import { startWorkerd } from '../support/workerd.ts'

// Whatever stands between a page and the worker answers in its place. Only the worker can acknowledge or refuse.

interface Parts {
  readonly chromium: RunningChromium
  readonly workerUrl: string
  readonly front: () => Promise<Front>
  readonly close: () => Promise<void>
}

const parts = shareParts<Parts>(async () => {
  const chromium = await launchChromium()
  const { url: workerUrl } = await startWorkerd()
  const fronts: Front[] = []
  return {
    chromium,
    workerUrl,
    front: async () => {
      const front = await startFront()
      front.setWorker(workerUrl)
      fronts.push(front)
      return front
    },
    close: async () => {
      await chromium.close()
      await Promise.all(fronts.map((front) => front.close()))
    },
  }
})

const events = nameEvents()

/** Pages of another origin may read it too. */
const OPEN = { 'access-control-allow-origin': '*' }
const HTML = '<!doctype html><title>Welcome</title><p>Please log in'

const says =
  (status: number, body = HTML, headers: FrontAnswer['headers'] = {}): Between =>
  () => ({ status, headers: { ...OPEN, 'content-type': 'text/html', ...headers }, body })

interface Stranger {
  readonly what: string
  readonly between: Between
  /** Of the flush in a page of the stranger's own origin. */
  readonly reason: string
  /** Whether everything is answered so, and not only beacons. */
  readonly isEverywhere?: boolean
}

const STRANGERS: readonly Stranger[] = [
  { what: '200 and a page of HTML', between: says(200), reason: 'not_pharos' },
  {
    what: '200 and JSON',
    between: says(200, '{"ok":true}', { 'content-type': 'application/json' }),
    reason: 'not_pharos',
  },
  { what: '204 without a body', between: says(204, ''), reason: 'not_pharos' },
  ...[401, 403, 404, 410, 413, 503].map((status) => ({
    what: `${status} and a page of HTML`,
    between: says(status),
    reason: 'not_pharos',
  })),
  {
    what: '403 and problem JSON with a reason of ours',
    between: says(403, '{"reason":"origin_not_allowed"}', { 'content-type': 'application/problem+json' }),
    reason: 'not_pharos',
  },
  {
    what: '429 that asks for a day of silence',
    between: says(429, '', { 'retry-after': '86400' }),
    reason: 'not_pharos',
  },
  { what: 'a redirect to a login', between: says(302, '', { location: '/login' }), reason: 'not_pharos' },
  { what: 'a redirect that keeps the method', between: says(307, '', { location: '/login' }), reason: 'not_pharos' },
  { what: 'a portal that answers everything', between: says(200), reason: 'network', isEverywhere: true },
]

/** The page and the console lines that it says about Pharos. */
async function visit(site: Front, path = '/'): Promise<{ readonly page: Page; readonly said: readonly string[] }> {
  const page = await parts().chromium.context.newPage()
  const said: string[] = []
  page.on('console', (message) => {
    if (message.text().startsWith('pharos:')) said.push(message.text())
  })
  page.on('pageerror', ({ message }) => said.push(message))
  await page.goto(site.url + path)
  return { page, said }
}

const pageOf = (edge: Front, more = ''): string => `<!doctype html><link rel="icon" href="data:,">
<script src="${edge.url}/pharos.js" data-service="shop"></script>${more}`

const run = (page: Page, statement: string): Promise<unknown> => page.evaluate(statement)

/** Everything that was recorded is pending; nothing is dropped. */
async function expectKept(page: Page, records: number): Promise<void> {
  const { pending, acknowledged, dropped } = await page.evaluate(() => window.pharos.stats())
  expect({ pending, acknowledged, dropped }).toEqual({ pending: records, acknowledged: 0, dropped: {} })
}

/** Another visit, with nothing in the way. Its `flush()` answers for its own records; the start of the page may be sending the rest. */
async function comeBack(site: Front, edge: Front): Promise<void> {
  const { page, said } = await visit(site)
  expect(await flushIn(page)).toEqual({ acknowledged: true })
  await until(
    () => batchesIn(page, `${edge.url}/v1/beacon`),
    (count) => count === 0,
  )
  expect(said).toEqual([])
  await page.close()
}

const notPharos = ({ url }: Front, said: readonly string[]): readonly string[] =>
  said.filter((line) => line.includes(`answered by something that is not Pharos: ${url}/v1/beacon `))

async function expectCountedOnce(recorded: readonly string[]): Promise<void> {
  const { workerUrl } = parts()
  expect(await events.missing(workerUrl, recorded)).toEqual([])
  expect(await events.doubled(workerUrl)).toEqual([])
  expect(await droppedByPages(workerUrl)).toEqual({})
}

it.concurrent.each(STRANGERS.flatMap((stranger) => [false, true].map((isOwnOrigin) => ({ ...stranger, isOwnOrigin }))))(
  'nothing is lost to $what, on the own origin: $isOwnOrigin',
  async ({ between, reason, isEverywhere, isOwnOrigin }) => {
    const edge = await parts().front()
    const site = isOwnOrigin ? edge : await parts().front()
    site.setPage('/', pageOf(edge))
    const recorded: string[] = []
    const { page, said } = await visit(site)
    if (isEverywhere) edge.meetAll(between)
    else edge.meetBeacons(between)
    await run(page, events.record(recorded))
    expect(await flushIn(page)).toEqual({ acknowledged: false, reason })
    await run(page, events.record(recorded))
    expect(await flushIn(page)).toEqual({ acknowledged: false, reason })
    await expectKept(page, recorded.length)
    // Said once, and only where an answer came at all.
    expect(notPharos(edge, said)).toHaveLength(reason === 'not_pharos' ? 1 : 0)
    await run(page, events.record(recorded))
    await page.close()
    edge.meetAll(passing)
    await comeBack(site, edge)
    await expectCountedOnce(recorded)
  },
)

it.concurrent('nothing is lost to a service worker that answers with its offline page', async () => {
  const site = await parts().front()
  site.setPage('/sw.js', OFFLINE_PAGE, { 'content-type': 'text/javascript' })
  const isControlled = `navigator.serviceWorker.register('/sw.js')
navigator.serviceWorker.oncontrollerchange = () => { window.isControlled = true }`
  site.setPage('/', pageOf(site, `<script>${isControlled}</script>`))
  const recorded: string[] = []
  const { page, said } = await visit(site)
  await page.waitForFunction(() => navigator.serviceWorker.controller !== null)
  site.meetBeacons(down)
  await run(page, events.record(recorded))
  expect(await flushIn(page)).toEqual({ acknowledged: false, reason: 'not_pharos' })
  await expectKept(page, recorded.length)
  expect(notPharos(site, said)).toHaveLength(1)
  await run(page, events.record(recorded))
  await page.close()
  site.meetBeacons(passing)
  await comeBack(site, site)
  await expectCountedOnce(recorded)
})

const OFFLINE_PAGE = `addEventListener('install', () => skipWaiting())
addEventListener('activate', (event) => event.waitUntil(clients.claim()))
addEventListener('fetch', (event) => event.respondWith(fetch(event.request).catch(() =>
  new Response('<p>You are offline', { status: 200, headers: { 'content-type': 'text/html' } }))))`

it.concurrent('a proxy that strips the exposed header costs no count, however often it delivers', async () => {
  const edge = await parts().front()
  const site = await parts().front()
  site.setPage('/', pageOf(edge))
  const recorded: string[] = []
  const { page, said } = await visit(site)
  edge.meetBeacons(async (pass) => {
    const { headers, ...answer } = await pass()
    const { 'access-control-expose-headers': _, ...rest } = headers
    return { ...answer, headers: rest }
  })
  await run(page, events.record(recorded))
  for (let times = 0; times < 2; times++)
    expect(await flushIn(page)).toEqual({ acknowledged: false, reason: 'not_pharos' })
  await expectKept(page, recorded.length)
  expect(notPharos(edge, said)).toHaveLength(1)
  await page.close()
  edge.meetBeacons(passing)
  await comeBack(site, edge)
  await expectCountedOnce(recorded)
})

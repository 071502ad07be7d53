import type { BrowserContext, Page } from 'playwright-core'
import { setTimeout as delay } from 'node:timers/promises'
import { type FaultProxy, startFaultProxy } from '../../test/support/fault-proxy.ts'
import { readMetrics } from '../../test/support/metrics-page.ts'
import { parseSeries } from '../../test/support/page-expected.ts'
import type { Site } from '../page/site.ts'
import type { Copies } from './decode.ts'
import type { Subject } from './subjects.ts'

export const EVENTS = 13

/** How long a page is open before it counts, ms: by then a library has started. */
const STARTED_MS = 1_000

export interface World {
  readonly site: Site
  readonly workerdUrl: string
}

/** One library in one case, with an endpoint of its own. */
export interface Run {
  readonly subject: Subject
  /** The requests of its page pass here. Faults happen to POST only, so that none hits a preflight instead of its request. */
  readonly proxy: FaultProxy
  /** Opens its page and waits until the library has started. */
  readonly open: (context: BrowserContext) => Promise<Page>
  /** Counts the 13 events. */
  readonly count: (page: Page) => Promise<void>
  /** How often each event is stored by now; an event that is not has 0. */
  readonly copies: () => Promise<readonly number[]>
  readonly close: () => Promise<void>
}

let runs = 0

export async function startRun({ site, workerdUrl }: World, subject: Subject): Promise<Run> {
  const { page: name, decode } = subject
  const target = decode ? `http://127.0.0.1:${site.port}` : workerdUrl
  const proxy = await startFaultProxy(target, ({ method }) => method === 'POST')
  const number = runs++
  const events = Array.from({ length: EVENTS }, (_, i) => `${number}-${i}`)
  const stored = (): readonly string[] =>
    proxy.requests
      .filter(({ method }) => method === 'POST')
      .flatMap(({ body, deliveries }) => Array<string>(deliveries).fill(body.toString()))
  return {
    subject,
    proxy,
    open: async (context) => {
      const page = await context.newPage()
      await page.goto(`http://localhost:${site.port}/${name}.html#${proxy.url}/v1/beacon`)
      await delay(STARTED_MS)
      return page
    },
    count: (page) => page.evaluate((events) => events.forEach((event) => countOne(event)), events),
    copies: async () => {
      const copies = decode ? decode(stored()) : await countedByWorker(workerdUrl)
      return events.map((event) => copies.get(event) ?? 0)
    },
    close: () => proxy.close(),
  }
}

async function countedByWorker(url: string): Promise<Copies> {
  const series = [...(await readMetrics(url))].map(([text, value]) => ({ ...parseSeries(text), value }))
  const clicks = series.filter(({ name }) => name === 'clicks_total')
  return new Map(clicks.map(({ labels, value }) => [labels['event'] ?? '', value]))
}

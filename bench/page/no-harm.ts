import type { BrowserContext, CDPSession, Page } from 'playwright-core'
import { median, quantile } from '../statistics.ts'
import { atMost, number, printTable } from '../table.ts'
import type { Site } from './site.ts'

const VARIANTS = ['empty', 'pharos'] as const
const LOADS = 30
const SLOWER = 6
const MOST_TASK_MS = 5

type Variant = (typeof VARIANTS)[number]

interface Load {
  readonly lcpMs: number
  readonly inpMs: number
  readonly longTasks: number
  /** The longest stretch of script of ours, ms of CPU; 0 where there is none. */
  readonly ownTaskMs: number
}

interface Visit {
  readonly context: BrowserContext
  readonly url: string
  /** How many times slower the CPU is made. */
  readonly rate: number
}

/** Compares a page with and without Pharos, as a visitor and web vitals see it. */
export async function benchNoHarm(context: BrowserContext, site: Site): Promise<void> {
  const rows: string[][] = []
  for (const rate of [1, SLOWER]) {
    const loads: Record<Variant, Load[]> = { empty: [], pharos: [] }
    for (let round = -1; round < LOADS; round++)
      for (const variant of VARIANTS) {
        const url = `http://harm-${rate}-${variant}-${round + 1}.localhost:${site.port}/${variant}.html`
        const load = await loadOnce({ context, url, rate })
        if (round >= 0) loads[variant].push(load)
      }
    for (const variant of VARIANTS) rows.push(describe(`${variant}, CPU / ${rate}`, loads[variant]))
  }
  const header = ['', 'LCP ms', 'p10 to p90', 'INP ms', 'p10 to p90', 'long tasks', 'longest of ours ms', 'budget']
  printTable(`With and without, ${LOADS} loads each, medians`, header, rows)
}

function describe(title: string, loads: readonly Load[]): string[] {
  const all = (pick: (load: Load) => number): number[] => loads.map(pick)
  const spread = (values: readonly number[]): string =>
    `${number(quantile(values, 0.1))} to ${number(quantile(values, 0.9))}`
  const longest = Math.max(...all(({ ownTaskMs }) => ownTaskMs))
  const [lcp, inp] = [all(({ lcpMs }) => lcpMs), all(({ inpMs }) => inpMs)]
  const tasks = all(({ longTasks }) => longTasks).reduce((sum, count) => sum + count, 0)
  const verdict = longest === 0 ? '' : atMost(MOST_TASK_MS, longest)
  return [
    title,
    number(median(lcp)),
    spread(lcp),
    number(median(inp)),
    spread(inp),
    number(tasks),
    number(longest, 1),
    verdict,
  ]
}

async function loadOnce({ context, url, rate }: Visit): Promise<Load> {
  const page = await context.newPage()
  const cdp = await context.newCDPSession(page)
  await cdp.send('Emulation.setCPUThrottlingRate', { rate })
  const endTrace = await startTrace(cdp)
  await page.goto(url)
  await page.evaluate(() => new Promise((resolve) => requestIdleCallback(resolve)))
  await page.click('button')
  await page.waitForTimeout(500)
  const seen = await readTimings(page)
  const ownTaskMs = await endTrace()
  await page.close()
  return { ...seen, ownTaskMs }
}

const readTimings = (page: Page): Promise<Omit<Load, 'ownTaskMs'>> =>
  page.evaluate(async () => {
    const entriesOf = (type: string): Promise<PerformanceEntryList> =>
      new Promise((resolve) => {
        const observer = new PerformanceObserver((list) => resolve(list.getEntries()))
        observer.observe({ type, buffered: true, durationThreshold: 16 })
        setTimeout(() => resolve([]), 200)
      })
    const last = (entries: PerformanceEntryList): PerformanceEntry | undefined => entries.at(-1)
    const events = await entriesOf('event')
    return {
      lcpMs: last(await entriesOf('largest-contentful-paint'))?.startTime ?? 0,
      inpMs: Math.max(0, ...events.map(({ duration }) => duration)),
      longTasks: (await entriesOf('longtask')).length,
    }
  })

interface TraceEvent {
  readonly name: string
  /** CPU of its thread, µs: what others do on the machine does not count, the throttling does. */
  readonly tdur?: number
  readonly args?: { readonly data?: { readonly url?: string } }
}

/** Script by its file, from the browser's own trace. @returns what ends it, and gives the longest stretch of ours, ms */
async function startTrace(cdp: CDPSession): Promise<() => Promise<number>> {
  const events: TraceEvent[] = []
  cdp.on('Tracing.dataCollected', ({ value }) => events.push(...(value as unknown as TraceEvent[])))
  await cdp.send('Tracing.start', { categories: 'devtools.timeline', transferMode: 'ReportEvents' })
  return async () => {
    const complete = new Promise((resolve) => cdp.once('Tracing.tracingComplete', resolve))
    await cdp.send('Tracing.end')
    await complete
    const own = events.filter(({ args }) => args?.data?.url?.endsWith('/pharos.js'))
    return Math.max(0, ...own.map(({ tdur = 0 }) => tdur / 1_000))
  }
}

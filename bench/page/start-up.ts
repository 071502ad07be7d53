import type { BrowserContext } from 'playwright-core'
import { median } from '../statistics.ts'
import { atMost, number, printTable } from '../table.ts'
import type { Site } from './site.ts'

const VARIANTS = ['empty', 'vitals-alone', 'pharos'] as const
const LOADS = 9
const MOST_OVER_VITALS_MS = 1.5
const AFTER_MS = 2_000

/** CPU of the page's main thread, ms. */
interface Cost {
  readonly task: number
  readonly script: number
}

interface Load {
  /** From navigation until the page is loaded and idle. */
  readonly start: Cost
  /** In the next two seconds, in which the page seals and stores its first records. */
  readonly after: Cost
}

/** What the script tag's build costs at start, beside web-vitals alone, on pages that are otherwise the same. */
export async function benchStartUp(context: BrowserContext, site: Site): Promise<void> {
  const loads: Record<(typeof VARIANTS)[number], Load[]> = { empty: [], 'vitals-alone': [], pharos: [] }
  for (let round = -1; round < LOADS; round++)
    for (const variant of VARIANTS) {
      // A host of its own: no cache, no compiled code and no renderer of a load before.
      const url = `http://${variant}-${round + 1}.localhost:${site.port}/${variant}.html`
      const load = await loadOnce(context, url)
      if (round >= 0) loads[variant].push(load)
    }
  const of = (variant: (typeof VARIANTS)[number], pick: (load: Load) => number): number =>
    median(loads[variant].map(pick))
  const over = of('pharos', ({ start }) => start.task) - of('vitals-alone', ({ start }) => start.task)
  const rows = VARIANTS.map((variant) => [
    variant,
    number(
      of(variant, ({ start }) => start.task),
      2,
    ),
    number(
      of(variant, ({ start }) => start.script),
      2,
    ),
    number(
      of(variant, ({ after }) => after.task),
      2,
    ),
    number(
      of(variant, ({ after }) => after.script),
      2,
    ),
    '',
  ])
  const header = ['', 'start ms', 'of it script', '2 s after ms', 'of it script', 'budget']
  const last = ['pharos over vitals-alone', number(over, 2), '', '', '', atMost(MOST_OVER_VITALS_MS, over)]
  printTable(`Main-thread CPU of a page load, median of ${LOADS}`, header, [...rows, last])
}

async function loadOnce(context: BrowserContext, url: string): Promise<Load> {
  const page = await context.newPage()
  const cdp = await context.newCDPSession(page)
  // CPU, not wall clock: what others do on the machine must not count.
  await cdp.send('Performance.enable', { timeDomain: 'threadTicks' })
  const read = async (): Promise<Cost> => {
    const { metrics } = await cdp.send('Performance.getMetrics')
    const ms = (name: string): number => (metrics.find((metric) => metric.name === name)?.value ?? NaN) * 1_000
    return { task: ms('TaskDuration'), script: ms('ScriptDuration') }
  }
  await page.goto(url)
  await page.evaluate(() => new Promise((resolve) => requestIdleCallback(resolve)))
  const start = await read()
  await page.waitForTimeout(AFTER_MS)
  const end = await read()
  await page.close()
  return { start, after: { task: end.task - start.task, script: end.script - start.script } }
}

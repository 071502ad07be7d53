import type { BrowserContext } from 'playwright-core'
import { afterAll, expect, it } from 'vitest'
import { launchChromium } from '../support/chromium.ts'
import { parseSeries } from '../support/page-expected.ts'
import { pick, seededRandom } from '../support/page-plan.ts'
import { flushIn, startPageRig, until } from '../support/page-rig.ts'
import type { PageRig } from '../support/page-rig.ts'
import { stopPrograms, temporaryFolder } from '../support/processes.ts'
import { required } from '../support/requirements.ts'

const ROUNDS = 20
const SETTLED_MS = 150

afterAll(stopPrograms)

/** An event of a page: who it was, and the page's clock right after it was recorded; unknown where the browser died first. */
interface Event {
  readonly id: string
  readonly recordedMs: number | undefined
}

it('a killed browser loses nothing older than 150 ms and nothing is counted twice', async (context) => {
  const random = seededRandom(Number(process.env['PHAROS_SEED'] ?? 7))
  const userDataDir = await temporaryFolder('profile')
  await required(context, () => launchChromium({ userDataDir })).then(({ close }) => close())
  const rig = await startPageRig({ limits: { maxSeriesPerMetric: 20_000 } })
  rig.site.setPage('/', rig.html({ data: { 'flush-interval-ms': '1000' } }))

  const settled: string[] = []
  const young: string[] = []
  for (let round = 0; round < ROUNDS; round++) {
    const chromium = await launchChromium({ userDataDir })
    const events: Event[] = []
    // Whatever was under way when the browser died fails; how much was recorded is judged at the end.
    const life = pages(chromium.context, { rig, random, round, events }).catch(() => {})
    await new Promise((resolve) => setTimeout(resolve, 150 + random() * 1_000))
    // Taken before the signal, so that no event is thought older than it was.
    const killedMs = Date.now()
    await chromium.kill()
    await life
    rig.proxy.set({ kind: 'pass' })
    for (const { id, recordedMs } of events)
      (recordedMs !== undefined && recordedMs <= killedMs - SETTLED_MS ? settled : young).push(id)
  }

  const last = await launchChromium({ userDataDir })
  const page = await last.context.newPage()
  await page.goto(`${rig.site.url}/`)
  expect(await flushIn(page)).toEqual({ acknowledged: true })
  const isComplete = (counts: ReadonlyMap<string, number>): boolean => settled.every((id) => counts.has(id))
  await until(() => countedEvents(rig), isComplete)
  await last.close()
  const counts = await countedEvents(rig)

  const lost = settled.filter((id) => !counts.has(id))
  const doubled = [...counts].filter(([, count]) => count !== 1)
  console.log(
    `${settled.length + young.length} events, ${settled.length} older than ${SETTLED_MS} ms: ` +
      `${lost.length} lost, ${doubled.length} doubled; ` +
      `${young.filter((id) => counts.has(id)).length} of ${young.length} younger ones made it`,
  )
  expect(settled.length).toBeGreaterThan(100)
  expect(lost).toEqual([])
  expect(doubled).toEqual([])
  const known = new Set([...settled, ...young])
  expect([...counts.keys()].filter((id) => !known.has(id))).toEqual([])
  await rig.close()
})

/** Tabs that record, reload and close, on a network that sometimes fails, until the browser is gone. */
async function pages(
  browser: BrowserContext,
  { rig, random, round, events }: { rig: PageRig; random: () => number; round: number; events: Event[] },
): Promise<void> {
  const tabs = await Promise.all(
    Array.from({ length: 1 + Math.floor(random() * 2) }, async () => {
      const page = await browser.newPage()
      await page.goto(`${rig.site.url}/`)
      return page
    }),
  )
  rig.proxy.set({ kind: pick(random, ['pass', 'pass', 'down', 'drop-answer'] as const) })
  await Promise.all(
    tabs.map(async (page, tab) => {
      for (let next = 0; ; next++) {
        const id = `${round}-${tab}-${next}`
        const index = events.push({ id, recordedMs: undefined }) - 1
        const recordedMs = await page.evaluate((event) => {
          window.pharos.increment('kill.events', 1, { event })
          return Date.now()
        }, id)
        events[index] = { id, recordedMs }
        await new Promise((resolve) => setTimeout(resolve, random() * 40))
        if (random() < 0.02 && rig.proxy.requests.at(-1)?.fault !== 'down') await page.reload()
      }
    }),
  )
}

/** How often each event was counted. */
async function countedEvents(rig: PageRig): Promise<ReadonlyMap<string, number>> {
  const series = [...(await rig.totals())].map(([text, value]) => ({ ...parseSeries(text), value }))
  return new Map(
    series.filter(({ name }) => name === 'kill_events_total').map(({ labels, value }) => [labels['event']!, value]),
  )
}

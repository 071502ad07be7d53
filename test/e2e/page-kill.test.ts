import type { BrowserContext } from 'playwright-core'
import { afterAll, expect, it } from 'vitest'
import { findChromium, launchChromium } from '../support/chromium.ts'
import { edgeScript, markCall, marksOf, startBareChromium } from '../support/page-alone.ts'
import { parseSeries } from '../support/page-expected.ts'
import { pick, seededRandom } from '../support/page-plan.ts'
import { flushIn, startPageRig } from '../support/page-rig.ts'
import type { PageRig } from '../support/page-rig.ts'
import { watchStalls } from '../support/page-stalls.ts'
import { witnessed } from '../support/page-witness.ts'
import { stopPrograms, temporaryFolder } from '../support/processes.ts'
import { required } from '../support/requirements.ts'
import { readUntil } from '../support/until.ts'

const ROUNDS = 20
const HIDDEN_ROUNDS = 6
const SETTLED_MS = 150

const stalls = watchStalls()

afterAll(async () => {
  stalls.stop()
  await stopPrograms()
})

/** How long an event had, not counting when the machine let nobody run. */
const age = (recordedMs: number, killedMs: number): number =>
  killedMs - recordedMs - stalls.between(recordedMs, killedMs)

/** How old each event was when its browser died, ms without stalls; -1 where the browser did not live to tell. */
type Ages = Map<string, number>

it('a killed browser loses nothing older than 150 ms and nothing is counted twice', async (context) => {
  const random = seededRandom(Number(process.env['PHAROS_SEED'] ?? 7))
  const userDataDir = await temporaryFolder('profile')
  await required(context, () => launchChromium({ userDataDir })).then(({ close }) => close())
  const rig = await startPageRig({ limits: { maxSeriesPerMetric: 20_000 } })
  rig.site.setPage('/', rig.html({ data: { 'flush-interval-ms': '1000' } }))

  const ages: Ages = new Map()
  for (let round = 0; round < ROUNDS; round++) {
    const chromium = await launchChromium({ userDataDir })
    const recorded = new Map<string, number | undefined>()
    // Whatever was under way when the browser died fails; how much was recorded is judged at the end.
    const life = pages(chromium.context, { rig, random, round, recorded }).catch(() => {})
    await readUntil(
      () => recorded.size,
      (events) => events > 0,
    )
    await new Promise((resolve) => setTimeout(resolve, random() * 1_300))
    // Taken before the signal, so that no event is thought older than it was.
    const killedMs = Date.now()
    await chromium.kill()
    await life
    rig.proxy.set({ kind: 'pass' })
    for (const [id, recordedMs] of recorded) ages.set(id, recordedMs === undefined ? -1 : age(recordedMs, killedMs))
  }

  expect(judge(ages, await visitOnceMore(rig, { userDataDir, ages }))).toBeGreaterThan(100)
  await rig.close()
})

it('neither does a tab in the background, whose timers run only once a second', async (context) => {
  const random = seededRandom(Number(process.env['PHAROS_SEED'] ?? 8))
  const userDataDir = await temporaryFolder('profile')
  await required(context, findChromium)
  const rig = await startPageRig({ limits: { maxSeriesPerMetric: 20_000 } })
  rig.site.setPage('/front', '<title>front</title>')
  rig.site.setPage('/', rig.html())
  rig.site.setPage('/back', rig.html({ body: edgeScript(rig, RECORD_WHEN_HIDDEN) }))
  // Each event waits for the mark of the one before.
  rig.proxy.set({ kind: 'delay', delayMs: 40 })

  const ages: Ages = new Map()
  for (let round = 0; round < HIDDEN_ROUNDS; round++) {
    const before = marksOf(rig).length
    const marks = (): readonly string[] => marksOf(rig).slice(before)
    const options = { userDataDir, isReady: () => marks().length > 0 }
    const browser = await startBareChromium(`${rig.site.url}/back?${round}`, options)
    await new Promise((resolve) => setTimeout(resolve, 200 + random() * 1_000))
    const killedMs = Date.now()
    await browser.kill()
    for (const mark of marks()) {
      const [id = '', recordedMs] = mark.split('@')
      ages.set(id, age(Number(recordedMs), killedMs))
    }
    // Recorded, but the browser died before its mark left.
    ages.set(`${round}-hidden-${marks().length}`, -1)
  }
  rig.proxy.set({ kind: 'pass' })
  expect(judge(ages, await visitOnceMore(rig, { userDataDir, ages }))).toBeGreaterThan(20)
  await rig.close()
})

const RECORD_WHEN_HIDDEN = `
addEventListener('load', () => ${witnessed('location.search.slice(1)')}.then(() => open('/front', '_blank')))
document.addEventListener('visibilitychange', async () => {
  for (let next = 0; document.visibilityState === 'hidden'; next++) {
    const event = location.search.slice(1) + '-hidden-' + next
    pharos.increment('kill.events', 1, { event })
    await ${markCall("event + '@' + Date.now()")}
  }
})`

const isSettled = ([, ageMs]: readonly [string, number]): boolean => ageMs >= SETTLED_MS

/** A clean visit of the same profile, which delivers what was left. */
async function visitOnceMore(
  rig: PageRig,
  { userDataDir, ages }: { userDataDir: string; ages: Ages },
): Promise<ReadonlyMap<string, number>> {
  const { context, close } = await launchChromium({ userDataDir })
  const page = await context.newPage()
  await page.goto(`${rig.site.url}/`)
  excuseLost(ages, await page.evaluate<readonly number[]>(witnessed('-1')))
  expect(await flushIn(page)).toEqual({ acknowledged: true })
  await readUntil(
    () => countedEvents(rig),
    (counts) => [...ages].filter(isSettled).every(([id]) => counts.has(id)),
    5_000,
  )
  await close()
  return countedEvents(rig)
}

/** No event of a round is promised whose storage the browser itself has lost: docs/BROWSERS.md, difference 12. */
function excuseLost(ages: Ages, witnesses: readonly number[]): void {
  const roundOf = (id: string): number => Number(id.split('-')[0])
  const lost = new Set([...ages.keys()].map(roundOf).filter((round) => !witnesses.includes(round)))
  if (lost.size > 0)
    console.warn(`The browser itself lost the storage of rounds ${[...lost].join(', ')}; they are not judged.`)
  for (const id of ages.keys()) if (lost.has(roundOf(id))) ages.set(id, -1)
}

/** @returns how many events were old enough to be promised */
function judge(ages: Ages, counts: ReadonlyMap<string, number>): number {
  const settled = [...ages].filter(isSettled)
  const lost = settled.filter(([id]) => !counts.has(id))
  const doubled = [...counts].filter(([, count]) => count !== 1)
  const young = [...ages].filter((event) => !isSettled(event))
  const saved = young.filter(([id]) => counts.has(id))
  console.log(
    `${ages.size} events, ${settled.length} older than ${SETTLED_MS} ms: ${lost.length} lost, ${doubled.length} doubled; ` +
      `${saved.length} of ${young.length} younger ones made it`,
  )
  expect(lost).toEqual([])
  expect(doubled).toEqual([])
  expect([...counts.keys()].filter((id) => !ages.has(id))).toEqual([])
  return settled.length
}

/** Tabs that record, reload and close, on a network that sometimes fails, until the browser is gone. */
async function pages(
  browser: BrowserContext,
  {
    rig,
    random,
    round,
    recorded,
  }: { rig: PageRig; random: () => number; round: number; recorded: Map<string, number | undefined> },
): Promise<void> {
  const tabs = await Promise.all(
    Array.from({ length: 1 + Math.floor(random() * 2) }, async () => {
      const page = await browser.newPage()
      await page.goto(`${rig.site.url}/`)
      await page.evaluate(witnessed(String(round)))
      return page
    }),
  )
  rig.proxy.set({ kind: pick(random, ['pass', 'pass', 'down', 'drop-answer'] as const) })
  await Promise.all(
    tabs.map(async (page, tab) => {
      for (let next = 0; ; next++) {
        const id = `${round}-${tab}-${next}`
        recorded.set(id, undefined)
        const recordedMs = await page.evaluate((event) => {
          window.pharos.increment('kill.events', 1, { event })
          return Date.now()
        }, id)
        recorded.set(id, recordedMs)
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

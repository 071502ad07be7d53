import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findEngine } from '../support/engines.ts'
import type { Engine, EngineName, EnginePage } from '../support/engines.ts'
import { parseSeries } from '../support/page-expected.ts'
import { startPageRig } from '../support/page-rig.ts'
import type { PageRig } from '../support/page-rig.ts'
import { stopPrograms, temporaryFolder } from '../support/processes.ts'
import { required } from '../support/requirements.ts'
import { readUntil } from '../support/until.ts'

const ROUNDS = Number(process.env['PHAROS_ROUNDS'] ?? 3)
const ENGINES = (process.env['PHAROS_ENGINES'] ?? 'chromium,firefox,webkit').split(',') as EngineName[]

/** Events of one burst. */
const BURST = 5

/** Older than this, an event is promised to survive whatever happens. */
const SETTLED_MS = 150

/** How long a beacon of a page that is gone may take on a loaded machine; less than until the next flush of a hidden one. */
const ARRIVAL_MS = 10_000

let rig: PageRig

beforeAll(async () => {
  rig = await startPageRig({ limits: { maxSeriesPerMetric: 20_000 } })
  rig.site.setPage('/', rig.html({ before: COUNT_RESTORES }))
  rig.site.setPage('/next', '<link rel="icon" href="data:,"><title>next</title>')
})

afterAll(async () => {
  await rig.close()
  await stopPrograms()
})

const COUNT_RESTORES = `window.restores = 0
addEventListener('pageshow', (event) => { if (event.persisted) window.restores++ })`

/** What a scenario does with a browser, over and over. */
interface Trip {
  readonly open: () => Promise<EnginePage>
  /** Records a burst, and waits until it is promised to survive. */
  readonly recordSettled: (page: EnginePage) => Promise<void>
  /** A burst as statements of the page, which run in the last moment of its visit. */
  readonly lastWords: () => string
  /** Kills the browser, and starts it again on the same profile. */
  readonly killAndRestart: () => Promise<void>
}

interface Scenario {
  readonly what: string
  readonly visit: (trip: Trip) => Promise<void>
  /** Whether what is recorded in the last moment must be counted too, and without another visit. */
  readonly isLossless: boolean
}

const SCENARIOS: readonly Scenario[] = [
  {
    what: 'the tab is closed at once',
    isLossless: true,
    visit: async ({ open, recordSettled, lastWords }) => {
      const page = await open()
      await recordSettled(page)
      await say(page, lastWords())
      await page.close()
    },
  },
  {
    what: 'the tab goes to another site',
    isLossless: true,
    visit: async ({ open, recordSettled, lastWords }) => {
      const page = await open()
      await recordSettled(page)
      await page.leave(next(), lastWords())
    },
  },
  {
    what: 'another tab hides it',
    isLossless: true,
    visit: async ({ open, recordSettled, lastWords }) => {
      const page = await open()
      await recordSettled(page)
      await say(page, lastWords())
      await page.hide()
    },
  },
  {
    what: 'it comes back from the back/forward cache',
    isLossless: true,
    visit: async ({ open, recordSettled, lastWords }) => {
      const page = await open()
      await recordSettled(page)
      for (const restores of [1, 2]) {
        await page.leave(next(), lastWords())
        await page.goBack(home())
        expect(await page.evaluate('restores')).toBe(restores)
        await recordSettled(page)
      }
      await page.leave(next(), lastWords())
    },
  },
  {
    what: 'the server is down while the tab is open, and when it closes',
    isLossless: false,
    visit: async ({ open, recordSettled, lastWords }) => {
      const page = await open()
      rig.proxy.set({ kind: 'down' })
      await page.evaluate('void pharos.flush()')
      await recordSettled(page)
      await say(page, lastWords())
      await page.close()
    },
  },
  {
    what: 'the browser is killed',
    isLossless: false,
    visit: async ({ open, recordSettled, lastWords, killAndRestart }) => {
      const page = await open()
      await recordSettled(page)
      await say(page, lastWords())
      await killAndRestart()
    },
  },
]

const home = (): string => `${rig.site.url}/`
const next = (): string => `${rig.site.otherSiteUrl}/next`

describe.each(ENGINES)('%s', (name) => {
  let found: Promise<Engine> | undefined

  it.for(SCENARIOS)('counts every event once when $what', async (scenario, context) => {
    const engine = await required(context, () => (found ??= findEngine[name]()))
    const profile = await temporaryFolder('profile')
    const settled: string[] = []
    const last: string[] = []
    let browser = await engine.start(profile)
    const trip: Trip = {
      open: () => browser.open(home()),
      recordSettled: async (page) => {
        await page.evaluate(burst(settled))
        await delay(SETTLED_MS)
      },
      lastWords: () => burst(last),
      killAndRestart: async () => {
        await browser.kill()
        browser = await engine.start(profile)
      },
    }
    const { what, visit, isLossless } = scenario
    const before = await duplicates()
    const late = new Set<string>()
    for (let round = 0; round < ROUNDS; round++) {
      // Everything arrives twice, so that whatever is not told apart shows.
      rig.proxy.set({ kind: 'duplicate', times: 2 })
      await visit(trip)
      const fresh = [...settled, ...last].filter((event) => !late.has(event))
      if (isLossless) for (const event of await missing(fresh, ARRIVAL_MS)) late.add(event)
    }
    rig.proxy.set({ kind: 'duplicate', times: 2 })
    await deliverTheRest(await browser.open(home()))
    const lost = await missing(settled, 5_000)
    const lastLost = await missing(last, isLossless ? ARRIVAL_MS : 0)
    await browser.kill()
    const doubled = [...(await counts())].filter(([, count]) => count !== 1)
    const repeated = (await duplicates()) - before
    console.log(
      `${browser.version}, ${what}: of ${settled.length} events older than ${SETTLED_MS} ms ${lost.length} lost, ` +
        `of ${last.length} in the last moment ${lastLost.length}; ${late.size} waited for the next visit, ` +
        `${repeated} batches came again`,
    )
    expect(lost).toEqual([])
    expect(isLossless ? lastLost : []).toEqual([])
    // Firefox loses a beacon now and then; what it carried comes with the next visit.
    expect(name === 'firefox' ? [] : [...late]).toEqual([])
    expect(doubled).toEqual([])
    expect(repeated).toBeGreaterThan(0)
  })

  it('sends what fills several bodies in one flush', async (context) => {
    const engine = await required(context, () => (found ??= findEngine[name]()))
    const browser = await engine.start(await temporaryFolder('profile'))
    rig.proxy.set({ kind: 'pass' })
    const before = rig.beacons().length
    const page = await browser.open(home())
    // Batches of 10 kB that leave no large gap in a body, in all over twice what a browser lets a page have in flight.
    const padding = 'x'.repeat(100)
    const many: string[] = []
    for (let batch = 0; batch < 15; batch++) {
      const names = Array.from({ length: 70 }, () => `${events++}`)
      many.push(...names)
      await page.evaluate(`for (const event of ${JSON.stringify(names)})
        pharos.increment('engine.events', 1, { event, padding: '${padding}' })`)
      await delay(SETTLED_MS)
    }
    await deliverTheRest(page)
    expect(await missing(many, 5_000)).toEqual([])
    await browser.kill()
    const sent = rig.beacons().slice(before)
    expect(sent.length).toBeGreaterThan(3)
    expect(sent.reduce((bytes, { body }) => bytes + body.length, 0)).toBeGreaterThan(131_072)
  })
})

let events = 0

/** The last words of a tab that is still on top. */
async function say(page: EnginePage, lastWords: string): Promise<void> {
  expect(await page.evaluate(`${lastWords}; document.visibilityState`)).toBe('visible')
}

/** The statements that record a burst of events, each of its own series. Notes their names in `recorded`. */
function burst(recorded: string[]): string {
  const names = Array.from({ length: BURST }, () => `${events++}`)
  recorded.push(...names)
  return `for (const event of ${JSON.stringify(names)}) pharos.increment('engine.events', 1, { event })`
}

/** A visit that takes its time, so that it delivers whatever is left. */
async function deliverTheRest(page: EnginePage): Promise<void> {
  await page.evaluate('void pharos.flush().then((result) => { window.flushed = result })')
  const isFlushed = (result: unknown): boolean => result !== undefined && result !== null
  expect(await readUntil(() => page.evaluate('window.flushed'), isFlushed)).toEqual({ acknowledged: true })
  expect(await page.evaluate('thrown')).toEqual([])
}

/** How often each event was counted. */
async function counts(): Promise<ReadonlyMap<string, number>> {
  const series = [...(await rig.totals())].map(([text, value]) => ({ ...parseSeries(text), value }))
  const ours = series.filter(({ name }) => name === 'engine_events_total')
  return new Map(ours.map(({ labels, value }) => [labels['event']!, value]))
}

/** Which of the events are not counted even after some time. */
const missing = (names: readonly string[], timeoutMs: number): Promise<readonly string[]> =>
  readUntil(
    async () => {
      const counted = await counts()
      return names.filter((name) => !counted.has(name))
    },
    ({ length }) => length === 0,
    timeoutMs,
  )

const duplicates = async (): Promise<number> =>
  (await rig.totals()).get('pharos_batches_total{outcome="duplicate"}') ?? 0

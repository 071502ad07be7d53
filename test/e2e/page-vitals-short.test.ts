import { launch } from 'puppeteer-core'
import type { Browser, LaunchOptions, Page } from 'puppeteer-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findChromium, KEPT_ON } from '../support/chromium.ts'
import { findFirefox } from '../support/firefox.ts'
import { flushIn, startPageRig } from '../support/page-rig.ts'
import type { PageRig } from '../support/page-rig.ts'
import { adoptGroup, stopPrograms } from '../support/processes.ts'
import { required } from '../support/requirements.ts'
import { readUntil, until } from '../support/until.ts'

/** How long the page is busy with a click, ms. */
const HANDLERS_MS = [20, 60, 150]

/**
 * The visitor is gone before the library looks at the click. It waits for an idle moment, here one that never comes, as in a
 * page that is busy all the time. `localStorage` keeps what the browser told of interactions and what the library alone reports.
 */
const shortVisit = (handlerMs: number): string => `<button style="margin: 20px">click</button>
<script>
const keep = (key, value) => (localStorage[key] = JSON.stringify([...JSON.parse(localStorage[key] ?? '[]'), value]))
const keepInteractions = (entries) => {
  for (const { interactionId, duration } of entries) {
    if (!interactionId) continue
    keep('durations', duration)
    window.told = true
  }
}
window.hears = 'interactionId' in (globalThis.PerformanceEventTiming?.prototype ?? {})
if (hears) {
  const observer = new PerformanceObserver((list) => keepInteractions(list.getEntries()))
  observer.observe({ type: 'event', durationThreshold: 40 })
  observer.observe({ type: 'first-input' })
  addEventListener('visibilitychange', () => keepInteractions(observer.takeRecords()), { capture: true })
}
addEventListener('pageshow', ({ persisted }) => (window.restored = persisted))
document.querySelector('button').onclick = () => {
  const end = performance.now() + ${handlerMs}
  while (performance.now() < end);
}
</script>
<script type="module">
import { onINP } from '/node_modules/web-vitals/dist/web-vitals.js'
onINP(({ value }) => keep('library', value))
// After the tasks in which the plugin begins.
setTimeout(() => setTimeout(() => (window.ready = true)))
</script>`

const NEVER_IDLE = 'window.requestIdleCallback = () => 0; window.cancelIdleCallback = () => {}'

let rig: PageRig

beforeAll(async () => {
  rig = await startPageRig()
  for (const handlerMs of HANDLERS_MS) {
    const options = { before: NEVER_IDLE, body: shortVisit(handlerMs) }
    rig.site.setPage(`/${handlerMs}`, rig.html({ ...options, data: { collect: 'vitals' } }))
  }
  rig.site.setPage('/next', '<link rel="icon" href="data:,">')
  rig.site.setPage('/again', rig.html({}))
})

afterAll(async () => {
  await rig.close()
  await stopPrograms()
})

const ENGINES: Readonly<Record<string, () => Promise<Browser>>> = {
  chromium: async () => {
    const args = ['--no-sandbox', '--disable-gpu', '--disable-quic']
    return start({ browser: 'chrome', ...(await findChromium()), args, ignoreDefaultArgs: KEPT_ON })
  },
  firefox: async () => start({ browser: 'firefox', ...(await findFirefox()) }),
}

async function start(options: LaunchOptions): Promise<Browser> {
  const browser = await launch({ ...options, headless: true })
  adoptGroup(browser.process()!.pid!)
  return browser
}

interface Visit {
  readonly page: Page
  /** A tab of the same site, in the background. */
  readonly other: Page
}

const WAYS: readonly { readonly how: string; readonly leave: (visit: Visit) => Promise<void> }[] = [
  { how: 'left for another page', leave: ({ page }) => navigateTo(page, '/next') },
  { how: 'closed', leave: ({ page }) => page.close() },
  {
    how: 'hidden',
    leave: async ({ page, other }) => {
      await other.bringToFront()
      await page.waitForFunction(`document.visibilityState === 'hidden'`, { polling: 20 })
    },
  },
]

const navigateTo = async (page: Page, path: string): Promise<void> => {
  await page.evaluate(`location.href = '${path}'`).catch(() => {})
  await until(
    () => page.evaluate('location.pathname').catch(() => undefined),
    (pathname) => pathname === path,
  )
}

interface Counted {
  readonly count: number
  readonly seconds: number
}

/** What is at the edge of a metric so far, whatever its labels. */
async function soFar(metric: string): Promise<Counted> {
  let [count, seconds] = [0, 0]
  for (const [series, value] of await rig.totals()) {
    if (series.startsWith(`web_vitals_${metric}_seconds_count`)) count += value
    if (series.startsWith(`web_vitals_${metric}_seconds_sum`)) seconds += value
  }
  return { count, seconds }
}

const kept = async (page: Page, key: string): Promise<number[]> =>
  JSON.parse((await page.evaluate(`localStorage['${key}'] ?? '[]'`)) as string) as number[]

/** A click, of which the browser has told; false where it tells of none. */
async function click(page: Page): Promise<boolean> {
  await page.waitForFunction('window.ready', { polling: 20 })
  await page.click('button')
  if (!(await page.evaluate('hears'))) return false
  await page.waitForFunction('window.told', { polling: 20 })
  return true
}

const visitAgain = async (browser: Browser): Promise<Page> => {
  const page = await browser.newPage()
  await page.goto(`${rig.site.url}/again`)
  await page.waitForFunction('window.pharos?.stats', { polling: 20 })
  return page
}

describe.each(Object.entries(ENGINES))('%s', (engine, startEngine) => {
  let started: Promise<Browser> | undefined

  it.for(WAYS)('has the INP of a page that is $how right after a click', async ({ how, leave }, context) => {
    const browser = await required(context, () => (started ??= startEngine()))
    const other = await browser.newPage()
    await other.goto(`${rig.site.url}/next`)
    for (const handlerMs of HANDLERS_MS) {
      await other.evaluate('localStorage.clear()')
      const [inpBefore, ttfbBefore] = [await soFar('inp'), await soFar('ttfb')]
      const page = await browser.newPage()
      await page.goto(`${rig.site.url}/${handlerMs}`)
      await page.bringToFront()
      const hears = await click(page)
      await leave({ page, other })
      // Firefox loses the last request of some closing tabs, and the vitals have no earlier one: they come with the next visit
      // (docs/BROWSERS.md, 3).
      const again = engine === 'firefox' && how === 'closed' ? await visitAgain(browser) : undefined
      const arrived = async (metric: string): Promise<Counted> => {
        if (again) await flushIn(again)
        return soFar(metric)
      }
      const durations = await kept(other, 'durations')
      const longestMs = Math.max(0, ...durations)
      // It leaves with INP or before, and every engine has it.
      await until(
        () => arrived('ttfb'),
        ({ count }) => count > ttfbBefore.count,
      )
      const inp = await readUntil(
        () => arrived('inp'),
        ({ count }) => count - inpBefore.count >= Number(hears),
      )
      const [library = 'none'] = await kept(other, 'library')
      console.log(
        `${await browser.version()}, click of ${handlerMs} ms, ${how}: longest ${longestMs} ms, ` +
          `counted ${inp.count - inpBefore.count}, the library alone: ${library}`,
      )
      expect(inp.count - inpBefore.count).toBe(Number(hears))
      expect(inp.seconds - inpBefore.seconds).toBeCloseTo(longestMs / 1_000, 6)
      if (!page.isClosed()) await page.close()
      await again?.close()
      // An engine that tells of no interactions has nothing more to show.
      if (!hears) break
    }
    await other.close()
  })
})

it('has the INP of a restored page and of its first view, each once', async (context) => {
  const browser = await required(context, ENGINES['chromium']!)
  const page = await browser.newPage()
  const before = await soFar('inp')
  await page.goto(`${rig.site.url}/150`)
  await page.evaluate('localStorage.clear()')
  await click(page)
  await navigateTo(page, '/next')
  const first = await kept(page, 'durations')
  await page.evaluate('localStorage.clear(); history.back()').catch(() => {})
  await until(
    () => page.evaluate(`location.pathname + ' ' + window.restored`).catch(() => undefined),
    (state) => state === '/150 true',
  )
  await page.evaluate('window.told = false')
  await click(page)
  await navigateTo(page, '/next')
  const second = await kept(page, 'durations')
  const inp = await readUntil(
    () => soFar('inp'),
    ({ count }) => count >= before.count + 2,
  )
  expect(inp.count - before.count).toBe(2)
  expect(inp.seconds - before.seconds).toBeCloseTo((Math.max(...first) + Math.max(...second)) / 1_000, 6)
  await browser.close()
})

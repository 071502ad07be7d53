import { isDeepStrictEqual } from 'node:util'
import type { Page } from 'playwright-core'
import { afterAll, expect, it } from 'vitest'
import { launchChromium } from '../support/chromium.ts'
import { beaconScript } from '../support/page-bundle.ts'
import { type Labels, parseSeries, seriesText, type Totals } from '../support/page-expected.ts'
import { goBack } from '../support/page-history.ts'
import { SERVICE, startPageRig } from '../support/page-rig.ts'
import { stopPrograms } from '../support/processes.ts'
import { startPrometheus, totalsIn } from '../support/prometheus.ts'
import { required } from '../support/requirements.ts'

afterAll(stopPrograms)

/** What the library of Google Chrome itself says, kept in the very moment, since the page is about to go. */
const ownWebVitals = (build: string, options = '{}'): string => `<script type="module">
import { onCLS, onFCP, onINP, onLCP, onTTFB } from '/node_modules/web-vitals/dist/${build}.js'
const reports = JSON.parse(localStorage.getItem('reports') ?? '[]')
const keep = ({ id, name, value, rating, navigationType, attribution }) => {
  reports.push({ id, name, value, rating, navigationType, ...wordsOf[name]?.(attribution ?? {}) })
  localStorage.setItem('reports', JSON.stringify(reports))
}
const wordsOf = {
  LCP: ({ target }) => target && { element: target.endsWith('img') ? 'img' : 'text' },
  INP: ({ interactionTime, interactionType, inputDelay, processingDuration, presentationDelay }) => {
    const parts = { 'input-delay': inputDelay, 'processing-duration': processingDuration, 'presentation-delay': presentationDelay }
    const [subpart] = Object.entries(parts).sort(([, a], [, b]) => b - a)[0]
    return interactionTime && { interaction: interactionType, subpart }
  },
  CLS: ({ loadState }) => loadState && { load_state: loadState },
}
for (const on of [onCLS, onFCP, onINP, onLCP, onTTFB]) on(keep, ${options})
window.ready = true
</script>
<script>
const told = []
const tell = new PerformanceObserver((list) => told.push(...list.getEntries()))
for (const type of ['paint', 'largest-contentful-paint', 'layout-shift', 'event', 'soft-navigation', 'interaction-contentful-paint'])
  if (PerformanceObserver.supportedEntryTypes.includes(type)) tell.observe({ type, buffered: true, durationThreshold: 16 })
</script>`

/**
 * Until the browser has told of so many entries, some time after it painted the frame, and the library has looked at them: it
 * waits for an idle moment, and an interaction that it has not looked at when the page is hidden is lost to it.
 * @param which about `entry`, an expression of the page
 */
async function whenTold(page: Page, which: string, count = 1): Promise<void> {
  await page.waitForFunction(`window.ready && told.filter((entry) => ${which}).length >= ${count}`)
  await page.evaluate(() => new Promise((resolve) => requestIdleCallback(resolve, { timeout: 2_000 })))
}

const IMAGE = `entry.entryType === 'largest-contentful-paint' && entry.element?.tagName === 'IMG'`
const LATE_TEXT = `entry.entryType === 'largest-contentful-paint' && entry.element?.id === 'top'`
const SHIFT = `entry.entryType === 'layout-shift'`
const CLICK = `entry.entryType === 'event' && entry.name === 'click'`
const KEY = `entry.entryType === 'event' && /^key/.test(entry.name) && entry.duration > 100`

/** A large text that comes late, a shift of what is below it, and a slow answer to a click. */
const SCRIPTED = `<p id="top"></p><button style="margin: 20px">slow</button><p>below</p>
<script>
document.querySelector('button').onclick = () => {
  const end = performance.now() + 120
  while (performance.now() < end);
}
// Nothing shifts that was not painted before.
addEventListener('load', () => {
  new PerformanceObserver((list, observer) => {
    if (!list.getEntriesByName('first-contentful-paint').length) return
    observer.disconnect()
    document.querySelector('#top').innerHTML = '<span style="font-size: 70px">a late and large text</span>'
  }).observe({ type: 'paint', buffered: true })
})
</script>`

interface Report {
  readonly id: string
  readonly name: string
  readonly value: number
  readonly rating: string
  readonly navigationType: string
  readonly element?: string
  readonly interaction?: string
  readonly subpart?: string
  readonly load_state?: string
}

const readReports = async (page: Page): Promise<readonly Report[]> => {
  const reports = JSON.parse(await page.evaluate(() => localStorage['reports'] as string)) as readonly Report[]
  // What is said again of a page view was counted already.
  return [...new Map(reports.toReversed().map((report) => [report.id, report])).values()].reverse()
}

/** Every value of the library is there once, to the microsecond, and nothing else. */
async function expectVitals(
  read: () => Promise<Totals>,
  reports: readonly Report[],
  labelsOf: (report: Report) => Labels,
): Promise<void> {
  const groups = Map.groupBy(reports, (report) =>
    seriesText(`${metricOf(report.name)}_count`, { ...labelsOf(report), rating: report.rating, service: SERVICE }),
  )
  const wanted = Object.fromEntries([...groups].map(([series, group]) => [series, group.length]))
  const totals = await readUntil(read, (seen) => isDeepStrictEqual(vitalCounts(seen), wanted))
  expect(vitalCounts(totals)).toEqual(wanted)
  for (const [series, group] of groups) {
    const sum = group.reduce((total, { name, value }) => total + (name === 'CLS' ? value : value / 1_000), 0)
    const error = Math.abs(totals.get(series.replace('_count{', '_sum{'))! - sum)
    expect(error).toBeLessThanOrEqual(group.reduce((total, report) => total + toleranceOf(report), 0))
  }
}

/** Half a microsecond is finer than any browser's clock. But each listener reads the clock itself when a restored page is painted. */
const toleranceOf = ({ name, navigationType }: Report): number =>
  navigationType === 'back-forward-cache' && /FCP|LCP/.test(name) ? 0.05 : 0.51e-6

const metricOf = (name: string): string => `web_vitals_${name.toLowerCase()}${name === 'CLS' ? '' : '_seconds'}`

const vitalCounts = (totals: Totals): Record<string, number> =>
  Object.fromEntries([...totals].filter(([series]) => /^web_vitals_.*_count$/.test(parseSeries(series).name)))

const NEXT = '<link rel="icon" href="data:,">'

const namesOf = (reports: readonly Report[]): readonly string[] => reports.map(({ name }) => name).sort()

const ALL = ['CLS', 'FCP', 'INP', 'LCP', 'TTFB']

it('the vitals at the edge and in Prometheus are what the web-vitals library reports in the same page', async (context) => {
  const prometheus = await required(context, () => startPrometheus())
  const { context: browser, close } = await required(context, () => launchChromium())
  const destinations = [{ name: 'main', kind: 'prometheus', url: prometheus.writeUrl }]
  const rig = await startPageRig({ destinations, flushIntervalMs: 1_000 })
  rig.site.setPage('/', rig.html({ data: { collect: 'vitals' }, body: ownWebVitals('web-vitals') + SCRIPTED }))
  rig.site.setPage('/next', NEXT)
  const page = await browser.newPage()
  await page.goto(`${rig.site.url}/`)
  await whenTold(page, LATE_TEXT)
  await whenTold(page, SHIFT)
  await page.click('button')
  await whenTold(page, CLICK)
  expect(await page.evaluate(() => window.thrown)).toEqual([])
  await page.goto(`${rig.site.url}/next`)
  const reports = await readReports(page)
  expect(namesOf(reports)).toEqual(ALL)
  await expectVitals(rig.totals, reports, () => ({}))
  await expectVitals(
    () => totalsIn(prometheus, 'web_vitals_.*'),
    reports,
    () => ({}),
  )
  expect(reports.find(({ name }) => name === 'CLS')!.value).toBeGreaterThan(0)
  expect(reports.find(({ name }) => name === 'INP')!.value).toBeGreaterThanOrEqual(100)
  console.log(reports.map(({ name, value, rating }) => `${name} ${value} ${rating}`).join(', '))
  await close()
  await rig.close()
})

const PLUGINS = `import { attribution } from './plugins/attribution.ts'
import { webVitals } from './plugins/web-vitals.ts'`
import { readUntil } from '../support/until.ts'

const aboutLabels = ({ element, interaction, subpart, load_state }: Report): Labels =>
  Object.fromEntries(
    Object.entries({ element, interaction, subpart, load_state }).filter(([, word]) => word !== undefined),
  ) as Labels

/** Leaves, as a user does. */
async function leave(page: Page): Promise<void> {
  await page.evaluate(`location.href = '/next'`).catch(() => {})
  await page.waitForURL('**/next')
}

/** The largest thing of a page. Each colour of its own: an image of little entropy is no content to the browser. */
const DRAWN_IMAGE = `<img width="600" height="400"><script>
const canvas = Object.assign(document.createElement('canvas'), { width: 600, height: 400 })
const context = canvas.getContext('2d')
for (let x = 0; x < 600; x += 10)
  for (let y = 0; y < 400; y += 10) {
    context.fillStyle = 'rgb(' + [x % 256, y % 256, (x * y) % 256] + ')'
    context.fillRect(x, y, 10, 10)
  }
document.querySelector('img').src = canvas.toDataURL()
</script>`

it('what a vital was about is what the library says, also after a restore', async (context) => {
  const { context: browser, close } = await required(context, () => launchChromium())
  const rig = await startPageRig()
  const beacon = await beaconScript(rig, PLUGINS, 'webVitals({ attribution })')
  rig.site.setPage(
    '/',
    `<!doctype html>${NEXT}${beacon}${ownWebVitals('web-vitals.attribution')}${SCRIPTED}${DRAWN_IMAGE}`,
  )
  rig.site.setPage('/next', NEXT)
  const page = await browser.newPage()
  await page.goto(`${rig.site.url}/`)
  await whenTold(page, IMAGE)
  await whenTold(page, SHIFT)
  await page.click('button')
  await whenTold(page, CLICK)
  await leave(page)
  await goBack(page, '/')
  // TTFB, FCP and LCP: what the library itself measures there.
  await page.waitForFunction(`localStorage.reports.split('"back-forward-cache"').length > 3`)
  // Chromium 150 restores a page without its focus, 156 with it.
  await page.press('button', 'Enter')
  await whenTold(page, KEY)
  await leave(page)
  const reports = await readReports(page)
  const restored = reports.filter(({ navigationType }) => navigationType === 'back-forward-cache')
  expect([namesOf(reports.filter((report) => !restored.includes(report))), namesOf(restored)]).toEqual([ALL, ALL])
  expect(
    Object.fromEntries(reports.map((report) => [`${report.navigationType} ${report.name}`, aboutLabels(report)])),
  ).toEqual({
    'navigate TTFB': {},
    'navigate FCP': {},
    'navigate LCP': { element: 'img' },
    // A loaded machine may take longest for another part.
    'navigate INP': { interaction: 'pointer', subpart: expect.any(String) },
    'navigate CLS': { load_state: 'complete' },
    'back-forward-cache TTFB': {},
    'back-forward-cache FCP': {},
    'back-forward-cache LCP': {},
    'back-forward-cache INP': { interaction: 'keyboard', subpart: expect.any(String) },
    'back-forward-cache CLS': {},
  })
  await expectVitals(rig.totals, reports, aboutLabels)
  await close()
  await rig.close()
})

const ROUTED = `<button>next route</button><main>one</main>
<script>
document.querySelector('button').onclick = () => {
  history.pushState({}, '', '/?route=' + Math.random())
  const end = performance.now() + 60
  while (performance.now() < end);
  document.querySelector('main').innerHTML = '<h1 style="font-size: 80px">another route, and a large text</h1>'
}
</script>`

it('soft navigations are page views of their own, where they are asked for', async (context) => {
  const { context: browser, close } = await required(context, () => launchChromium())
  const rig = await startPageRig()
  const beacon = await beaconScript(rig, PLUGINS, 'webVitals({ attribution, softNavigations: true })')
  rig.site.setPage(
    '/',
    `<!doctype html>${NEXT}${beacon}${ownWebVitals('web-vitals.attribution', '{ reportSoftNavs: true }')}${ROUTED}`,
  )
  rig.site.setPage('/next', NEXT)
  const page = await browser.newPage()
  await page.goto(`${rig.site.url}/`)
  await page.waitForFunction('window.ready')
  if (!(await page.evaluate(() => PerformanceObserver.supportedEntryTypes.includes('soft-navigation'))))
    context.skip('this Chromium knows no soft navigations')
  await whenTold(page, `entry.entryType === 'largest-contentful-paint'`)
  for (const count of [1, 2]) {
    await page.click('button')
    await whenTold(page, `entry.entryType === 'soft-navigation'`, count)
    await whenTold(page, `entry.entryType === 'interaction-contentful-paint'`, count)
    await whenTold(page, CLICK, count)
  }
  await leave(page)
  const reports = await readReports(page)
  const isSoft = ({ navigationType }: Report): boolean => navigationType === 'soft-navigation'
  // The interaction that begins a navigation is of the view before, so the last has none.
  const soft = namesOf(reports.filter(isSoft)).filter((name) => name !== 'INP')
  expect(soft).toEqual(['CLS', 'CLS', 'FCP', 'FCP', 'LCP', 'LCP', 'TTFB', 'TTFB'])
  const labelsOf = (report: Report): Labels => ({
    ...aboutLabels(report),
    navigation: isSoft(report) ? 'soft' : 'hard',
  })
  expect(reports.filter(({ name }) => name === 'LCP').map(labelsOf)).toEqual([
    { element: 'text', navigation: 'hard' },
    { element: 'text', navigation: 'soft' },
    { element: 'text', navigation: 'soft' },
  ])
  await expectVitals(rig.totals, reports, labelsOf)
  await close()
  await rig.close()
})

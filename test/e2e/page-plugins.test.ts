import { build } from 'esbuild'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { findChromium, launchChromium } from '../support/chromium.ts'
import { edgeScript, markCall, marksOf, startBareChromium, whenGo } from '../support/page-alone.ts'
import type { Totals } from '../support/page-expected.ts'
import { goBack } from '../support/page-history.ts'
import { flushIn, startPageRig } from '../support/page-rig.ts'
import type { PageRig } from '../support/page-rig.ts'
import { repository } from '../support/paths.ts'
import { stopPrograms } from '../support/processes.ts'
import { required } from '../support/requirements.ts'
import { readUntil } from '../support/until.ts'

/** A script that starts a beacon with these plugins at `window.pharos`. */
let script = ''

beforeAll(async () => {
  const { outputFiles } = await build({
    stdin: { contents: ENTRY, resolveDir: `${repository}/src`, loader: 'ts' },
    bundle: true,
    format: 'iife',
    write: false,
  })
  script = outputFiles[0]!.text.replaceAll('</script', String.raw`<\/script`)
})
afterAll(stopPrograms)

const ENTRY = `
import { init } from './init.ts'
import { errors } from './plugins/errors.ts'
import { navigation } from './plugins/navigation.ts'
import { visibility } from './plugins/visibility.ts'
const known = { errors, navigation, visibility }
const route = ({ pathname }) => pathname.replace(/\\d+/g, ':id')
window.start = (url, ...names) => {
  window.pharos = init({ url, plugins: names.map((name) => known[name]({ route })) })
}`

const html = (
  rig: PageRig,
  plugins: string,
  body = '',
): string => `<!doctype html><link rel="icon" href="data:,">${body}
<script>${script};start('${rig.workerd.beaconUrl}', ...'${plugins}'.split(' '))</script>`

const PLAIN = '<!doctype html><link rel="icon" href="data:,">'

/** All series of a metric, without its unit, which is the worker's to know. */
const seriesOf = (totals: Totals, metric: string): Record<string, number> =>
  Object.fromEntries(
    [...totals]
      .map(([series, value]) => [series.replace('_seconds', ''), value] as const)
      .filter(([series]) => series.startsWith(`${metric}{`)),
  )

const sumOf = (totals: Totals, metric: string): number =>
  Object.values(seriesOf(totals, metric)).reduce((sum, value) => sum + value, 0)

/** The series of a metric, as soon as they add up to as much as is wanted. */
async function seriesWhen(rig: PageRig, metric: string, wanted: Readonly<Record<string, number>>): Promise<unknown> {
  const sum = Object.values(wanted).reduce((a, b) => a + b, 0)
  return seriesOf(await readUntil(rig.totals, (totals) => sumOf(totals, metric) >= sum), metric)
}

const FLOOD = 1_000

it('errors of every kind are counted, each once', async (context) => {
  const chromium = await required(context, () => launchChromium())
  const rig = await startPageRig()
  const policy = `<meta http-equiv="Content-Security-Policy" content="img-src 'self' data:">`
  rig.site.setPage('/', html(rig, 'errors', policy))
  rig.site.setPage('/throws', `throw new RangeError('of another origin')`)
  const page = await chromium.context.newPage()
  await page.goto(`${rig.site.url}/`)
  await page.evaluate(async (otherSite) => {
    const failing = (tag: string, fields: object): Promise<void> =>
      new Promise((resolve) => {
        const element = document.body.appendChild(Object.assign(document.createElement(tag), fields))
        element.addEventListener('error', () => resolve())
        element.addEventListener('load', () => resolve())
      })
    setTimeout(() => {
      throw new TypeError('uncaught')
    })
    setTimeout(() => {
      throw 'a text'
    })
    void Promise.reject(new DOMException('aborted', 'AbortError'))
    void Promise.reject(new RangeError('unhandled'))
    Promise.reject(new RangeError('handled')).catch(() => {})
    await failing('img', { src: '/missing.png' })
    await failing('script', { src: '/missing.js' })
    await failing('link', { rel: 'stylesheet', href: '/missing.css' })
    await failing('script', { src: `${otherSite}/throws` })
    // Not in the document: the violation is told, the failed element is nobody's.
    const image = new Image()
    await new Promise((resolve) => {
      image.addEventListener('error', resolve)
      image.src = `${otherSite}/blocked.png`
    })
  }, rig.site.otherSiteUrl)
  await page.evaluate((times) => {
    for (let i = 0; i < times; i++) reportError(new SyntaxError('flood'))
  }, FLOOD)
  const wanted = {
    'page_errors_total{kind="csp",name="img-src"}': 1,
    'page_errors_total{kind="error",name="SyntaxError"}': FLOOD,
    'page_errors_total{kind="error",name="TypeError"}': 1,
    'page_errors_total{kind="error",name="script-error"}': 1,
    'page_errors_total{kind="error",name="unknown"}': 1,
    'page_errors_total{kind="rejection",name="AbortError"}': 1,
    'page_errors_total{kind="rejection",name="RangeError"}': 1,
    'page_errors_total{kind="resource",name="img"}': 1,
    'page_errors_total{kind="resource",name="link"}': 1,
    'page_errors_total{kind="resource",name="script"}': 1,
  }
  // The events of some come later than what caused them.
  const calls = Object.values(wanted).reduce((sum, count) => sum + count, 0)
  await page.waitForFunction(`pharos.stats().recorded >= ${calls}`)
  expect(await flushIn(page)).toMatchObject({ acknowledged: true })
  expect(await seriesWhen(rig, 'page_errors_total', wanted)).toEqual(wanted)
  await chromium.close()
  await rig.close()
})

it('views are counted by type and route, and each load is timed once', async (context) => {
  const chromium = await required(context, () => launchChromium())
  const rig = await startPageRig()
  rig.site.setPage('/', html(rig, 'navigation'))
  rig.site.setPage('/next', PLAIN)
  // Bars the back/forward cache.
  rig.site.setPage('/gone', html(rig, 'navigation', '<script>addEventListener("unload", () => {})</script>'))
  const page = await chromium.context.newPage()
  let loads = 0
  let loadSeconds = 0
  const noteLoad = async (): Promise<void> => {
    loads++
    // In a later task, when the entry is complete.
    loadSeconds += await page.evaluate(
      () =>
        new Promise<number>((resolve) => {
          const [entry] = performance.getEntriesByType('navigation')
          const look = (): void => void (entry!.loadEventEnd ? resolve(entry!.loadEventEnd / 1_000) : setTimeout(look))
          look()
        }),
    )
  }
  await page.goto(`${rig.site.url}/`)
  await noteLoad()
  await page.reload()
  await noteLoad()
  await page.goto(`${rig.site.url}/next`)
  await goBack(page, '/')
  expect(await page.evaluate(() => performance.getEntriesByType('navigation')[0]!.type)).toBe('reload')
  await page.goto(`${rig.site.url}/gone`)
  await noteLoad()
  await page.goto(`${rig.site.url}/next`)
  await goBack(page, '/gone')
  await noteLoad()

  await page.evaluate(async () => {
    const steps = [
      () => history.pushState(null, '', '/item/1'),
      () => history.pushState(null, '', '/item/2'),
      () => history.pushState(null, '', '/item/2?page=2'),
      () => history.replaceState(null, '', '/item/3'),
      () => (location.hash = 'part'),
      // To /item/2: an entry, and a path, of its own.
      () => history.go(-3),
      () => void navigation.navigate('/list', { history: 'push' }),
    ]
    navigation.addEventListener('navigate', (event) => {
      const load = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 50))
      if (event.destination.url.endsWith('/list')) event.intercept({ handler: load })
    })
    for (const step of steps) {
      const succeeded = new Promise((resolve) =>
        navigation.addEventListener('navigatesuccess', resolve, { once: true }),
      )
      step()
      await succeeded
    }
  })
  expect(await flushIn(page)).toMatchObject({ acknowledged: true })
  const wanted = {
    'page_views_total{route="/",type="navigate"}': 1,
    'page_views_total{route="/",type="reload"}': 1,
    'page_views_total{route="/",type="restore"}': 1,
    'page_views_total{route="/gone",type="navigate"}': 1,
    'page_views_total{route="/gone",type="back-forward"}': 1,
    'page_views_total{route="/item/:id",type="route"}': 3,
    'page_views_total{route="/list",type="route"}': 1,
  }
  expect(await seriesWhen(rig, 'page_views_total', wanted)).toEqual(wanted)
  const totals = await rig.totals()
  const counts = seriesOf(totals, 'page_navigation_count')
  // Over loopback there are no names to look up and no TLS, and a connection may be used again.
  for (const phase of ['request', 'dom-interactive', 'dom-content-loaded', 'load'])
    expect([phase, counts[`page_navigation_count{phase="${phase}"}`]]).toEqual([phase, loads])
  for (const phase of ['redirect', 'tls'])
    expect(counts).not.toHaveProperty([`page_navigation_count{phase="${phase}"}`])
  const sums = seriesOf(totals, 'page_navigation_sum')
  expect(sums['page_navigation_sum{phase="load"}']).toBeCloseTo(loadSeconds, 5)
  await chromium.close()
  await rig.close()
})

const byPhase = (part: string, phases: readonly string[], value: number): Record<string, number> =>
  Object.fromEntries(phases.map((phase) => [`page_navigation_${part}{phase="${phase}"}`, value]))

it('a prerendered page is one view when it is shown, timed from then on', async (context) => {
  await required(context, findChromium)
  const rig = await startPageRig()
  const rules = '<script type="speculationrules">{"prerender":[{"urls":["/early"],"eagerness":"immediate"}]}</script>'
  const early = `addEventListener('load', () => ${markCall(`'prerendering-' + document.prerendering`)})
  document.addEventListener('prerenderingchange', () => setTimeout(async () => {
    await pharos.flush()
    ${markCall(`'shown'`)}
  }, 100))`
  rig.site.setPage('/', rules + edgeScript(rig, whenGo(`location.href = '/early'`)))
  rig.site.setPage('/early', html(rig, 'navigation visibility') + edgeScript(rig, early))
  const marks = (): readonly string[] => marksOf(rig)
  const browser = await startBareChromium(`${rig.site.url}/`, { isReady: () => marks().length > 0 })
  rig.site.setPage('/go', 'go')
  await readUntil(marks, (seen) => seen.includes('shown'))
  const wanted = { 'page_views_total{route="/early",type="prerender"}': 1 }
  expect(await seriesWhen(rig, 'page_views_total', wanted)).toEqual(wanted)
  expect(marks()).toEqual(['prerendering-true', 'shown'])
  // It was loaded before it was shown: nobody waited.
  const totals = await rig.totals()
  const milestones = ['dom-content-loaded', 'dom-interactive', 'load']
  expect(seriesOf(totals, 'page_navigation_count')).toEqual(byPhase('count', milestones, 1))
  expect(seriesOf(totals, 'page_navigation_sum')).toEqual(byPhase('sum', milestones, 0))
  await browser.kill()
  await rig.close()
})

it('what is recorded as a page is left is counted, without a next visit', async (context) => {
  const chromium = await required(context, () => launchChromium())
  const rig = await startPageRig()
  rig.site.setPage('/', html(rig, 'visibility'))
  rig.site.setPage('/next', PLAIN)
  const page = await chromium.context.newPage()
  await page.goto(`${rig.site.url}/`)
  await page.keyboard.press('a')
  const ownSeconds = await page.evaluate(() => performance.now() / 1_000)
  await page.goto(`${rig.site.url}/next`)
  const one = await readUntil(rig.totals, (totals) => sumOf(totals, 'page_lifetime_count') >= 1)
  expect(life(one)).toEqual({ visible: 1, engaged: 1, lifetime: 1, restores: 0 })
  expect(sumOf(one, 'page_visible_sum')).toBeGreaterThanOrEqual(ownSeconds)
  expect(sumOf(one, 'page_lifetime_sum')).toBeGreaterThanOrEqual(sumOf(one, 'page_visible_sum'))
  expect(sumOf(one, 'page_engaged_sum')).toBeGreaterThan(0)
  expect(sumOf(one, 'page_engaged_sum')).toBeLessThan(sumOf(one, 'page_visible_sum'))

  await goBack(page, '/')
  await page.close()
  const two = await readUntil(rig.totals, (totals) => sumOf(totals, 'page_lifetime_count') >= 2)
  expect(life(two)).toEqual({ visible: 2, engaged: 2, lifetime: 2, restores: 1 })
  // The time in the cache is nobody's.
  expect(sumOf(two, 'page_engaged_sum')).toBe(sumOf(one, 'page_engaged_sum'))
  await chromium.close()
  await rig.close()
})

const life = (totals: Totals): object => ({
  visible: sumOf(totals, 'page_visible_count'),
  engaged: sumOf(totals, 'page_engaged_count'),
  lifetime: sumOf(totals, 'page_lifetime_count'),
  restores: sumOf(totals, 'page_restores_total'),
})

it('a page that goes to the background has one stretch of visibility, and lives on', async (context) => {
  await required(context, findChromium)
  const rig = await startPageRig()
  const toBackground = `document.addEventListener('visibilitychange', () => ${markCall('document.visibilityState')})
  open('/front')
  ${markCall(`'opened'`)}`
  rig.site.setPage('/front', PLAIN)
  rig.site.setPage('/', html(rig, 'visibility') + edgeScript(rig, toBackground))
  const marks = (): readonly string[] => marksOf(rig)
  const browser = await startBareChromium(`${rig.site.url}/`, { isReady: () => marks().length > 0 })
  const totals = await readUntil(rig.totals, (seen) => sumOf(seen, 'page_visible_count') >= 1)
  expect(await readUntil(marks, (seen) => seen.includes('hidden'))).toContain('hidden')
  expect(life(totals)).toEqual({ visible: 1, engaged: 1, lifetime: 0, restores: 0 })
  expect(sumOf(totals, 'page_engaged_sum')).toBe(0)
  await browser.kill()
  await rig.close()
})

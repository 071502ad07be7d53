import { afterAll, expect, it } from 'vitest'
import { launchChromium } from '../support/chromium.ts'
import { parseSeries } from '../support/page-expected.ts'
import { SERVICE, startPageRig, until } from '../support/page-rig.ts'
import { stopPrograms } from '../support/processes.ts'
import { required } from '../support/requirements.ts'

afterAll(stopPrograms)

/** What the library of Google Chrome itself says, kept in the very moment, since the page is about to go. */
const OWN_WEB_VITALS = `<script type="module">
import { onCLS, onFCP, onINP, onLCP, onTTFB } from '/node_modules/web-vitals/dist/web-vitals.js'
const reports = []
const keep = ({ name, value, rating }) => {
  reports.push({ name, value, rating })
  localStorage.setItem('reports', JSON.stringify(reports))
}
for (const on of [onCLS, onFCP, onINP, onLCP, onTTFB]) on(keep)
window.ready = true
</script>`

/** A large text that comes late, a shift of what is below it, and a slow answer to a click. */
const SCRIPTED = `<p id="top"></p><button style="margin: 20px">slow</button><p>below</p>
<script>
document.querySelector('button').onclick = () => {
  const end = performance.now() + 120
  while (performance.now() < end);
}
setTimeout(() => {
  document.querySelector('#top').innerHTML = '<span style="font-size: 70px">a late and large text</span>'
  requestAnimationFrame(() => setTimeout(() => (window.shifted = true), 200))
}, 300)
</script>`

interface Report {
  readonly name: string
  readonly value: number
  readonly rating: string
}

it('the vitals at the edge are what the web-vitals library reports in the same page', async (context) => {
  const { context: browser, close } = await required(context, () => launchChromium())
  const rig = await startPageRig()
  rig.site.setPage('/', rig.html({ data: { collect: 'vitals' }, body: OWN_WEB_VITALS + SCRIPTED }))
  rig.site.setPage('/next', '<link rel="icon" href="data:,">')
  const page = await browser.newPage()
  await page.goto(`${rig.site.url}/`)
  await page.waitForFunction('window.shifted && window.ready')
  await page.click('button')
  await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve, 100))))
  expect(await page.evaluate(() => window.thrown)).toEqual([])
  await page.goto(`${rig.site.url}/next`)
  const reports = JSON.parse(await page.evaluate(() => localStorage['reports'] as string)) as readonly Report[]
  const names = reports.map(({ name }) => name).sort()
  expect(names).toEqual(['CLS', 'FCP', 'INP', 'LCP', 'TTFB'])

  const totals = await until(rig.totals, (seen) => [...seen.keys()].filter(isVitalCount).length >= reports.length)
  const counts = [...totals].filter(([series]) => isVitalCount(series))
  expect(Object.fromEntries(counts)).toEqual(
    Object.fromEntries(
      reports.map(({ name, rating }) => [`${metricOf(name)}_count{rating="${rating}",service="${SERVICE}"}`, 1]),
    ),
  )
  for (const { name, value, rating } of reports) {
    const sum = totals.get(`${metricOf(name)}_sum{rating="${rating}",service="${SERVICE}"}`)
    // To half a microsecond: finer than any browser's clock.
    expect(sum).toBeCloseTo(name === 'CLS' ? value : value / 1_000, 6)
  }
  expect(reports.find(({ name }) => name === 'CLS')!.value).toBeGreaterThan(0)
  expect(reports.find(({ name }) => name === 'INP')!.value).toBeGreaterThanOrEqual(100)
  console.log(reports.map(({ name, value, rating }) => `${name} ${value} ${rating}`).join(', '))
  await close()
  await rig.close()
})

const metricOf = (name: string): string => `web_vitals_${name.toLowerCase()}${name === 'CLS' ? '' : '_seconds'}`

const isVitalCount = (series: string): boolean => /^web_vitals_.*_count$/.test(parseSeries(series).name)

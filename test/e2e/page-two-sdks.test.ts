import { expect, it } from 'vitest'
import { bundleSource } from '../support/page-bundle.ts'
import { parseSeries } from '../support/page-expected.ts'
import { sharePageParts } from '../support/page-parts.ts'
import { flushIn, SERVICE } from '../support/page-rig.ts'
import { until } from '../support/until.ts'

// A tag in the template and the package in the app, or two bundles with a copy each: people find out by doubled page views.

const parts = sharePageParts()

const PLUGINS = 'plugins: [errors(), navigation(), webVitals()]'

/** A module that starts a beacon of the built package and leaves it in the window. Another `copy` is another instance of it. */
const packageScript = (service: string, copy: number): string => `<script type="module">
import { init, errors, navigation, webVitals } from '/dist/size/all.js?copy=${copy}'
window.copy${copy} = init({ url: '${parts().rig.proxy.url}/v1/beacon', service: '${service}', ${PLUGINS} })
</script>`

/** A script that holds all of the package. */
const bundleScript = async (service: string, copy: number): Promise<string> => {
  const code = await bundleSource(`import { init, errors, navigation, webVitals } from './index.ts'
window.copy${copy} = init({ url: '${parts().rig.proxy.url}/v1/beacon', service: '${service}', ${PLUGINS} })`)
  return `<script>${code.replaceAll('</script', '<\\/script')}</script>`
}

const tag = (service: string): string =>
  `<script src="${parts().rig.proxy.url}/pharos.js" data-service="${service}" data-collect="errors navigation vitals"></script>
<script>window.copy1 = window.pharos</script>`

const PAGES: readonly (readonly [what: string, html: (service: string) => Promise<string> | string])[] = [
  ['the tag and the package', (service) => tag(service) + packageScript(service, 2)],
  ['two copies of the package', (service) => packageScript(service, 1) + packageScript(service, 2)],
  ['the tag and a bundle', async (service) => tag(service) + (await bundleScript(service, 2))],
  ['two bundles', async (service) => (await bundleScript(service, 1)) + (await bundleScript(service, 2))],
  ['a bundle before the tag', async (service) => (await bundleScript(service, 2)) + tag(service)],
]

it.each(PAGES.map(([what, html], index) => ({ what, html, index })))(
  '$what: said once, counted once',
  async ({ html, index }) => {
    const { chromium, rig, serve } = parts()
    const service = `${SERVICE}-${index}`
    const site = await serve({ '/': `<!doctype html><link rel="icon" href="data:,">${await html(service)}` })
    const page = await chromium.context.newPage()
    const said: string[] = []
    page.on('console', (message) => {
      if (message.text().includes('runs already')) said.push(message.text())
    })
    await page.goto(site.url)
    await page.waitForFunction(() => 'copy1' in window && 'copy2' in window)
    await page.evaluate(
      `setTimeout(() => { throw new Error('once') }); copy1.increment('two.clicks'); copy2.increment('two.clicks')`,
    )
    await page.evaluate(() => new Promise((resolve) => setTimeout(resolve)))
    await page.evaluate(`window.pharos = window.copy1`)
    const totals = async (): Promise<ReadonlyMap<string, number>> => {
      const series = [...(await rig.totals())].map(([text, value]) => ({ ...parseSeries(text), value }))
      return new Map(
        series.filter(({ labels }) => labels['service'] === service).map(({ name, value }) => [name, value]),
      )
    }
    const seen = await until(
      async () => {
        await flushIn(page)
        return totals()
      },
      (now) => ['two_clicks_total', 'page_errors_total', 'page_views_total'].every((name) => now.has(name)),
    )
    await page.close()
    const counts = [...seen].filter(([name]) => /_count$|_total$/.test(name) && !name.startsWith('pharos_'))
    expect(seen.get('two_clicks_total')).toBe(2)
    expect(seen.get('page_errors_total')).toBe(1)
    expect(counts.filter(([name, count]) => name !== 'two_clicks_total' && count !== 1)).toEqual([])
    expect(said).toHaveLength(1)
    expect(said[0]).toContain(`${rig.proxy.url}/v1/beacon ${service} runs already`)
  },
)

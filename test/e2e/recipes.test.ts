import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { parseSeries, seriesText, type Totals } from '../support/page-expected.ts'
import { sharePageParts } from '../support/page-parts.ts'
import { flushIn } from '../support/page-rig.ts'
import { ANGULAR_SETUPS, withAngularSetup } from '../support/recipes-angular.ts'
import { APPS } from '../support/recipes-apps.ts'
import { type Files, recipeFiles } from '../support/recipes-doc.ts'
import { bundleRecipe, createRecipeProject, withVueCompiled } from '../support/recipes-project.ts'
import { STUBS } from '../support/recipes-stubs.ts'
import { run } from '../support/run.ts'
import { readUntil } from '../support/until.ts'

const parts = sharePageParts()

/** Recipes as they stand, but for the address, and the name of the service, which tells the tests apart. */
const placed = (files: Files, service: string): Files =>
  Object.fromEntries(
    Object.entries(files).map(([path, code]) => [
      path,
      code
        .replaceAll('https://beacon.example.com', parts().rig.proxy.url)
        .replaceAll(`service: 'shop'`, `service: '${service}'`)
        .replaceAll('data-service="shop"', `data-service="${service}"`),
    ]),
  )

const htmlWith = (script: string, inRoot = ''): string =>
  `<!doctype html><link rel="icon" href="data:,"><div id="root">${inRoot}</div><app-root></app-root><script>${script.replaceAll('</script', String.raw`<\/script`)}</script>`

async function visit(html: string): Promise<Page> {
  parts().rig.site.setPage('/', html)
  const page = await parts().chromium.context.newPage()
  await page.goto(`${parts().rig.site.url}/`)
  return page
}

const click = (page: Page, name: string): Promise<void> => page.getByRole('button', { name, exact: true }).click()

/** All counters of a service, without the labels that all of them have. */
const countersOf = (totals: Totals, service: string): Record<string, number> =>
  Object.fromEntries(
    [...totals].flatMap(([series, value]) => {
      const { name, labels } = parseSeries(series)
      const { service: from, release: _, ...own } = labels
      return from === service && name.endsWith('_total') ? [[seriesText(name, own), value]] : []
    }),
  )

const counted = async (service: string): Promise<Record<string, number>> =>
  countersOf(await parts().rig.totals(), service)

const VIEW = { 'page_views_total{route="/",type="navigate"}': 1 }

const PRODUCTION = { mode: 'production', platform: 'browser' } as const

const START_KIT = `import { handleError } from './hooks.client'
import { beacon } from './beacon'
Object.assign(window, { pharos: beacon })
void handleError({ error: new RangeError('in load'), event: {}, status: 500, message: 'Internal Error' })`

/** Shows the error page of something that always throws, as the App Router does. */
const START_NEXT = `import './instrumentation-client'
import { Component, StrictMode, useEffect } from 'react'
import { createRoot } from 'react-dom/client'
import ErrorPage from './app/error'
import { beacon } from './beacon'
Object.assign(window, { pharos: beacon, effects: 0 })
const Broken = () => { throw new RangeError('always') }
const Shown = () => useEffect(() => void (window.effects++), [])
class Boundary extends Component {
  state = { error: null }
  static getDerivedStateFromError = (error) => ({ error })
  render() {
    const { error } = this.state
    return error ? <><Shown /><ErrorPage error={error} reset={() => this.setState({ error: null })} /></> : <Broken />
  }
}
createRoot(document.getElementById('root')).render(<StrictMode><Boundary /></StrictMode>)`

describe.each(Object.entries(APPS))('%s', (title, app) => {
  const main = title === 'React' ? 'src/main.tsx' : 'src/main.ts'
  /** Of the three errors that are thrown; Vue keeps all of them. */
  const errors = (['RangeError', 'TypeError', 'SyntaxError'] as const).map((name) => {
    const isCaught = title === 'Vue' || name === 'RangeError'
    return isCaught ? `component_errors_total{name="${name}"}` : `page_errors_total{kind="error",name="${name}"}`
  })

  const project = (service: string): Promise<string> =>
    createRecipeProject(withVueCompiled(placed({ ...recipeFiles(title), ...app }, service)))

  it.each(['development', 'production'] as const)('in %s: counts what happened, once', async (mode) => {
    const service = `${title}-${mode}`
    const script = await bundleRecipe(await project(service), main, { mode, platform: 'browser' })
    const page = await visit(htmlWith(script))
    for (const name of ['Buy', 'Buy', 'Buy', 'Break', 'Throw', 'Go', 'Go', 'Buy', 'Crash']) await click(page, name)
    expect(await flushIn(page)).toEqual({ acknowledged: true })
    expect(await counted(service)).toEqual({
      ...VIEW,
      'checkout_clicks_total{page="/cart"}': 4,
      'product_seen_total{}': 1,
      'page_views_total{route="/items/:id",type="route"}': 2,
      ...Object.fromEntries(errors.map((series) => [series, 1])),
    })
    // Effects run twice where StrictMode is: in React's development build.
    expect(await page.evaluate('mounted')).toBe(title === 'React' && mode === 'development' ? 2 : 1)
    await page.close()
  })

  it('renders on a server, where nothing is counted, and is hydrated', async () => {
    const service = `${title}-hydrated`
    const folder = await project(service)
    const file = join(folder, 'server.js')
    await writeFile(file, await bundleRecipe(folder, 'src/server.tsx', { mode: 'development', platform: 'node' }))
    const beacons = parts().rig.beacons().length
    const { html, ...said } = JSON.parse(await run(process.execPath, [file])) as { readonly html: string }
    expect(html).toContain('Buy')
    expect(said).toEqual({
      stats: { recorded: 0, pending: 0, acknowledged: 0, dropped: {} },
      flushed: { acknowledged: false, reason: 'inactive' },
    })
    expect(parts().rig.beacons()).toHaveLength(beacons)
    const script = await bundleRecipe(folder, 'src/hydrate.tsx', { mode: 'development', platform: 'browser' })
    const page = await visit(htmlWith(script, html))
    for (const name of ['Buy', 'Buy', 'Break']) await click(page, name)
    expect(await flushIn(page)).toEqual({ acknowledged: true })
    expect(await counted(service)).toEqual({
      ...VIEW,
      'checkout_clicks_total{page="/cart"}': 2,
      'product_seen_total{}': 1,
      'component_errors_total{name="RangeError"}': 1,
    })
    await page.close()
  })
})

describe.each(Object.entries(ANGULAR_SETUPS))('Angular, %s', (title, setup) => {
  it.each(['development', 'production'] as const)('in %s: counts what happened, once', async (mode) => {
    const service = `angular-${title}-${mode}`
    const files = placed({ ...recipeFiles('Angular'), ...STUBS['Angular'] }, service)
    const folder = await createRecipeProject(withAngularSetup(files, setup))
    const page = await visit(htmlWith(await bundleRecipe(folder, 'src/start.ts', { mode, platform: 'browser' })))
    for (const name of ['Buy', 'Buy', 'Break', 'Throw', 'Crash', 'Reject', 'Go', 'Go', 'Buy']) await click(page, name)
    expect(await flushIn(page)).toEqual({ acknowledged: true })
    expect(await counted(service)).toEqual({
      ...VIEW,
      'checkout_clicks_total{page="/cart"}': 3,
      'product_seen_total{}': 1,
      'page_views_total{route="/items/:id",type="route"}': 2,
      ...Object.fromEntries(setup.errors.map((series) => [series, 1])),
    })
    const startups = [...(await parts().rig.totals())].filter(
      ([series]) => series.startsWith('app_startup_count{') && parseSeries(series).labels['service'] === service,
    )
    expect(startups.map(([, count]) => count)).toEqual([1])
    await page.close()
  })
})

it('SvelteKit: its hook starts the beacon and counts', async () => {
  const service = 'kit'
  const files = placed({ ...recipeFiles('SvelteKit'), ...STUBS['SvelteKit'] }, service)
  const folder = await createRecipeProject({ ...files, 'src/start.ts': START_KIT })
  const page = await visit(htmlWith(await bundleRecipe(folder, 'src/start.ts', PRODUCTION)))
  expect(await flushIn(page)).toEqual({ acknowledged: true })
  expect(await counted(service)).toEqual({ ...VIEW, 'component_errors_total{name="RangeError"}': 1 })
  await page.close()
})

it('Next.js: its error page counts each error once, although effects run twice', async () => {
  const service = 'next'
  const files = placed(recipeFiles('Next.js'), service)
  const folder = await createRecipeProject({ ...files, 'src/start.tsx': START_NEXT })
  const script = await bundleRecipe(folder, 'src/start.tsx', { mode: 'development', platform: 'browser' })
  const page = await visit(htmlWith(script))
  for (let i = 0; i < 2; i++) await click(page, 'Try again')
  expect(await page.evaluate('effects')).toBe(2 * 3)
  expect(await flushIn(page)).toEqual({ acknowledged: true })
  expect(await counted(service)).toEqual({ ...VIEW, 'component_errors_total{name="RangeError"}': 3 })
  await page.close()
})

it('Next.js: its route handler counts once the response has left', async () => {
  const folder = await createRecipeProject({
    ...placed(recipeFiles('Next.js'), 'next'),
    'node_modules/next/server.js': 'export const after = (work) => void setTimeout(work)',
    'src/start.ts': `import { POST } from './app/api/orders/route'
for (let i = 0; i < 3; i++) console.log(JSON.stringify(await (await POST()).json()))`,
  })
  const file = join(folder, 'start.js')
  await writeFile(file, await bundleRecipe(folder, 'src/start.ts', { mode: 'production', platform: 'node' }))
  expect(await run(process.execPath, [file])).toBe('{"ok":true}\n'.repeat(3))
  expect(await counted('shop-server')).toEqual({ 'orders_placed_total{}': 3 })
})

/** Puts a worker, bundled, where the page asks for its file. */
const asBlob = (script: string): string =>
  `URL.createObjectURL(new Blob([${JSON.stringify(script)}], { type: 'text/javascript' }))`

it('a web worker counts by its page, a shared worker by itself', async () => {
  const service = 'workers'
  const files = placed(recipeFiles('Web workers'), service)
  const folder = await createRecipeProject(files)
  const worker = await bundleRecipe(folder, 'src/search-worker.ts', PRODUCTION)
  const shared = await bundleRecipe(folder, 'src/shared-worker.ts', PRODUCTION)
  const search = files['src/search.ts']!.replace(`new URL('./search-worker.ts', import.meta.url)`, () => asBlob(worker))
  const page = `${search}
    window.pharos = beacon
    searchWorker.addEventListener('message', () => (document.title += '.'))
    for (let i = 0; i < 3; i++) searchWorker.postMessage(null)
    new SharedWorker(${asBlob(shared)})`
  await writeFile(join(folder, 'src/search.ts'), page)
  const visited = await visit(htmlWith(await bundleRecipe(folder, 'src/search.ts', PRODUCTION)))
  await visited.waitForFunction(() => document.title === '...')
  expect(await flushIn(visited)).toEqual({ acknowledged: true })
  const wanted = { ...VIEW, 'search_queries_total{source="worker"}': 3, 'worker_pages_total{}': 1 }
  expect(
    await readUntil(
      () => counted(service),
      (counters) => 'worker_pages_total{}' in counters,
    ),
  ).toEqual(wanted)
  await visited.close()
})

it('a page with the script tag counts from the first moment', async () => {
  const service = 'tagged'
  const page = await visit(placed(recipeFiles('Without a bundler'), service)['index.html']!)
  for (let i = 0; i < 3; i++) await click(page, 'Buy')
  await page.waitForFunction(() => 'flush' in window.pharos)
  await page.evaluate(() => reportError(new RangeError('nobody caught it')))
  expect(await flushIn(page)).toEqual({ acknowledged: true })
  expect(await counted(service)).toEqual({
    'page_views_total{type="navigate"}': 1,
    'checkout_clicks_total{page="/cart"}': 3,
    'page_errors_total{kind="error",name="RangeError"}': 1,
  })
  await page.close()
})

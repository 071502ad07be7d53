import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Page } from 'playwright-core'
import { afterEach, expect, it } from 'vitest'
import { launchChromium } from '../support/chromium.ts'
import { readMetrics, total } from '../support/metrics-page.ts'
import { parseSeries } from '../support/page-expected.ts'
import { repository } from '../support/paths.ts'
import {
  answers,
  freePort,
  startProgram,
  stopPrograms,
  temporaryFolder,
  type RunningProgram,
} from '../support/processes.ts'
import { required } from '../support/requirements.ts'
import { until } from '../support/until.ts'

const run = promisify(execFile)

afterEach(stopPrograms)

async function start(port: number, storageDir: string): Promise<RunningProgram> {
  const program = await startProgram({
    command: process.execPath,
    args: [join(repository, 'demo/start.ts')],
    env: { ...process.env, PORT: String(port), PHAROS_STORAGE: storageDir },
    isReady: () => answers(`http://localhost:${port}/health`),
    readyTimeoutMs: 60_000,
  })
  await until(program.log, (log) => log.includes('Pharos is running'))
  return program
}

/** The lines that begin with `curl`, as a reader would copy them. */
const curls = (log: string): string[] => log.split('\n').flatMap((line) => /^ +(curl .*)$/.exec(line)?.[1] ?? [])

it('starts the demo, prints a beacon that counts once, and keeps the total over a restart', async () => {
  const port = await freePort()
  const storageDir = await temporaryFolder('storage')
  const url = `http://localhost:${port}`
  const first = await start(port, storageDir)
  const [send] = curls(first.log())
  for (let times = 0; times < 2; times++) expect((await run('sh', ['-c', send!])).stdout).toContain('204')
  expect(total(await readMetrics(url), 'hello_total')).toBe(1)

  const page = await fetch(`${url}/`)
  expect(page.headers.get('content-type')).toContain('text/html')
  expect(await page.text()).toContain('/demo.js')
  expect((await fetch(`${url}/pharos.js`)).status).toBe(200)

  const status = curls(first.log()).find((line) => line.includes('/v1/status'))!
  expect(JSON.parse((await run('sh', ['-c', status])).stdout)).toMatchObject({ hasOverride: false })
  expect((await fetch(`${url}/v1/status`)).status).toBe(401)
  await first.stop()

  const second = await start(port, storageDir)
  expect(total(await readMetrics(url), 'hello_total')).toBe(1)
  await run('sh', ['-c', curls(second.log())[0]!])
  expect(total(await readMetrics(url), 'hello_total')).toBe(2)
})

/** How often each button of the page is pressed. */
const PRESSED = {
  cart: 3,
  basket: 2,
  hundred: 1,
  search: 2,
  nonsense: 2,
  error: 2,
  rejection: 3,
  image: 2,
  policy: 3,
  fetch: 2,
  missing: 1,
  view: 3,
  block: 1,
}

const CART = 'checkout_clicks_total{page="/cart"}'
const FIRST_VIEW = 'page_views_total{route="view 0",type="navigate"}'

/** What the edge has to count for that. */
const COUNTED = {
  [CART]: 103,
  'checkout_clicks_total{page="/basket"}': 2,
  search_duration_count: 2,
  'pharos_dropped_total{where="page",reason="bad_name"}': 2,
  'page_errors_total{kind="error",name="DemoError"}': 2,
  'page_errors_total{kind="rejection",name="DemoRejection"}': 3,
  'page_errors_total{kind="resource",name="img"}': 2,
  'page_errors_total{kind="csp",name="img-src"}': 3,
  browser_reports_total: 3,
  'requests_duration_seconds_count{host="self",initiator="fetch",route="health",status="2xx"}': 2,
  'requests_duration_seconds_count{host="self",initiator="fetch",route="missing",status="4xx"}': 1,
  [FIRST_VIEW]: 1,
  'page_views_total{route="view 1",type="route"}': 1,
}

/** What a browser says of the errors that the page makes on purpose. */
const ON_PURPOSE = [
  'made by the demo page',
  'the server responded with a status of 404',
  'violates the following Content Security Policy directive: "img-src',
  'dropped (bad_name): not a name',
]

const press = async (page: Page, buttons: Readonly<Record<string, number>>): Promise<void> => {
  for (const [name, times] of Object.entries(buttons))
    for (let time = 0; time < times; time++) await page.click(`[data-do=${name}]`)
}

const read = (page: Page, selector: string): Promise<string> => page.locator(selector).innerText()

const stateIs = (page: Page, wanted: string): Promise<string> =>
  until(
    () => read(page, '#state'),
    (state) => state === wanted,
  )

/** Both sums, as soon as the page says that every row is equal. */
async function agreed(page: Page): Promise<readonly [here: number, edge: number]> {
  await stateIs(page, '✓ equal')
  return [Number(await read(page, '#here')), Number(await read(page, '#edge'))]
}

it('what is pressed on the page is what the edge counts: tab closed, offline, consent pending and denied', async (context) => {
  const chromium = await required(context, () => launchChromium())
  const port = await freePort()
  const url = `http://localhost:${port}`
  const program = await start(port, await temporaryFolder('storage'))
  const said: string[] = []
  chromium.context.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) said.push(message.text())
  })
  chromium.context.on('weberror', (error) => said.push(error.error().message))

  const page = await chromium.context.newPage()
  await page.goto(url)
  const shown = (await read(page, '#first-beacon')).split('\n')
  expect(curls(program.log())).toEqual(expect.arrayContaining(shown))
  await press(page, PRESSED)
  await page.close({ runBeforeUnload: true })

  const second = await chromium.context.newPage()
  await second.goto(`${url}/`)
  const [here, edge] = await agreed(second)
  expect(here).toBe(edge)
  const totals = await readMetrics(url)
  const counted = Object.keys(COUNTED).map((series) => [series, sumOf(totals, series)])
  expect(Object.fromEntries(counted)).toEqual({ ...COUNTED, [FIRST_VIEW]: 2 })
  // Final when the first page was left.
  for (const name of ['lcp', 'cls', 'inp', 'fcp', 'ttfb'])
    expect(await read(second, `[data-metric="web_vitals.${name}"]`)).toMatch(/\t[12]\t[12]\t✓/)
  expect(said.filter((text) => !ON_PURPOSE.some((part) => text.includes(part)))).toEqual([])

  await chromium.context.setOffline(true)
  await press(second, { cart: 5 })
  await stateIs(second, 'the edge does not answer')
  await chromium.context.setOffline(false)
  await agreed(second)
  expect(sumOf(await readMetrics(url), CART)).toBe(108)

  const reloaded = second.waitForEvent('load')
  await second.click('[value=pending]')
  await reloaded
  await press(second, { cart: 4, flush: 1 })
  expect(await second.evaluate(() => window.pharos.stats())).toMatchObject({ acknowledged: 0 })
  await second.check('[value=granted]')
  await press(second, { flush: 1 })
  await agreed(second)
  expect(sumOf(await readMetrics(url), CART)).toBe(112)

  await chromium.context.setOffline(true)
  await press(second, { cart: 5 })
  await stateIs(second, 'the edge does not answer')
  await second.check('[value=denied]')
  await press(second, { cart: 6 })
  await chromium.context.setOffline(false)
  await agreed(second)
  expect(sumOf(await readMetrics(url), CART)).toBe(112)
  await chromium.close()
})

/** The sum of all series that have the name and these labels, perhaps among others. */
function sumOf(metrics: ReadonlyMap<string, number>, series: string): number {
  const wanted = parseSeries(series)
  const isOf = (text: string): boolean => {
    const { name, labels } = parseSeries(text)
    return name === wanted.name && Object.entries(wanted.labels).every(([label, value]) => labels[label] === value)
  }
  return [...metrics].reduce((sum, [text, value]) => (isOf(text) ? sum + value : sum), 0)
}

it('says what to do about a port it cannot use', async () => {
  const failed = run(process.execPath, [join(repository, 'demo/start.ts')], { env: { ...process.env, PORT: 'x' } })
  await expect(failed).rejects.toMatchObject({ stderr: expect.stringContaining('PORT must be a number') as string })
})

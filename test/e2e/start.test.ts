import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { copyFileSync, existsSync, mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Page } from 'playwright-core'
import { afterEach, expect, it, onTestFinished } from 'vitest'
import { firstBeacon } from '../../demo/server/first-beacon.ts'
import { launchChromium } from '../support/chromium.ts'
import { readMetrics, total } from '../support/metrics-page.ts'
import { parseSeries } from '../support/page-expected.ts'
import { repository } from '../support/paths.ts'
import { childrenOf, isGroupAlive } from '../support/process-group.ts'
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
import { workerdProgram } from '../support/workerd.ts'

const run = promisify(execFile)

const DEMO = ['--disable-warning=ExperimentalWarning', join(repository, 'demo/start.ts')]

afterEach(stopPrograms)

/** What a test sets of the environment. */
type Variables = Readonly<Record<string, string>>

/** `npm start`, until it says that it is running. */
async function start(port: number, variables: Variables = {}): Promise<RunningProgram> {
  const program = await startProgram({
    command: process.execPath,
    args: DEMO,
    env: { ...process.env, PORT: String(port), ...variables },
    isReady: () => answers(`http://localhost:${port}/health`),
    readyTimeoutMs: 60_000,
  })
  await until(program.log, (log) => log.includes('Pharos is running'))
  return program
}

interface Refusal {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/** `npm start` where it must fail: what it says, and its exit code. One that runs after all is killed in the end. */
const refused = (port: number | string, variables: Variables = {}): Promise<Refusal> =>
  run(process.execPath, DEMO, {
    env: { ...process.env, PORT: String(port), ...variables },
    timeout: 60_000,
    killSignal: 'SIGKILL',
  }).then(
    () => Promise.reject(new Error('it did not fail')),
    (error: Refusal) => error,
  )

/** The lines that begin with `curl`, as a reader would copy them. */
const curls = (log: string): string[] => log.split('\n').flatMap((line) => /^ +(curl .*)$/.exec(line)?.[1] ?? [])

const shell = async (line: string): Promise<string> => (await run('sh', ['-c', line])).stdout

/** What the second printed line shows, by series and without the labels that do not matter here. */
const shown = async (line: string): Promise<Record<string, number>> =>
  Object.fromEntries(
    (await shell(line))
      .trim()
      .split('\n')
      .map((sample) => [
        /outcome="(\w+)"/.exec(sample)?.[1] ?? /^\w+/.exec(sample)![0],
        Number(sample.split(' ').at(-1)),
      ]),
  )

/** The group of wrangler and its runtimes. Its leader is the only child that lasts. */
const workerOf = (program: RunningProgram): Promise<number> =>
  until(
    () => childrenOf(program.pid).find((pid) => isGroupAlive(pid)) ?? 0,
    (pid) => pid > 0,
  )

const gone = (group: number): Promise<boolean> =>
  until(
    () => !isGroupAlive(group),
    (isGone) => isGone,
  )

/** Sends `times` beacons that each count one `hello`. */
async function sayHello(url: string, times: number): Promise<void> {
  for (const session of Array.from({ length: times }, () => randomBytes(12).toString('base64url')))
    expect(await shell(firstBeacon(url, session)[0]!)).toContain('204')
}

const hellos = async (url: string): Promise<number> => total(await readMetrics(url), 'hello_total')

it('prints lines that show a beacon counted once, and keeps the total over a restart', async () => {
  const port = await freePort()
  const PHAROS_STORAGE = await temporaryFolder('storage')
  const url = `http://localhost:${port}`
  const first = await start(port, { PHAROS_STORAGE })
  const [send, read] = curls(first.log())
  expect(await shell(send!)).toContain('204')
  expect(await shown(read!)).toEqual({ hello_total: 1, accepted: 1 })
  expect(await shell(send!)).toContain('204')
  expect(await shown(read!)).toEqual({ hello_total: 1, accepted: 1, duplicate: 1 })

  const page = await fetch(`${url}/`)
  expect(page.headers.get('content-type')).toContain('text/html')
  expect(await page.text()).toContain('/demo.js')
  expect((await fetch(`${url}/pharos.js`)).status).toBe(200)

  const status = curls(first.log()).find((line) => line.includes('/v1/status'))!
  expect(JSON.parse(await shell(status))).toMatchObject({ hasOverride: false })
  expect((await fetch(`${url}/v1/status`)).status).toBe(401)
  const group = await workerOf(first)
  await first.stop()
  await gone(group)

  const second = await start(port, { PHAROS_STORAGE })
  expect(await hellos(url)).toBe(1)
  await shell(curls(second.log())[0]!)
  expect(await hellos(url)).toBe(2)
})

it('checks PORT before anything is built or written', async () => {
  const PHAROS_STORAGE = join(await temporaryFolder('storage'), 'new')
  const { code, stdout, stderr } = await refused('80x', { PHAROS_STORAGE })
  expect([code, stdout]).toEqual([1, ''])
  expect(stderr).toMatch(/^PORT is "80x", but a port is a whole number from 1 to 65535\. .*\n$/)
  expect(existsSync(PHAROS_STORAGE)).toBe(false)
})

it('without npm install before it, says so', async () => {
  const folder = join(await temporaryFolder('not-installed'), 'demo')
  mkdirSync(folder)
  copyFileSync(join(repository, 'demo/npm-start.mjs'), join(folder, 'npm-start.mjs'))
  const said = { code: 1, stdout: '', stderr: 'Run npm install first, then npm start.\n' }
  await expect(run(process.execPath, [join(folder, 'npm-start.mjs')])).rejects.toMatchObject(said)
})

it('says what to do about a storage that it cannot write to', async () => {
  const file = join(await temporaryFolder('storage'), 'file')
  writeFileSync(file, '')
  const { code, stdout, stderr } = await refused(await freePort(), { PHAROS_STORAGE: file })
  expect([code, stdout]).toEqual([1, ''])
  expect(stderr).toMatch(/^The storage folder .*file cannot be used: .*EEXIST.* Set PHAROS_STORAGE to a folder .*\n$/)
})

it('refuses a port that is in use, prints nothing else and leaves the other server alone', async () => {
  const port = await freePort()
  const PHAROS_STORAGE = await temporaryFolder('storage')
  await start(port, { PHAROS_STORAGE })
  const page = join(PHAROS_STORAGE, 'page/demo.js')
  const before = statSync(page).mtimeMs
  // With the storage of the first, and with one of its own.
  for (const storage of [PHAROS_STORAGE, join(await temporaryFolder('storage'), 'new')]) {
    const { code, stdout, stderr } = await refused(port, { PHAROS_STORAGE: storage })
    expect([code, stdout]).toEqual([1, ''])
    expect(stderr).toMatch(new RegExp(`^Port ${port} is in use by another Pharos\\. .* PORT=${port + 1} npm start\n$`))
    expect(existsSync(storage)).toBe(storage === PHAROS_STORAGE)
  }
  expect(statSync(page).mtimeMs).toBe(before)
  await sayHello(`http://localhost:${port}`, 1)
})

it('servers on two ports store apart: both totals are right after a restart', async () => {
  const ports = [await freePort(), await freePort()] as const
  const urls = ports.map((port) => `http://localhost:${port}`)
  const folders = ports.map((port) => join(repository, '.pharos', String(port)))
  onTestFinished(() => {
    for (const folder of folders) rmSync(folder, { recursive: true, force: true })
  })
  const startBoth = (): Promise<RunningProgram[]> =>
    Promise.all(ports.map((port) => start(port, { PHAROS_STORAGE: '' })))

  const programs = await startBoth()
  await Promise.all([sayHello(urls[0]!, 4), sayHello(urls[1]!, 2)])
  const groups = await Promise.all(programs.map(workerOf))
  await Promise.all(programs.map((program) => program.stop()))
  await Promise.all(groups.map(gone))

  await startBoth()
  expect(await Promise.all(urls.map(hellos))).toEqual([4, 2])
})

it('refuses a storage that is in use; killed with -9, the server leaves neither a process nor a lock', async () => {
  const [port, other] = [await freePort(), await freePort()]
  const PHAROS_STORAGE = await temporaryFolder('storage')
  const first = await start(port, { PHAROS_STORAGE })
  await sayHello(`http://localhost:${port}`, 3)

  const { code, stdout, stderr } = await refused(other, { PHAROS_STORAGE })
  expect([code, stdout]).toEqual([1, ''])
  expect(stderr).toContain(`${PHAROS_STORAGE} is in use by the Pharos on port ${port} (process ${first.pid}).`)
  expect(stderr).toContain(`PHAROS_STORAGE=.pharos/${other}`)
  await sayHello(`http://localhost:${port}`, 1)

  const group = await workerOf(first)
  await first.kill()
  await gone(group)
  await start(other, { PHAROS_STORAGE })
  expect(await hellos(`http://localhost:${other}`)).toBe(4)
})

it('ends when wrangler is killed, and takes its runtimes along', async () => {
  const program = await start(await freePort(), { PHAROS_STORAGE: await temporaryFolder('storage') })
  const wrangler = await workerOf(program)
  process.kill(wrangler, 'SIGKILL')
  await gone(wrangler)
  expect(await until(program.log, (log) => log.includes('SIGKILL'))).toContain('The worker was ended by SIGKILL.')
})

it('shows why wrangler failed', async () => {
  const PHAROS_STORAGE = await temporaryFolder('storage')
  const { code, stdout, stderr } = await refused(await freePort(), {
    PHAROS_STORAGE,
    MINIFLARE_WORKERD_PATH: join(PHAROS_STORAGE, 'no-workerd'),
  })
  expect(code).toBe(1)
  expect(stderr).toContain('no-workerd')
  expect(stderr).toMatch(/The worker ended with exit code 1\. Its own message is above\.\n$/)
  expect(stdout).not.toMatch(/running|Bearer/)
})

/** The runtime of wrangler, which starts once the gate is open. */
async function gatedWorkerd(): Promise<{ file: string; reached: string; open: () => void }> {
  const folder = await temporaryFolder('gate')
  const [file, reached, gate] = ['workerd', 'reached', 'gate'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ]
  const wait = `: >'${reached}'; while [ ! -e '${gate}' ]; do sleep 0.05; done`
  writeFileSync(file, `#!/bin/sh\n${wait}\nexec '${workerdProgram()}' "$@"\n`, { mode: 0o755 })
  return { file, reached, open: () => writeFileSync(gate, '') }
}

it('takes no other server for its own that came to the port after it was checked', async () => {
  const port = await freePort()
  const workerd = await gatedWorkerd()
  const refusal = refused(port, {
    PHAROS_STORAGE: await temporaryFolder('storage'),
    MINIFLARE_WORKERD_PATH: workerd.file,
  })
  await until(
    () => existsSync(workerd.reached),
    (isReached) => isReached,
  )
  const other = createServer((_request, response) => response.end('{"status":"ok"}')).listen(port, '127.0.0.1')
  onTestFinished(() => void other.close())
  await once(other, 'listening')
  workerd.open()
  const { code, stdout, stderr } = await refusal
  expect(code).toBe(1)
  expect(stderr).toContain(`Port ${port} is in use by another program.`)
  expect(stdout).not.toMatch(/running|Bearer/)
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
  'counter "pharos.nonsense"',
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
  const program = await start(port, { PHAROS_STORAGE: await temporaryFolder('storage') })
  const said: string[] = []
  chromium.context.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) said.push(message.text())
  })
  chromium.context.on('weberror', (error) => said.push(error.error().message))

  const page = await chromium.context.newPage()
  await page.goto(url)
  const onPage = (await read(page, '#first-beacon')).split('\n')
  expect(curls(program.log()).slice(0, 2)).toEqual(onPage)
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

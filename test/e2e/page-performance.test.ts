import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { isDeepStrictEqual } from 'node:util'
import type { Page } from 'playwright-core'
import { afterAll, expect, it } from 'vitest'
import { launchChromium } from '../support/chromium.ts'
import { beaconScript } from '../support/page-bundle.ts'
import { type Labels, seriesText, type Totals } from '../support/page-expected.ts'
import { type PageRig, SERVICE, startPageRig } from '../support/page-rig.ts'
import { stopPrograms } from '../support/processes.ts'
import { required } from '../support/requirements.ts'
import { readUntil } from '../support/until.ts'

afterAll(stopPrograms)

const METRICS = {
  'requests.duration': { unit: 's' },
  'requests.size': { unit: 'By' },
  'page.blocking': { unit: 's' },
}

/** Blocks its page for as long as `window.busyMs` says. */
const BUSY = 'for (const end = performance.now() + window.busyMs; performance.now() < end; );'

/** Serves what a page asks for, below any folder: as its own origin and, with `/open` or `/timed`, as another that allows more. */
async function startApi(page: () => string): Promise<{ url: string; sameHost: string; close: () => void }> {
  const server = createServer((request, response) => {
    const path = request.url ?? '/'
    if (path === '/' || path === '/next') {
      response.writeHead(200, { 'content-type': 'text/html;charset=UTF-8' })
      response.end(path === '/' ? page() : '<link rel="icon" href="data:,">')
      return
    }
    if (path.endsWith('/gone')) {
      request.socket.destroy()
      return
    }
    if (/open|timed/.test(path)) response.setHeader('access-control-allow-origin', '*')
    if (path.includes('timed')) response.setHeader('timing-allow-origin', '*')
    if (path.endsWith('/kept')) response.setHeader('cache-control', 'max-age=600')
    if (path.endsWith('.js')) response.setHeader('content-type', 'text/javascript')
    response.statusCode = Number(/\d{3}$/.exec(path)?.[0] ?? 200)
    response.end(path.endsWith('.js') ? BUSY : 'x'.repeat(2_000))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    sameHost: `http://localhost:${port}`,
    close: () => {
      server.close()
      server.closeAllConnections()
    },
  }
}

/**
 * What the browser says to a plain observer, kept in the very moment, since the page is about to go. That is later than the page
 * has its answer (50 ms and more where the answer is opaque), and never once the page has gone: `whenKept` waits for it.
 */
const OWN_OBSERVER = `<script>
const kept = []
const waits = new Set()
const keep = (entries) => {
  kept.push(...entries.map((entry) => entry.toJSON()))
  localStorage.setItem('entries', JSON.stringify(kept))
  for (const check of waits) check()
}
const whenKept = (count, isWanted) => new Promise((resolve) => {
  const check = () => {
    if (kept.filter(isWanted).length < count) return
    waits.delete(check)
    resolve()
  }
  waits.add(check)
  check()
})
for (const type of ['resource', 'long-animation-frame']) {
  const observer = new PerformanceObserver((list) => keep(list.getEntries()))
  observer.observe({ type, buffered: true })
  addEventListener('visibilitychange', () => keep(observer.takeRecords()), true)
}
</script>`

interface Entry {
  readonly entryType: string
  readonly name: string
  readonly initiatorType: string
  readonly duration: number
  readonly responseStatus: number
  readonly transferSize: number
  readonly blockingDuration: number
  readonly scripts: readonly {
    readonly sourceURL: string
    readonly sourceFunctionName: string
    readonly duration: number
  }[]
}

/** Whether it is a frame that was blocked on purpose. Runs in the page too. */
const isBusy = ({ scripts = [] }: Partial<Entry>): boolean =>
  scripts.some(({ sourceFunctionName: name, sourceURL: url }) => name === 'busy' || url.endsWith('/busy.js'))

/** Leaves the page, and returns what its own observer kept. */
async function leave(page: Page, url: string): Promise<readonly Entry[]> {
  await page.goto(`${url}/next`)
  return JSON.parse(await page.evaluate(() => localStorage['entries'] as string)) as readonly Entry[]
}

interface Observation {
  readonly labels: Labels
  readonly value: number
}

/** The counts of a histogram at the edge, without buckets. */
function countsOf(totals: Totals, metric: string): Record<string, number> {
  return Object.fromEntries([...totals].filter(([series]) => series.startsWith(`${metric}_count{`)))
}

/** What a histogram at the edge must hold: every observation, each to the microsecond. */
async function expectObservations(rig: PageRig, metric: string, observations: readonly Observation[]): Promise<void> {
  const series = (suffix: string, labels: Labels): string =>
    seriesText(`${metric}_${suffix}`, { ...labels, service: SERVICE })
  const groups = Map.groupBy(observations, ({ labels }) => series('count', labels))
  const counts = Object.fromEntries([...groups].map(([name, group]) => [name, group.length]))
  const isThere = (totals: Totals): boolean => isDeepStrictEqual(countsOf(totals, metric), counts)
  const totals = await readUntil(rig.totals, isThere)
  expect(countsOf(totals, metric)).toEqual(counts)
  for (const group of groups.values()) {
    const sum = group.reduce((total, { value }) => total + value, 0)
    const seen = totals.get(series('sum', group[0]!.labels))
    expect(Math.abs(seen! - sum)).toBeLessThanOrEqual(0.51e-6 * group.length)
  }
}

it('every fetch and XHR is counted once, as the browser saw it, and no beacon', async (context) => {
  const chromium = await required(context, () => launchChromium())
  const rig = await startPageRig({ metrics: METRICS })
  let html = ''
  const api = await startApi(() => html)
  const script = await beaconScript(
    rig,
    `import { requests } from './plugins/requests.ts'`,
    `requests({
      hosts: { '${new URL(api.sameHost).host}': 'api' },
      route: ({ pathname }) => (pathname.includes('/items/') ? 'item' : undefined),
      ignore: ({ pathname }) => pathname === '/ignored',
    })`,
  )
  html = `<!doctype html><link rel="icon" href="data:,">${OWN_OBSERVER}
<script>const early = fetch('/early').then((response) => response.text())</script>
<script>window.begin = () => { ${script.replace(/<\/?script>/g, '')} }</script>`
  const page = await chromium.context.newPage()
  await page.goto(`${api.url}/`)
  await page.evaluate(`early.then(begin)`)
  await page.evaluate(
    async ({ sameHost, edge }) => {
      const get = (url: string, options?: RequestInit): Promise<unknown> =>
        fetch(url, options)
          .then((response) => response.text())
          .catch(() => undefined)
      const xhr = (url: string): Promise<unknown> =>
        new Promise((resolve) => {
          const request = new XMLHttpRequest()
          request.addEventListener('loadend', resolve)
          request.open('POST', url)
          request.send('x')
        })
      await Promise.all(['/items/1', '/items/2', '/404', '/500', '/gone', '/ignored', '/kept'].map((path) => get(path)))
      await get('/kept')
      await Promise.all([xhr('/items/3'), xhr('/503'), get(`${sameHost}/open`), get(`${sameHost}/timed/404`)])
      await Promise.all([get(`${sameHost}/closed`), get(`${sameHost}/closed`, { mode: 'no-cors' })])
      await get(`${edge}/health`)
      window.pharos.increment('page.asked')
      await window.pharos.flush()
    },
    { sameHost: api.sameHost, edge: rig.proxy.url },
  )
  // Those of before and after the start, the one that is not to be counted, and the beacon of the flush.
  await page.evaluate('whenKept(17, ({ initiatorType }) => /fetch|xmlhttp/.test(initiatorType))')
  expect(rig.beacons().length).toBeGreaterThan(0)
  const entries = (await leave(page, api.url)).filter(({ initiatorType }) => /fetch|xmlhttp/.test(initiatorType))
  const hostOf = (name: string): string =>
    name.startsWith(api.url) ? 'self' : name.startsWith(api.sameHost) ? 'api' : 'other'
  const counted = entries.filter(({ name }) => !name.startsWith(rig.proxy.url + '/v1') && !name.endsWith('/ignored'))
  const labelled = counted.map(({ name, initiatorType, responseStatus, duration, transferSize }) => ({
    labels: {
      host: hostOf(name),
      initiator: initiatorType,
      route: name.includes('/items/') ? 'item' : 'other',
      status: responseStatus ? `${String(responseStatus)[0]}xx` : 'unknown',
    },
    duration: duration / 1_000,
    size: transferSize,
  }))
  const summary = Map.groupBy(labelled, ({ labels }) => Object.values(labels).join(' '))
  expect(Object.fromEntries([...summary].map(([labels, group]) => [labels, group.length]))).toEqual({
    // One of them is of before the start, one came from the cache.
    'self fetch other 2xx': 3,
    'self fetch item 2xx': 2,
    'self fetch other 4xx': 1,
    'self fetch other 5xx': 1,
    'self fetch other unknown': 1,
    'self xmlhttprequest item 2xx': 1,
    'self xmlhttprequest other 5xx': 1,
    'api fetch other 2xx': 1,
    'api fetch other 4xx': 1,
    'api fetch other unknown': 2,
    'other fetch other unknown': 1,
  })
  await expectObservations(
    rig,
    'requests_duration_seconds',
    labelled.map(({ labels, duration }) => ({ labels, value: duration })),
  )
  await expectObservations(
    rig,
    'requests_size_bytes',
    labelled.filter(({ size }) => size > 0).map(({ labels, size }) => ({ labels, value: size })),
  )
  api.close()
  await chromium.close()
  await rig.close()
})

it('long frames are what the browser saw, by the origin of their longest script', async (context) => {
  const chromium = await required(context, () => launchChromium())
  const rig = await startPageRig({ metrics: METRICS })
  let html = ''
  const api = await startApi(() => html)
  const script = await beaconScript(rig, `import { longTasks } from './plugins/long-tasks.ts'`, 'longTasks()')
  html = `<!doctype html><link rel="icon" href="data:,">${OWN_OBSERVER}${script}<p>a page</p>
<script>
function busy() { ${BUSY} }
const isBusy = ${String(isBusy)}
let count = 0
const run = (ms, start) => {
  window.busyMs = ms
  start()
  return whenKept(++count, isBusy)
}
const runSelf = (ms) => run(ms, () => setTimeout(busy))
const runOther = (ms) =>
  run(ms, () => document.body.append(Object.assign(document.createElement('script'), { src: '${api.sameHost}/busy.js' })))
</script>`
  const page = await chromium.context.newPage()
  await page.goto(`${api.url}/`)
  await page.evaluate('runSelf(250).then(() => runOther(300)).then(() => runSelf(200))')
  const entries = await leave(page, api.url)
  const frames = entries.filter(({ entryType }) => entryType === 'long-animation-frame')
  const observationOf = ({ blockingDuration, scripts }: Entry) => {
    const [longest] = scripts.toSorted((a, b) => b.duration - a.duration)
    const source = !longest?.sourceURL ? 'unknown' : longest.sourceURL.startsWith(api.url) ? 'self' : 'other'
    return { labels: { kind: 'frame', source }, value: blockingDuration / 1_000 }
  }
  // A loaded machine has long frames of its own.
  const busy = frames.filter(isBusy).map(observationOf)
  expect(busy.map(({ labels }) => labels.source)).toEqual(['self', 'other', 'self'])
  for (const [index, ms] of [250, 300, 200].entries()) expect(busy[index]!.value).toBeGreaterThan((ms - 60) / 1_000)
  await expectObservations(rig, 'page_blocking_seconds', frames.map(observationOf))
  const totals = await rig.totals()
  for (const [series, count] of Object.entries(countsOf(totals, 'page_blocking_seconds')))
    expect(totals.get(series.replace('blocking_seconds_count', 'long_frames_total'))).toBe(count)
  api.close()
  await chromium.close()
  await rig.close()
})

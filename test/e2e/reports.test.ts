import { once } from 'node:events'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer, type Server } from 'node:https'
import type { AddressInfo } from 'node:net'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it, type TestContext } from 'vitest'
import { MAX_BODY_BYTES } from '../../src/protocol/limits.ts'
import { launchChromium, type RunningChromium } from '../support/chromium.ts'
import { readMetrics } from '../support/metrics-page.ts'
import { stopPrograms } from '../support/processes.ts'
import { required } from '../support/requirements.ts'
import { selfSigned } from '../support/self-signed.ts'
import { startWorkerd, type RunningWorkerd } from '../support/workerd.ts'
import { readUntil } from '../support/until.ts'

// Reports come from secure pages and go to secure endpoints only, loopback or not: so there is a certificate, and a server
// that is the site as `localhost` and the worker as `127.0.0.1`. It answers and forwards; it changes nothing.
const { key, cert, chromiumArg } = selfSigned()

interface Received {
  readonly method: string
  readonly contentType: string | undefined
  readonly origin: string | undefined
  readonly body: string
}

let worker: RunningWorkerd
let server: Server
let chromium: RunningChromium | undefined
let port: number
const received: Received[] = []

beforeAll(async () => {
  server = createServer({ key, cert }, (request, response) => void answer(request, response))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  port = (server.address() as AddressInfo).port
  worker = await startWorkerd({ config: { origins: [site()] } })
})

afterAll(async () => {
  await chromium?.close()
  await stopPrograms()
  server.closeAllConnections()
  server.close()
})

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { method = 'GET', url: path = '/', headers } = request
  const body = Buffer.from(await new Response(request as never).arrayBuffer())
  if (!path.startsWith('/v1/reports')) {
    response.writeHead(...pageOf(path)).end(bodyOf(path))
    return
  }
  const { origin, 'content-type': contentType } = headers
  received.push({ method, contentType, origin, body: body.toString() })
  const { status, headers: answered } = await fetch(worker.url + path, {
    method,
    headers: { ...(origin && { origin }), ...(contentType && { 'content-type': contentType }) },
    ...(method === 'POST' && { body }),
  })
  response.writeHead(status, Object.fromEntries(answered)).end()
}

const site = (): string => `https://localhost:${port}`
const endpoint = (): string => `https://127.0.0.1:${port}/v1/reports?service=shop&release=1.4.2`

/** Many images, with an address and a policy of usual lengths. Chromium itself keeps no more than 100 reports of all kinds. */
const IMAGES = 60
const LONG_POLICY = Array.from({ length: 20 }, (_, i) => `https://cdn-${i}.static.shop.example.com`).join(' ')

const pageOf = (path: string): [number, Record<string, string>] => [
  path === '/missing' ? 404 : 200,
  {
    'content-type': 'text/html;charset=UTF-8',
    'reporting-endpoints': `default="${endpoint()}", pharos="${endpoint()}"`,
    'content-security-policy': "script-src 'unsafe-inline'; report-to pharos",
    'content-security-policy-report-only': `img-src ${LONG_POLICY} data:; report-to pharos`,
    'permissions-policy': 'geolocation=();report-to=pharos',
    'cross-origin-embedder-policy-report-only': 'require-corp; report-to="pharos"',
    'report-to': JSON.stringify({ group: 'pharos-nel', max_age: 3_600, endpoints: [{ url: endpoint() }] }),
    nel: JSON.stringify({ report_to: 'pharos-nel', max_age: 3_600 }),
  },
]

const bodyOf = (path: string): string => {
  const icon = '<!doctype html><link rel="icon" href="data:,"><body style="height: 5000px">'
  const image = (_: unknown, i: number): string =>
    `<img src="/products/${i}/large.jpg?width=640&height=480&format=webp">`
  return path === '/images' ? icon + Array.from({ length: IMAGES }, image).join('') : icon
}

const browser = async (context: TestContext): Promise<RunningChromium> =>
  (chromium ??= await required(context, () => launchChromium({ args: ['--short-reporting-delay', chromiumArg] })))

async function open(context: TestContext, path = '/'): Promise<Page> {
  const { context: tabs } = await browser(context)
  const page = await tabs.newPage()
  await page.goto(site() + path)
  return page
}

/** Reports that were counted, by their labels. */
type Counts = Readonly<Record<string, number>>

async function counts(): Promise<Counts> {
  const metrics = [...(await readMetrics(worker.url))]
  const reports = metrics.filter(([series]) => series.startsWith('browser_reports_total{'))
  return Object.fromEntries(reports.map(([series, value]) => [series.slice('browser_reports_total'.length), value]))
}

/** What was counted since `before`. */
async function added(before: Counts, isAll: (more: Counts) => boolean): Promise<Counts> {
  const more = async (): Promise<Counts> =>
    Object.fromEntries(
      Object.entries(await counts())
        .map(([series, value]) => [series, value - (before[series] ?? 0)] as const)
        .filter(([, value]) => value > 0),
    )
  return readUntil(more, isAll)
}

/** As `/metrics` prints them: sorted, with what the address of the endpoint says. */
const labelsOf = (text: string): string =>
  `{${[...text.split(' '), 'release="1.4.2"', 'service="shop"'].sort().join(',')}}`

it.for<[string, string, (page: Page) => Promise<unknown>]>([
  [
    'a crash',
    'reason="unknown" type="crash"',
    async (page) => {
      const session = await page.context().newCDPSession(page)
      const crashed = page.waitForEvent('crash')
      // It never answers: there is nobody left.
      void session.send('Page.crash').catch(() => undefined)
      await crashed
    },
  ],
  [
    'something deprecated',
    'id="UnloadHandler" type="deprecation"',
    (page) => page.evaluate(() => addEventListener('unload', () => undefined)),
  ],
  [
    'an intervention',
    'id="PreventDefaultPassive" type="intervention"',
    async (page) => {
      await page.evaluate(() => addEventListener('wheel', (event) => event.preventDefault()))
      await page.mouse.wheel(0, 100)
    },
  ],
  [
    'a violation of the content security policy',
    'directive="script-src-elem" disposition="enforce" type="csp-violation"',
    (page) =>
      page.evaluate(() => {
        document.body.append(Object.assign(document.createElement('script'), { src: 'https://evil.example/x.js' }))
      }),
  ],
  [
    'a violation of the permissions policy',
    'disposition="enforce" id="geolocation" type="permissions-policy-violation"',
    (page) => page.evaluate(() => navigator.geolocation.getCurrentPosition(() => undefined)),
  ],
  [
    'an answer that is an error',
    'error="http.error" phase="application" status="4xx" type="network-error"',
    (page) => page.evaluate(() => fetch('/missing')),
  ],
])('%s is counted', async ([, expected, happen], context) => {
  const page = await open(context)
  const before = await counts()
  await happen(page)
  const series = labelsOf(expected)
  const more = await added(before, (it) => it[series] !== undefined)
  expect(more).toEqual({ [series]: 1 })
  await page.close()
})

// Chromium 156 says `oom`; Chromium 150 gives no reason (the body is `{"is_top_level":true,"visibility_state":"visible"}`).
it('a page that ran out of memory is counted, with the reason that this Chromium gives', async (context) => {
  const page = await open(context)
  const before = await counts()
  received.length = 0
  const crashed = page.waitForEvent('crash')
  void page.goto('chrome://memory-exhaust').catch(() => undefined)
  await crashed
  const more = await added(before, (it) => Object.keys(it).length > 0)
  const [report] = received.flatMap(({ body }) => (body ? (JSON.parse(body) as { body: { reason?: string } }[]) : []))
  const reason = report?.body.reason
  expect(['oom', undefined]).toContain(reason)
  expect(more).toEqual({ [labelsOf(`reason="${reason ?? 'unknown'}" type="crash"`)]: 1 })
  await page.close()
})

it('each of many violations is counted, though together they are more than fit a beacon', async (context) => {
  const before = await counts()
  received.length = 0
  const page = await open(context, '/images')
  const series = labelsOf('directive="img-src" disposition="report" type="csp-violation"')
  const more = await added(before, (it) => (it[series] ?? 0) >= IMAGES)
  expect(more[series]).toBe(IMAGES)
  // How many requests it takes is Chromium's affair: mostly two, of which one has nearly all.
  const bytes = received.map(({ body }) => body.length)
  expect(bytes.reduce((sum, length) => sum + length, 0)).toBeGreaterThan(MAX_BODY_BYTES)
  console.log('bodies with reports, bytes:', bytes.filter((length) => length > 0).join(', '))
  await page.close()
})

it('reports come from the origin of the page, after a preflight, and nothing of them but counts is kept', async (context) => {
  await browser(context)
  expect(new Set(received.map(({ method }) => method))).toEqual(new Set(['OPTIONS', 'POST']))
  const posted = received.filter(({ method }) => method === 'POST')
  expect(new Set(posted.map(({ contentType }) => contentType))).toEqual(new Set(['application/reports+json']))
  expect(new Set(received.map(({ origin }) => origin))).toEqual(new Set([site()]))
  const text = await (await fetch(`${worker.url}/metrics`)).text()
  expect(text).not.toMatch(/localhost|Mozilla|large\.jpg|evil/)
  expect(text).not.toMatch(/refused|pharos_dropped/)
})

import { once } from 'node:events'
import { spawn } from 'node:child_process'
import { mkdir, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { build } from 'esbuild'
import { afterEach, expect, it, vi } from 'vitest'
import { SETTINGS_TTL_MS } from '../../src/protocol/send-state.ts'
import { createEdgeClient } from '../../src/edge/index.ts'
import { startFaultProxy, type Fault, type FaultProxy } from '../support/fault-proxy.ts'
import { readMetrics } from '../support/metrics-page.ts'
import { repository } from '../support/paths.ts'
import { answers, freePort, startProgram, stopPrograms, temporaryFolder } from '../support/processes.ts'
import { until } from '../support/until.ts'
import { COMPATIBILITY_DATE, startWorkerd } from '../support/workerd.ts'

const proxies: FaultProxy[] = []
const openProxy = async (url: string): Promise<FaultProxy> => {
  const proxy = await startFaultProxy(url)
  proxies.push(proxy)
  return proxy
}

afterEach(async () => {
  vi.restoreAllMocks()
  await stopPrograms()
  for (const proxy of proxies.splice(0)) await proxy.close()
})

const FAULTS: readonly Fault[] = [
  { kind: 'pass' },
  { kind: 'down' },
  { kind: 'drop-answer' },
  { kind: 'duplicate', times: 3 },
  { kind: 'status', status: 503 },
  { kind: 'status', status: 429, headers: { 'retry-after': '1' } },
  { kind: 'status', status: 500 },
  { kind: 'drop-answer' },
]

/** So many requests came, deliveries of them more than one of the same batches. */
const duplicates = async (url: string): Promise<number> =>
  (await readMetrics(url)).get('pharos_batches_total{outcome="duplicate"}') ?? 0

it('counts once from Node, through a network that breaks and a worker that is killed', async () => {
  let worker = await startWorkerd()
  const proxy = await openProxy(worker.url)
  const client = createEdgeClient({ url: `${proxy.url}/v1/beacon`, service: 'orders', flushTimeoutMs: 30_000 })
  let [orders, amount, calls] = [0, 0, 0]
  for (const [i, fault] of [...FAULTS, ...FAULTS].entries()) {
    proxy.set(fault)
    for (let n = 1; n <= 50; n++) {
      client.increment('placed.orders', n, { lane: n % 3 })
      client.observe('placed.amount', n / 4)
      orders += n
      amount += n / 4
      calls += 2
    }
    const before = proxy.requests.length
    const flushed = client.flush()
    await until(
      () => proxy.requests.length,
      (requests) => requests > before,
    )
    if (i === FAULTS.length) {
      await worker.kill()
      worker = await worker.restart()
    }
    proxy.set({ kind: 'pass' })
    expect(await flushed).toEqual({ acknowledged: true })
  }
  expect(client.stats()).toEqual({ recorded: calls, pending: 0, acknowledged: calls, dropped: {}, enabled: true })
  const metrics = await readMetrics(worker.url)
  const ofLane = (lane: number): number => metrics.get(`placed_orders_total{lane="${lane}",service="orders"}`) ?? 0
  expect(ofLane(0) + ofLane(1) + ofLane(2)).toBe(orders)
  expect(metrics.get('placed_amount_sum{service="orders"}')).toBe(amount)
  expect(metrics.get('placed_amount_count{service="orders"}')).toBe(calls / 2)
  expect(await duplicates(worker.url)).toBeGreaterThan(4)
})

it('leaves with a process of its own: shutdown sends, and nothing keeps the process from ending', async () => {
  const worker = await startWorkerd()
  const script = join(await temporaryFolder('node'), 'app.ts')
  const entry = join(repository, 'src/edge/index.ts')
  await writeFile(
    script,
    `import { createEdgeClient } from ${JSON.stringify(entry)}
     const client = createEdgeClient({ url: ${JSON.stringify(worker.beaconUrl)}, service: 'job', flushIntervalMs: 86_400_000 })
     client.increment('job.rows', 7)
     if (process.argv[2] === 'shutdown') console.log(JSON.stringify(await client.shutdown()))`,
  )
  const run = async (how: string): Promise<string> => {
    const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', script, how])
    const printed: Buffer[] = []
    child.stdout.on('data', (chunk: Buffer) => printed.push(chunk))
    const [code] = (await once(child, 'close')) as [number]
    expect(code).toBe(0)
    return Buffer.concat(printed).toString().trim()
  }
  expect(await run('shutdown')).toBe('{"acknowledged":true}')
  expect(await run('just end')).toBe('')
  expect((await readMetrics(worker.url)).get('job_rows_total{service="job"}')).toBe(7)
})

it('stops when the worker switches its clients off, and is back when that is over', async () => {
  const ADMIN_TOKEN = 'the-operator-and-nobody-else'
  const worker = await startWorkerd({ secrets: { ADMIN_TOKEN } })
  const change = async (method: string, body?: string): Promise<void> => {
    const headers = { authorization: `Bearer ${ADMIN_TOKEN}` }
    const response = await fetch(`${worker.url}/v1/config`, { method, headers, ...(body && { body }) })
    expect(response.status).toBe(200)
  }
  const client = createEdgeClient({ url: worker.beaconUrl })
  const send = (): ReturnType<typeof client.flush> => {
    client.increment('jobs')
    return client.flush()
  }
  expect(await send()).toEqual({ acknowledged: true })
  await change('PUT', '{"page":{"enabled":false}}')
  expect(await send()).toEqual({ acknowledged: true })
  const inactive = { acknowledged: false, reason: 'inactive' }
  expect(await send()).toEqual(inactive)
  await change('DELETE')
  expect(await send()).toEqual(inactive)
  expect(client.stats()).toEqual({ recorded: 2, pending: 0, acknowledged: 2, dropped: {}, enabled: false })
  const now = performance.now.bind(performance)
  vi.spyOn(performance, 'now').mockImplementation(() => now() + SETTINGS_TTL_MS)
  expect(client.stats().enabled).toBe(true)
  for (let i = 0; i < 2; i++) expect(await send()).toEqual({ acknowledged: true })
  expect((await readMetrics(worker.url)).get('jobs_total')).toBe(4)
})

/** A Worker that counts its requests, through a service binding that leads to `target`. */
async function startApp(target: string): Promise<string> {
  const folder = await temporaryFolder('app')
  await mkdir(folder, { recursive: true })
  await build({
    bundle: true,
    format: 'esm',
    external: ['cloudflare:workers'],
    outfile: join(folder, 'app.js'),
    stdin: {
      resolveDir: repository,
      contents: `
        import { env } from 'cloudflare:workers'
        import { createEdgeClient } from './src/edge/index.ts'
        const client = createEdgeClient({
          url: 'https://pharos.internal/v1/beacon',
          fetch: (url, init) => env.PHAROS.fetch(url, init),
          service: 'app',
          attributes: { runtime: 'workerd' },
          flushTimeoutMs: 15_000,
        })
        client.increment('app.starts')
        export default {
          async fetch(request, _, ctx) {
            const { pathname } = new URL(request.url)
            if (pathname === '/stats') return Response.json(client.stats())
            client.increment('app.requests', 1, { pathname })
            client.observe('app.size', 0.25)
            if (pathname === '/wait') return Response.json(await client.flush())
            ctx.waitUntil(client.flush())
            return new Response('ok')
          },
        }`,
    },
  })
  const port = await freePort()
  const file = join(folder, 'app.capnp')
  await writeFile(
    file,
    `using Workerd = import "/workerd/workerd.capnp";
    const config :Workerd.Config = (
      services = [
        (name = "main", worker = .app),
        (name = "pharos", external = (address = ${JSON.stringify(new URL(target).host)}, http = ())),
      ],
      sockets = [(name = "http", address = "127.0.0.1:${port}", http = (), service = "main")],
    );
    const app :Workerd.Worker = (
      modules = [(name = "app.js", esModule = embed "app.js")],
      compatibilityDate = "${COMPATIBILITY_DATE}",
      bindings = [(name = "PHAROS", service = "pharos")],
    );`,
  )
  const fromWrangler = createRequire(createRequire(import.meta.url).resolve('wrangler/package.json'))
  const url = `http://127.0.0.1:${port}`
  const { default: command } = fromWrangler('workerd') as { default: string }
  await startProgram({ command, args: ['serve', file], isReady: () => answers(`${url}/stats`) })
  return url
}

it('counts once from another Worker through a service binding, whatever happens in between', async () => {
  const worker = await startWorkerd()
  const proxy = await openProxy(worker.url)
  const app = await startApp(proxy.url)
  const sent: Record<string, number> = {}
  const ask = async (pathname: string): Promise<string> => {
    sent[pathname] = (sent[pathname] ?? 0) + 1
    return (await fetch(app + pathname)).text()
  }
  for (const fault of FAULTS) {
    proxy.set(fault)
    const before = proxy.requests.length
    await Promise.all(Array.from({ length: 40 }, (_, i) => ask(i % 2 ? '/odd' : '/even')))
    await until(
      () => proxy.requests.length,
      (requests) => requests > before,
    )
    proxy.set({ kind: 'pass' })
    await until(
      () => ask('/wait'),
      (result) => result === '{"acknowledged":true}',
    )
  }
  const total = Object.values(sent).reduce((sum, count) => sum + count)
  const stats = await (await fetch(`${app}/stats`)).json()
  expect(stats).toEqual({
    recorded: 2 * total + 1,
    pending: 0,
    acknowledged: 2 * total + 1,
    dropped: {},
    enabled: true,
  })
  const metrics = await readMetrics(worker.url)
  const labels = 'runtime="workerd",service="app"'
  for (const [pathname, count] of Object.entries(sent))
    expect(metrics.get(`app_requests_total{pathname="${pathname}",${labels}}`)).toBe(count)
  expect(metrics.get(`app_size_sum{${labels}}`)).toBe(total / 4)
  expect(metrics.get(`app_starts_total{${labels}}`)).toBe(1)
  expect(await duplicates(worker.url)).toBeGreaterThan(2)
  // Requests at the same time share one.
  expect(proxy.requests.length).toBeLessThan(total / 2)
})

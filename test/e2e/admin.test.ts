import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, expect, it } from 'vitest'
import { encodeEnvelope, type EncodedBatch } from '../../src/protocol/envelope.ts'
import { createSession, openConnection } from '../support/beacon-client.ts'
import { readMetrics, total } from '../support/metrics-page.ts'
import { bodyOf } from '../support/poison-gate.ts'
import { stopPrograms } from '../support/processes.ts'
import { until } from '../support/until.ts'
import { startWorkerd, type RunningWorkerd } from '../support/workerd.ts'

const ADMIN_TOKEN = 'the-operator-and-nobody-else'
const CANARY = 'hunter2-canary'
/** A value of a secret: unlike the canaries in the configuration, so that hiding one does not hide the others. */
const OUT_TOKEN = `${CANARY}-of-a-secret`
const FLUSH_INTERVAL_MS = 200

interface Receiver {
  readonly url: string
  /** The newest value of each series, by its name. */
  readonly totals: Map<string, number>
  readonly requests: () => number
  /** Series of this name are refused, for themselves, in an answer that repeats the token. */
  readonly refuse: (name: string | undefined) => void
  readonly close: () => void
}

const receivers: Receiver[] = []

afterEach(async () => {
  await stopPrograms()
  for (const receiver of receivers.splice(0)) receiver.close()
})

/** Takes what a destination of kind `http` sends with `seriesTemplate` below. */
async function startReceiver(): Promise<Receiver> {
  const totals = new Map<string, number>()
  let requests = 0
  let refused: string | undefined
  const server = createServer((request, response) => {
    const answer = async (): Promise<void> => {
      const body = (await bodyOf(request)).toString()
      const { series } = JSON.parse(body) as { series: readonly [string, number][] }
      requests++
      if (series.some(([name]) => name === refused)) {
        response.writeHead(400).end(`${request.url} ${JSON.stringify(request.headers)} does not fit`)
        return
      }
      for (const [name, value] of series) totals.set(name, value)
      response.writeHead(204).end()
    }
    answer().catch(() => request.socket.destroy())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const receiver: Receiver = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/in`,
    totals,
    requests: () => requests,
    refuse: (name) => void (refused = name),
    close: () => {
      server.close()
      server.closeAllConnections()
    },
  }
  receivers.push(receiver)
  return receiver
}

const destinationOf = ({ url }: Receiver, more: object = {}): object => ({
  name: 'main',
  kind: 'http',
  url: `${url}?key=${CANARY}`,
  headers: { 'x-region': `in-a-header-${CANARY}` },
  bearerTokenSecret: 'OUT_TOKEN',
  seriesTemplate: ['{{name}}', '{{value}}'],
  exclude: ['pharos.*'],
  ...more,
})

const start = (destinations: readonly object[], options: Partial<Parameters<typeof startWorkerd>[0]> = {}) =>
  startWorkerd({
    config: { flushIntervalMs: FLUSH_INTERVAL_MS, destinations },
    secrets: { ADMIN_TOKEN, OUT_TOKEN, METRICS_TOKEN: CANARY },
    ...options,
  })

interface Asked {
  readonly method?: string
  readonly body?: unknown
  readonly token?: string
}

const ask = ({ url }: RunningWorkerd, path: string, { method = 'GET', body, token = ADMIN_TOKEN }: Asked = {}) =>
  fetch(url + path, {
    method,
    headers: { authorization: `Bearer ${token}` },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })

async function change(worker: RunningWorkerd, body: unknown): Promise<unknown> {
  const response = await ask(worker, '/v1/config', { method: 'PUT', body })
  expect(response.status).toBe(200)
  return response.json()
}

/** A page that counts; each name has a series of its own. */
function startPage(beaconUrl: string): (name: string) => Promise<number> {
  const { seal } = createSession()
  const connection = openConnection()
  const counted = new Map<string, number>()
  return async (name) => {
    await connection.postUntilAcknowledged(beaconUrl, [seal({ counters: [[name, 1]] })])
    counted.set(name, (counted.get(name) ?? 0) + 1)
    return counted.get(name)!
  }
}

const arrives = (receiver: Receiver, name: string, total: number): Promise<unknown> =>
  until(
    () => receiver.totals.get(name),
    (value) => value === total,
  )

/** How many requests come in several intervals. */
async function requestsIn(receiver: Receiver, intervals: number): Promise<number> {
  const before = receiver.requests()
  await delay(intervals * FLUSH_INTERVAL_MS)
  return receiver.requests() - before
}

it('changes the address, what is sent, whether and how often, without a restart', async () => {
  const [first, second] = [await startReceiver(), await startReceiver()]
  const worker = await start([destinationOf(first)])
  const count = startPage(worker.beaconUrl)
  await arrives(first, 'clicks', await count('clicks'))

  await change(worker, { destinations: { main: { url: second.url } } })
  await arrives(second, 'clicks', await count('clicks'))
  expect(await requestsIn(first, 3)).toBe(0)

  await change(worker, { destinations: { main: { url: second.url, include: ['kept*'] } } })
  const clicks = second.totals.get('clicks')!
  await count('clicks')
  await arrives(second, 'kept', await count('kept'))
  expect(second.totals.get('clicks')).toBe(clicks)

  await change(worker, { destinations: { main: { enabled: false } } })
  await requestsIn(second, 1)
  await count('kept')
  expect((await requestsIn(first, 3)) + (await requestsIn(second, 3))).toBe(0)

  const slow = { flushIntervalMs: 60_000, destinations: { main: { url: second.url } } }
  expect(await change(worker, slow)).toMatchObject({ effective: { flushIntervalMs: 60_000 }, override: slow })
  await requestsIn(second, 1)
  await count('clicks')
  expect(await requestsIn(second, 5)).toBe(0)

  // Back to what was deployed, at once and not when the long interval is over; nothing that was counted meanwhile is lost.
  expect((await ask(worker, '/v1/config', { method: 'DELETE' })).status).toBe(200)
  await arrives(first, 'clicks', 4)
  await arrives(first, 'kept', 2)
})

it('keeps a change over kill -9, and over a deploy that it does not fit', async () => {
  const [first, second] = [await startReceiver(), await startReceiver()]
  let worker = await start([destinationOf(first)])
  const override = { destinations: { main: { url: second.url } } }
  await change(worker, override)
  await worker.kill()
  worker = await worker.restart()
  expect(await (await ask(worker, '/v1/config')).json()).toMatchObject({
    effective: { destinations: [{ url: second.url }] },
    override,
    mistakes: [],
  })
  const count = startPage(worker.beaconUrl)
  await arrives(second, 'clicks', await count('clicks'))
  expect(first.requests()).toBe(0)

  await worker.stop()
  const { port, storageDir } = worker
  worker = await start([destinationOf(first, { name: 'other' })], { port, storageDir })
  await arrives(first, 'clicks', await count('clicks'))
  const health: unknown = await (await fetch(`${worker.url}/health`)).json()
  expect(health).toMatchObject({
    status: 'failing',
    configuration: ['override.destinations.main: remove this key: no destination has this name'],
  })
  expect(await (await ask(worker, '/v1/config')).json()).toMatchObject({
    effective: { destinations: [{ name: 'other' }] },
  })
  expect((await ask(worker, '/v1/config', { method: 'DELETE' })).status).toBe(200)
  await until(
    async () => (await (await fetch(`${worker.url}/health`)).json()) as { status: string },
    ({ status }) => status === 'ok',
  )
})

it('refuses a change with mistakes, lists them all, and goes on with what holds', async () => {
  const [first, second] = [await startReceiver(), await startReceiver()]
  const worker = await start([destinationOf(first)])
  await change(worker, { destinations: { main: { url: second.url } } })
  const before = await (await ask(worker, '/v1/config')).json()
  const body = { flushIntervalMs: CANARY, destinations: { main: { url: `ftp://${CANARY}` }, gone: { enabled: 0 } } }
  const response = await ask(worker, '/v1/config', { method: 'PUT', body })
  expect(response.status).toBe(422)
  const text = await response.text()
  expect(text).not.toContain(CANARY)
  expect(JSON.parse(text)).toMatchObject({
    reason: 'bad_config',
    errors: [
      /^override\.flushIntervalMs: /,
      /^override\.destinations\.main\.url: /,
      /^override\.destinations\.gone\.enabled: /,
    ].map((line) => expect.stringMatching(line) as string),
  })
  // By itself it is right; it does not fit what was deployed.
  const misfit = await ask(worker, '/v1/config', {
    method: 'PUT',
    body: { destinations: { gone: { enabled: false } } },
  })
  expect(await misfit.json()).toMatchObject({ status: 422, reason: 'bad_config' })
  expect(await (await ask(worker, '/v1/config')).json()).toEqual(before)
  const count = startPage(worker.beaconUrl)
  await arrives(second, 'clicks', await count('clicks'))
  expect(first.requests()).toBe(0)
})

/** Posts a beacon. @returns its status, and what pages are told with it */
async function beacon(beaconUrl: string, batches: readonly EncodedBatch[]): Promise<readonly [number, unknown]> {
  const response = await fetch(beaconUrl, { method: 'POST', body: encodeEnvelope(batches, Date.now()) })
  return [response.status, JSON.parse(response.headers.get('pharos-settings') ?? 'null')]
}

it('tells pages what holds with the very next acknowledgement, of a duplicate too, and over kill -9', async () => {
  const secrets = { ADMIN_TOKEN }
  let worker = await startWorkerd({ config: { page: { sampleRate: 0.5 } }, secrets })
  const batches = [createSession().seal({ counters: [['clicks', 1]] })]
  expect(await beacon(worker.beaconUrl, batches)).toEqual([204, { sampleRate: 0.5 }])
  const off = { sampleRate: 0.5, enabled: false }
  expect(await change(worker, { page: { enabled: false } })).toMatchObject({
    effective: { page: off },
    override: { page: { enabled: false } },
  })
  expect(await beacon(worker.beaconUrl, batches)).toEqual([204, off])
  const refused = await fetch(worker.beaconUrl, { method: 'POST', body: '{"v":1,"sent":1,"groups":[]}' })
  expect([refused.status, refused.headers.get('pharos-settings')]).toEqual([422, null])
  await worker.kill()
  worker = await worker.restart()
  expect(await beacon(worker.beaconUrl, batches)).toEqual([204, off])
  const wrong = await ask(worker, '/v1/config', { method: 'PUT', body: { page: { sampleRate: 2 } } })
  expect(await wrong.json()).toMatchObject({
    status: 422,
    errors: ['override.page.sampleRate: give 0, or a number from 0.0001 to 1'],
  })
  expect(await beacon(worker.beaconUrl, batches)).toEqual([204, off])
  await worker.stop()
  worker = await startWorkerd({ secrets, port: worker.port, storageDir: worker.storageDir })
  expect(await beacon(worker.beaconUrl, batches)).toEqual([204, { enabled: false }])
  expect((await ask(worker, '/v1/config', { method: 'DELETE' })).status).toBe(200)
  expect(await beacon(worker.beaconUrl, batches)).toEqual([204, null])
  expect(total(await readMetrics(worker.url), 'clicks_total')).toBe(1)
})

it('takes every beacon while what pages are told changes again and again', async () => {
  const worker = await startWorkerd({ secrets: { ADMIN_TOKEN } })
  const off = { enabled: false }
  const { seal } = createSession()
  const click = (): Promise<readonly [number, unknown]> =>
    beacon(worker.beaconUrl, [seal({ counters: [['clicks', 1]] })])
  const answers: (readonly [number, unknown])[] = []
  const done = new AbortController()
  const clicking = Array.from({ length: 8 }, async () => {
    while (!done.signal.aborted) answers.push(await click())
  })
  for (let i = 0; i < 10; i++) {
    await change(worker, { page: off })
    answers.push(await click())
    expect(answers.at(-1)).toEqual([204, off])
    await ask(worker, '/v1/config', { method: 'DELETE' })
    answers.push(await click())
    expect(answers.at(-1)).toEqual([204, null])
  }
  done.abort()
  await Promise.all(clicking)
  for (const answer of answers) expect([[204, off], [204, null]]).toContainEqual(answer) // prettier-ignore
  expect(total(await readMetrics(worker.url), 'clicks_total')).toBe(answers.length)
})

it('shows, replays and gives up dead letters, and says no secret anywhere', async () => {
  const receiver = await startReceiver()
  const worker = await start([destinationOf(receiver)])
  const count = startPage(worker.beaconUrl)
  receiver.refuse('poison')
  await arrives(receiver, 'clicks', await count('clicks'))
  await count('poison')
  const lettersOf = async (query = ''): Promise<readonly { readonly series: { readonly name: string } }[]> =>
    ((await (await ask(worker, `/v1/dead-letters${query}`)).json()) as { deadLetters: [] }).deadLetters
  const [letter] = await until(lettersOf, (letters) => letters.length > 0)
  expect(letter).toMatchObject({ destination: 'main', series: { name: 'poison' }, key: expect.any(String) as string })
  expect(await lettersOf('?destination=main')).toHaveLength(1)
  expect(await lettersOf('?destination=other')).toEqual([])

  const paths = ['/health', '/v1/status', '/v1/config', '/v1/dead-letters', '/metrics', '/v1/nothing']
  const answers = [...paths.map((path) => ask(worker, path)), ...paths.map((path) => ask(worker, path, { token: 'x' }))]
  for (const answer of answers) expect(await (await answer).text()).not.toContain(CANARY)
  expect(worker.log()).not.toContain(CANARY)

  const replay = (): Promise<Response> =>
    ask(worker, '/v1/dead-letters/replay', { method: 'POST', body: { destination: 'main' } })
  receiver.refuse(undefined)
  expect(await (await replay()).json()).toEqual({ replayed: 1 })
  await arrives(receiver, 'poison', 1)
  await until(lettersOf, (letters) => letters.length === 0)

  receiver.refuse('poison')
  await count('poison')
  await until(lettersOf, (letters) => letters.length > 0)
  const drop = { method: 'DELETE', body: { destination: 'main' } }
  expect(await (await ask(worker, '/v1/dead-letters', drop)).json()).toEqual({ dropped: 1 })
})

it('answers no admin route without the token, whatever the configuration', async () => {
  const receiver = await startReceiver()
  const routes = [
    ['GET', '/v1/status'],
    ['GET', '/v1/config'],
    ['PUT', '/v1/config'],
    ['DELETE', '/v1/config'],
    ['GET', '/v1/dead-letters'],
    ['DELETE', '/v1/dead-letters'],
    ['POST', '/v1/dead-letters/replay'],
  ] as const
  for (const secrets of [{ ADMIN_TOKEN, OUT_TOKEN }, { OUT_TOKEN }]) {
    const worker = await start([destinationOf(receiver)], { secrets })
    for (const [method, path] of routes) {
      const body = method === 'GET' ? {} : { body: { destination: 'main' } }
      for (const token of ['', 'undefined', CANARY, `${ADMIN_TOKEN}x`]) {
        const response = await ask(worker, path, { method, token, ...body })
        expect(response.status).toBe(401)
        expect(response.headers.get('access-control-allow-origin')).toBeNull()
        expect(await response.json()).toMatchObject({ reason: 'unauthorized' })
      }
    }
    await worker.stop()
  }
})

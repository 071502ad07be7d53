// A load generator in a process of its own: raw sockets, so that it costs little beside what it measures.
import { connect, type Socket } from 'node:net'
import { quantile } from '../statistics.ts'
import { createBody } from './body.ts'

/** Never more than this in one run, whatever is asked. */
const MOST_SECONDS = 10
const MOST_REQUESTS = 100_000

export interface LoadOptions {
  readonly port: number
  readonly connections: number
  readonly seconds: number
  readonly requests: number
  readonly batchesPerRequest: number
  /** Requests per second over all connections, evenly spaced. Default: as fast as answers come. */
  readonly rate?: number
}

export interface LoadResult {
  /** Answered with 204. */
  readonly accepted: number
  /** Answered with anything else, or not at all. */
  readonly failed: number
  readonly seconds: number
  readonly bodyBytes: number
  readonly p50Ms: number
  readonly p99Ms: number
}

interface Connection {
  /** Sends one beacon; resolves with the status, 0 when the connection broke. */
  readonly send: () => Promise<number>
  readonly close: () => void
}

async function generate(options: LoadOptions): Promise<LoadResult> {
  const seconds = Math.min(options.seconds, MOST_SECONDS)
  const requests = Math.min(options.requests, MOST_REQUESTS)
  const connections = await Promise.all(Array.from({ length: options.connections }, (_, i) => open(options, i)))
  const latenciesMs: number[] = []
  let started = 0
  let failed = 0
  const begin = performance.now()
  const end = begin + seconds * 1_000

  const once = async (connection: Connection, dueMs: number): Promise<boolean> => {
    const status = await connection.send()
    if (status === 204) latenciesMs.push(performance.now() - dueMs)
    else failed++
    return status === 204
  }
  const closedLoop = async (connection: Connection): Promise<void> => {
    while (started < requests && performance.now() < end) {
      started++
      // A connection that was refused is of no more use; the others go on.
      if (!(await once(connection, performance.now()))) return
    }
  }
  const openLoop = async (connection: Connection, rate: number): Promise<void> => {
    while (started < requests) {
      // Late beacons count from when they were due: a stall is not hidden by the generator waiting for it.
      const dueMs = begin + (started++ * 1_000) / rate
      if (dueMs >= end) return
      await new Promise((resolve) => setTimeout(resolve, dueMs - performance.now()))
      if (!(await once(connection, dueMs))) return
    }
  }
  const { rate } = options
  await Promise.all(connections.map((one) => (rate ? openLoop(one, rate) : closedLoop(one))))
  const tookSeconds = (performance.now() - begin) / 1_000
  for (const connection of connections) connection.close()
  return {
    accepted: latenciesMs.length,
    failed,
    seconds: tookSeconds,
    bodyBytes: createBody(options.batchesPerRequest, 0).bytes.length,
    p50Ms: quantile(latenciesMs, 0.5),
    p99Ms: quantile(latenciesMs, 0.99),
  }
}

async function open({ port, batchesPerRequest }: LoadOptions, number: number): Promise<Connection> {
  const { bytes, renew } = createBody(batchesPerRequest, number)
  const head = Buffer.from(
    `POST /v1/beacon HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\ncontent-type: text/plain;charset=UTF-8\r\ncontent-length: ${bytes.length}\r\n\r\n`,
  )
  const socket = connect({ port, host: '127.0.0.1', noDelay: true })
  await new Promise((resolve, reject) => socket.once('connect', resolve).once('error', reject))
  const nextStatus = readStatuses(socket)
  return {
    send: () => {
      renew()
      // A copy: the socket may hold it while the next one is made.
      socket.write(Buffer.concat([head, bytes]))
      return nextStatus()
    },
    close: () => socket.destroy(),
  }
}

/** One answer after the other. Only 204 is read on from: nothing but an answer without a body ends where its head ends. */
function readStatuses(socket: Socket): () => Promise<number> {
  let text = ''
  let answer: (status: number) => void = () => {}
  socket.setEncoding('latin1')
  socket.on('data', (chunk: string) => {
    text += chunk
    if (!text.includes('\r\n\r\n')) return
    const status = Number(text.slice(9, 12))
    text = ''
    answer(status)
  })
  for (const event of ['error', 'close']) socket.on(event, () => answer(0))
  return () => new Promise((resolve) => (answer = resolve))
}

console.log(JSON.stringify(await generate(JSON.parse(process.argv[2]!) as LoadOptions)))

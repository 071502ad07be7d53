import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { bundle } from '../bundle.ts'
import { cpuMs } from '../machine.ts'
import { median } from '../statistics.ts'
import { atMost, number, printTable } from '../table.ts'
import { startWorkerd } from '../../test/support/workerd.ts'
import type { SnapshotOptions } from './snapshot.ts'
import type { EncodedRequest, encodeFlush as encodeFlushOf, FlushOptions } from './worker.ts'

/** Of which the median is printed; with PHAROS_BENCH_QUICK=1 one, to see that it runs. */
const ROUNDS = process.env['PHAROS_BENCH_QUICK'] ? 1 : 3
/** Series encoded in one measurement, so that it is long against the clock's 10 ms. */
const SERIES_IN_ALL = process.env['PHAROS_BENCH_QUICK'] ? 10_000 : 50_000

interface Size extends SnapshotOptions {
  readonly name: string
}

const COUNTERS: readonly Size[] = [
  { name: '1,000 counters', counters: 1_000, histograms: 0 },
  { name: '10,000 counters', counters: 10_000, histograms: 0 },
]
const MIXED: readonly Size[] = [
  { name: '800 counters, 200 histograms', counters: 800, histograms: 200 },
  { name: '8,000 counters, 2,000 histograms', counters: 8_000, histograms: 2_000 },
]

type Destination = FlushOptions['destination']

const url = 'https://receiver.example.com/write'
const archive = { kind: 'archive', bucket: 'ARCHIVE' }

const REMOTE_WRITE: Destination = { kind: 'prometheus', url }

const PROTOCOLS: readonly (readonly [name: string, destination: Destination])[] = [
  ['remote-write 1.0', REMOTE_WRITE],
  ['remote-write 2.0', { ...REMOTE_WRITE, version: '2.0' }],
  ['remote-write 1.0, native', { ...REMOTE_WRITE, histograms: 'native' }],
  ['OTLP protobuf', { kind: 'otlp', url }],
  ['OTLP JSON', { kind: 'otlp', url, encoding: 'json' }],
  ['Datadog, distributions', { kind: 'datadog', site: 'datadoghq.com', apiKeySecret: 'DD_API_KEY' }],
  ['New Relic', { kind: 'newrelic', region: 'us', apiKeySecret: 'NEW_RELIC_LICENSE_KEY' }],
  ['Pushgateway', { kind: 'pushgateway', url, job: 'bench' }],
  ['http', { kind: 'http', url }],
  ['archive, JSON lines', { ...archive, format: 'jsonl' }],
  ['archive, CSV', { ...archive, format: 'csv' }],
]

interface Variant {
  readonly protocol: string
  readonly destination: Destination
  readonly size: Size
  readonly mostMs?: number
}

const VARIANTS: readonly Variant[] = [
  ...COUNTERS.map((size): Variant => {
    const budget = size.counters === 10_000 ? { mostMs: 50 } : {}
    return { protocol: 'remote-write 1.0', destination: REMOTE_WRITE, size, ...budget }
  }),
  ...MIXED.flatMap((size) => PROTOCOLS.map(([protocol, destination]): Variant => ({ protocol, destination, size }))),
]

/** What one flush costs with every protocol: from a snapshot to the bodies of its requests. */
export async function benchFlush(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'pharos-bench-'))
  const file = join(folder, 'worker.mjs')
  await writeFile(
    file,
    await bundle(fileURLToPath(new URL('worker.ts', import.meta.url)), { format: 'es', runsIn: 'worker' }),
  )
  const workerd = await startWorkerd({ bundle: file })
  try {
    const { encodeFlush } = (await import(pathToFileURL(file).href)) as { encodeFlush: typeof encodeFlushOf }
    const rows: string[][] = []
    for (const variant of VARIANTS) rows.push(await rowOf(variant, encodeFlush, workerd))
    const header = ['', 'series', 'encode CPU-ms', 'and compress', 'requests', 'bytes', 'bytes sent', 'budget']
    printTable('One flush in workerd', header, rows)
  } finally {
    await workerd.stop()
    await rm(folder, { recursive: true })
  }
}

async function rowOf(
  { protocol, destination, size, mostMs }: Variant,
  encodeFlush: typeof encodeFlushOf,
  workerd: { readonly url: string; readonly pid: number },
): Promise<string[]> {
  const { name, ...counts } = size
  const requests = await encodeFlush({ ...counts, destination, times: 1, isCoded: true })
  const measure = (isCoded: boolean): Promise<number> => cpuInWorkerd({ ...counts, destination, isCoded }, workerd)
  const encoding = await measure(false)
  return [
    protocol,
    name,
    number(encoding, 1),
    requests.some((it) => it.encoding === 'gzip') ? number(await measure(true), 1) : '',
    number(requests.length),
    number(sum(requests.map(plainBytes))),
    number(sum(requests.map(({ coded }) => coded.length))),
    mostMs === undefined ? '' : `${atMost(mostMs, encoding)} (ms)`,
  ]
}

/** The clock of a worker stands still while it computes, so this is read from outside. */
async function cpuInWorkerd(
  options: Omit<FlushOptions, 'times'>,
  { url, pid }: { readonly url: string; readonly pid: number },
): Promise<number> {
  const encode = async (times: number): Promise<number> => {
    const before = await cpuMs(pid)
    const response = await fetch(url, { method: 'POST', body: JSON.stringify({ ...options, times }) })
    if (!response.ok) throw new Error(`the worker answers ${response.status}`)
    return (await cpuMs(pid)) - before
  }
  const times = SERIES_IN_ALL / (options.counters + options.histograms)
  await encode(Math.ceil(times / 4))
  // Making the snapshot is not part of it: what more of the same takes is.
  const cost = async (): Promise<number> => -(await encode(1)) + (await encode(times + 1))
  const costs: number[] = []
  for (let round = 0; round < ROUNDS; round++) costs.push((await cost()) / times)
  return median(costs)
}

/** Bytes before compression, by the exporter or by the engine. */
const plainBytes = ({ body, headers }: EncodedRequest): number =>
  headers['content-encoding'] === 'snappy' ? snappyLength(body) : body.length

/** The length before compression, which a snappy block begins with, as a varint. Source: google/snappy, format_description.txt. */
function snappyLength(block: Uint8Array): number {
  let length = 0
  for (let i = 0; ; i++) {
    length += (block[i]! & 0x7f) * 2 ** (7 * i)
    if (block[i]! < 0x80) return length
  }
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)

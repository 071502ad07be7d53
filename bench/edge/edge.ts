import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { bundle } from '../bundle.ts'
import { cpuMs } from '../machine.ts'
import { median } from '../statistics.ts'
import { atLeast, atMost, number, printTable } from '../table.ts'
import { startWorkerd } from '../../test/support/workerd.ts'
import type { LoadOptions, LoadResult } from './load.ts'
import { rowsWritten } from './rows.ts'

const here = (file: string): string => fileURLToPath(new URL(file, import.meta.url))
const ROUNDS = 3

interface Variant {
  readonly name: string
  /** A worker of the bench; otherwise the built one. */
  readonly entry?: string
  readonly batchesPerRequest: number
  /** Batches per second the design asks for. */
  readonly least?: number
}

const VARIANTS: readonly Variant[] = [
  { name: 'no-op', entry: 'no-op.ts', batchesPerRequest: 1 },
  { name: 'no-op behind hono', entry: 'no-op-hono.ts', batchesPerRequest: 1 },
  { name: 'pharos, 1 batch a request', batchesPerRequest: 1, least: 6_000 },
  { name: 'pharos, 200 batches a request', batchesPerRequest: 200, least: 50_000 },
]

interface Run extends LoadResult {
  readonly cpuMs: number
}

/** What a beacon costs the edge: raw workerd on the local disk, every answer after the commit. Needs `npm run build` first. */
export async function benchEdge(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'pharos-bench-'))
  try {
    await benchThroughput(folder)
    await benchRows()
  } finally {
    await rm(folder, { recursive: true })
  }
}

async function benchThroughput(folder: string): Promise<void> {
  const runs = new Map<Variant, Run[]>(VARIANTS.map((variant) => [variant, []]))
  // In turns, so that a busy moment of the machine hits all and not one.
  for (let round = 0; round < ROUNDS; round++)
    for (const variant of VARIANTS) runs.get(variant)!.push(await saturate(variant, folder))
  const rows = VARIANTS.map((variant) => {
    const of = (pick: (run: Run) => number): number => median(runs.get(variant)!.map(pick))
    const batches = of(({ accepted, seconds }) => accepted / seconds) * variant.batchesPerRequest
    const cpuMsPer1000 = of((run) => run.cpuMs / (run.accepted * variant.batchesPerRequest)) * 1_000
    return [
      variant.name,
      number(batches),
      number(cpuMsPer1000, 1),
      number(1_000_000 / cpuMsPer1000),
      number(
        of(({ p50Ms }) => p50Ms),
        1,
      ),
      number(
        of(({ p99Ms }) => p99Ms),
        1,
      ),
      number(of(({ bodyBytes }) => bodyBytes)),
      number(of(({ failed }) => failed)),
      variant.least === undefined ? '' : atLeast(variant.least, batches),
    ]
  })
  const header = ['', 'batches/s', 'CPU-ms/1,000', 'a core could', 'p50 ms', 'p99 ms', 'body B', 'failed', 'budget']
  printTable(`The edge at saturation, 64 connections, median of ${ROUNDS} runs of 4 s`, header, rows)
}

async function saturate({ entry, batchesPerRequest }: Variant, folder: string): Promise<Run> {
  const file = join(folder, 'worker.js')
  if (entry) await writeFile(file, await bundle(here(entry), { format: 'es', runsIn: 'worker' }))
  const workerd = await startWorkerd(entry ? { bundle: file } : {})
  try {
    const load = { port: workerd.port, connections: 64, batchesPerRequest }
    await generateLoad({ ...load, seconds: 1, requests: 5_000 })
    const before = await cpuMs(workerd.pid)
    const result = await generateLoad({ ...load, seconds: 4, requests: 100_000 })
    return { ...result, cpuMs: (await cpuMs(workerd.pid)) - before }
  } finally {
    await workerd.stop()
    await rm(workerd.storageDir, { recursive: true, force: true })
  }
}

/** Rows are what a beacon costs on a bill. */
async function benchRows(): Promise<void> {
  const workerd = await startWorkerd()
  try {
    const paced = async (rate: number, seconds: number): Promise<{ run: LoadResult; perBeacon: number }> => {
      const before = await rowsWritten(workerd.storageDir)
      const load = { port: workerd.port, connections: 64, batchesPerRequest: 1, rate, seconds }
      const run = await generateLoad({ ...load, requests: rate * seconds })
      return { run, perBeacon: ((await rowsWritten(workerd.storageDir)) - before) / run.accepted }
    }
    const row = (name: string, most: number, { run, perBeacon }: Awaited<ReturnType<typeof paced>>): string[] => {
      const latencies = [number(run.p50Ms, 1), number(run.p99Ms, 1)]
      return [name, number(run.accepted), number(perBeacon, 3), ...latencies, atMost(most, perBeacon)]
    }
    const idle = await paced(1, 5)
    const busy = await paced(100, 8)
    printTable(
      'Rows written',
      ['', 'beacons', 'rows/beacon', 'p50 ms', 'p99 ms', 'budget'],
      [row('1 beacon/s', 1, idle), row('100 beacons/s', 0.1, busy)],
    )
  } finally {
    await workerd.stop()
    await rm(workerd.storageDir, { recursive: true, force: true })
  }
}

async function generateLoad(options: LoadOptions): Promise<LoadResult> {
  const { stdout } = await promisify(execFile)(process.execPath, [here('load.ts'), JSON.stringify(options)])
  return JSON.parse(stdout) as LoadResult
}

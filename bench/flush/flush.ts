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
import type { encodeFlush as encodeFlushOf } from './worker.ts'

const ROUNDS = 7
const WARM_UP = 3
const TIMES_IN_WORKERD = 20

interface Variant extends SnapshotOptions {
  readonly name: string
  readonly mostMs?: number
}

const VARIANTS: readonly Variant[] = [
  { name: '1,000 counters', counters: 1_000, histograms: 0 },
  { name: '10,000 counters', counters: 10_000, histograms: 0, mostMs: 50 },
  { name: '800 counters, 200 histograms', counters: 800, histograms: 200 },
  { name: '8,000 counters, 2,000 histograms', counters: 8_000, histograms: 2_000 },
]

/** What one flush costs: from a snapshot to the bodies of remote-write requests. */
export async function benchFlush(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'pharos-bench-'))
  const file = join(folder, 'worker.mjs')
  await writeFile(file, await bundle(fileURLToPath(new URL('worker.ts', import.meta.url)), { format: 'es' }))
  const workerd = await startWorkerd({ bundle: file })
  try {
    const { encodeFlush } = (await import(pathToFileURL(file).href)) as { encodeFlush: typeof encodeFlushOf }
    const rows: string[][] = []
    for (const variant of VARIANTS) {
      const bodies = encodeFlush({ ...variant, times: 1 })
      const inWorkerd = await cpuInWorkerd(variant, workerd)
      rows.push([
        variant.name,
        number(cpuInNode(variant, encodeFlush), 1),
        number(inWorkerd, 1),
        number(bodies.length),
        number(sum(bodies.map(plainLength))),
        number(sum(bodies.map((body) => body.length))),
        variant.mostMs === undefined ? '' : `${atMost(variant.mostMs, inWorkerd)} (ms)`,
      ])
    }
    const header = ['', 'node CPU-ms', 'workerd CPU-ms', 'requests', 'bytes', 'after snappy', 'budget']
    printTable('Encoding one flush to remote-write 1.0', header, rows)
  } finally {
    await workerd.stop()
    await rm(folder, { recursive: true })
  }
}

function cpuInNode(options: SnapshotOptions, encodeFlush: typeof encodeFlushOf): number {
  // Making the snapshot is not part of it: what twice the work takes more than once is the work.
  const cost = (times: number): number => {
    const before = process.cpuUsage()
    encodeFlush({ ...options, times })
    const { user, system } = process.cpuUsage(before)
    return (user + system) / 1_000
  }
  for (let i = 0; i < WARM_UP; i++) encodeFlush({ ...options, times: 1 })
  return median(Array.from({ length: ROUNDS }, () => (cost(5) - cost(1)) / 4))
}

/** The clock of a worker stands still while it computes, so this is read from outside. */
async function cpuInWorkerd(options: SnapshotOptions, { url, pid }: { url: string; pid: number }): Promise<number> {
  const encode = async (times: number): Promise<number> => {
    const before = await cpuMs(pid)
    await fetch(url, { method: 'POST', body: JSON.stringify({ ...options, times }) })
    return (await cpuMs(pid)) - before
  }
  await encode(WARM_UP)
  const once = await encode(1)
  return ((await encode(TIMES_IN_WORKERD + 1)) - once) / TIMES_IN_WORKERD
}

/** The length before compression, which a snappy block begins with, as a varint. Source: google/snappy, format_description.txt. */
function plainLength(block: Uint8Array): number {
  let length = 0
  for (let i = 0; ; i++) {
    length += (block[i]! & 0x7f) * 2 ** (7 * i)
    if (block[i]! < 0x80) return length
  }
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)

import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { repository } from './paths.ts'
import { freePort, temporaryFolder } from './processes.ts'
import { COMPATIBILITY_DATE, OPEN_CONFIG } from './workerd.ts'
import type { WorkerdOptions } from './workerd.ts'

export interface RunningMiniflare {
  readonly url: string
  readonly beaconUrl: string
  readonly storageDir: string
  /** Every object in the bucket ARCHIVE, by its key. */
  readonly readArchive: () => Promise<Map<string, Uint8Array>>
  readonly stop: () => Promise<void>
  /** Stops and starts it again: the same port, storage and configuration. */
  readonly restart: () => Promise<RunningMiniflare>
}

/** What is used of `miniflare`, which comes with wrangler and is no dependency of its own. */
interface MiniflareModule {
  readonly Miniflare: new (options: unknown) => {
    readonly ready: Promise<URL>
    readonly dispose: () => Promise<void>
    readonly getR2Bucket: (binding: string) => Promise<Bucket>
  }
  readonly convertV4MiniflareOptions: (options: Readonly<Record<string, unknown>>) => unknown
}

interface Bucket {
  readonly list: (options: { readonly cursor?: string }) => Promise<{
    readonly objects: readonly { readonly key: string }[]
    readonly truncated: boolean
    readonly cursor?: string
  }>
  readonly get: (key: string) => Promise<{ readonly arrayBuffer: () => Promise<ArrayBuffer> } | null>
}

/** The built worker with an R2 bucket, ARCHIVE, which the bare runtime does not have. */
export async function startMiniflare(options: WorkerdOptions = {}): Promise<RunningMiniflare> {
  const { config = {}, secrets = {}, bundle = join(repository, 'dist/worker.js') } = options
  const { storageDir = await temporaryFolder('miniflare'), port = await freePort() } = options
  const { Miniflare, convertV4MiniflareOptions } = miniflareModule()
  const running = new Miniflare(
    convertV4MiniflareOptions({
      host: '127.0.0.1',
      port,
      resourcePersistencePath: storageDir,
      name: 'pharos',
      modules: true,
      scriptPath: bundle,
      // A bundle may lie outside this folder, which the runtime would refuse as the root of its modules.
      modulesRoot: dirname(bundle),
      compatibilityDate: COMPATIBILITY_DATE,
      durableObjects: { AGGREGATOR: { className: 'Aggregator', useSQLite: true } },
      r2Buckets: ['ARCHIVE'],
      bindings: { ...secrets, PHAROS: { ...OPEN_CONFIG, ...config } },
      cf: false,
    }),
  )
  await running.ready
  const url = `http://127.0.0.1:${port}`
  const stop = (): Promise<void> => running.dispose()
  return {
    url,
    beaconUrl: `${url}/v1/beacon`,
    storageDir,
    readArchive: async () => readAll(await running.getR2Bucket('ARCHIVE')),
    stop,
    restart: async () => {
      await stop()
      return startMiniflare({ ...options, port, storageDir })
    },
  }
}

function miniflareModule(): MiniflareModule {
  const fromHere = createRequire(import.meta.url)
  const fromWrangler = createRequire(fromHere.resolve('wrangler/package.json'))
  return fromWrangler('miniflare') as MiniflareModule
}

async function readAll(bucket: Bucket): Promise<Map<string, Uint8Array>> {
  const files = new Map<string, Uint8Array>()
  let cursor: string | undefined
  do {
    const page = await bucket.list(cursor === undefined ? {} : { cursor })
    for (const { key } of page.objects) {
      const object = await bucket.get(key)
      if (object) files.set(key, new Uint8Array(await object.arrayBuffer()))
    }
    cursor = page.truncated ? page.cursor : undefined
  } while (cursor !== undefined)
  return files
}

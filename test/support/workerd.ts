import { copyFile, mkdir, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { repository } from './paths.ts'
import { answers, freePort, startProgram, temporaryFolder } from './processes.ts'
import type { RunningProgram } from './processes.ts'

export interface WorkerdOptions {
  /** The variable `PHAROS`. Keys that it leaves out have the worker's defaults. */
  readonly config?: Readonly<Record<string, unknown>>
  /** Bindings of plain text. */
  readonly secrets?: Readonly<Record<string, string>>
  /** Where the Durable Object stores; a second start on the same folder finds it all. Default: a new one. */
  readonly storageDir?: string
  /** @default a free one */
  readonly port?: number
  /** The built worker. @default dist/worker.js */
  readonly bundle?: string
}

export interface RunningWorkerd extends RunningProgram {
  readonly url: string
  readonly beaconUrl: string
  readonly port: number
  readonly storageDir: string
  /** Starts it again, after it was stopped or killed: the same port, storage and configuration. */
  readonly restart: () => Promise<RunningWorkerd>
}

/** What a test page needs of the worker: any origin may send and `/metrics` is open. */
export const OPEN_CONFIG = { origins: ['*'], development: true }

/** The built worker on the bare runtime, storing on the local disk, without any tool around it that would hide a kill. */
export async function startWorkerd(options: WorkerdOptions = {}): Promise<RunningWorkerd> {
  const { config = {}, secrets = {}, bundle = join(repository, 'dist/worker.js') } = options
  const { storageDir = await temporaryFolder('storage'), port = await freePort() } = options
  const folder = await temporaryFolder('workerd')
  await mkdir(storageDir, { recursive: true })
  await copyFile(bundle, join(folder, 'worker.js'))
  const file = join(folder, 'pharos.capnp')
  await writeFile(file, describeServer({ port, storageDir, secrets, config: { ...OPEN_CONFIG, ...config } }))
  const url = `http://127.0.0.1:${port}`
  const program = await startProgram({
    command: workerdProgram(),
    args: ['serve', file],
    isReady: () => answers(`${url}/health`),
  })
  const restart = (): Promise<RunningWorkerd> => startWorkerd({ ...options, port, storageDir })
  return { ...program, url, beaconUrl: `${url}/v1/beacon`, port, storageDir, restart }
}

/** The runtime that wrangler brings: the one the worker is developed and deployed with. */
export function workerdProgram(): string {
  const fromHere = createRequire(import.meta.url)
  const fromWrangler = createRequire(fromHere.resolve('wrangler/package.json'))
  return (fromWrangler('workerd') as { default: string }).default
}

/** A date of the runtime that comes with this repository, as in worker/wrangler.jsonc. */
export const COMPATIBILITY_DATE = '2026-11-02'

const describeServer = ({ port, storageDir, secrets, config }: Required<Omit<WorkerdOptions, 'bundle'>>): string => `
using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "main", worker = .pharos),
    (name = "internet", network = (allow = ["public", "private", "local"], tlsOptions = (trustBrowserCas = true))),
    (name = "storage", disk = (path = ${JSON.stringify(storageDir)}, writable = true)),
  ],
  sockets = [(name = "http", address = "127.0.0.1:${port}", http = (), service = "main")],
);
const pharos :Workerd.Worker = (
  modules = [(name = "worker.js", esModule = embed "worker.js")],
  compatibilityDate = "${COMPATIBILITY_DATE}",
  bindings = [
    (name = "AGGREGATOR", durableObjectNamespace = "Aggregator"),
    (name = "PHAROS", json = ${JSON.stringify(JSON.stringify(config))}),
    ${Object.entries(secrets)
      .map(([name, text]) => `(name = ${JSON.stringify(name)}, text = ${JSON.stringify(text)}),`)
      .join('\n    ')}
  ],
  durableObjectNamespaces = [(className = "Aggregator", uniqueKey = "pharos-aggregator", enableSql = true)],
  durableObjectStorage = (localDisk = "storage"),
);
`

import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, beforeAll, expect, it, onTestFinished } from 'vitest'
import { encodeHistogram } from '../../src/protocol/wire.ts'
import { createSession, openConnection } from '../support/beacon-client.ts'
import { withoutCoding } from '../support/content-coding.ts'
import { histogramOf } from '../contract/snapshots.ts'
import { addTools, bundleProjectWorker, createPackedProject, filesIn } from '../support/packed-project.ts'
import { repository } from '../support/paths.ts'
import { bodyOf } from '../support/poison-gate.ts'
import { stopPrograms } from '../support/processes.ts'
import { readUntil } from '../support/until.ts'
import { startWorkerd } from '../support/workerd.ts'

afterEach(stopPrograms)

const TSCONFIG = {
  compilerOptions: {
    target: 'es2022',
    module: 'preserve',
    moduleResolution: 'bundler',
    lib: ['es2024'],
    types: ['@cloudflare/workers-types'],
    strict: true,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    allowImportingTsExtensions: true,
    // The declarations of the package are checked too: they need nothing that is not installed with it.
    skipLibCheck: false,
    noEmit: true,
  },
  include: ['src'],
}

const VITEST_CONFIG = `import { cloudflareTest } from '@cloudflare/vitest-plugin'
import { defineConfig } from 'vitest/config'
export default defineConfig({
  plugins: [cloudflareTest({ miniflare: { compatibilityDate: '2026-11-01' } })],
})`

/** What a user may get wrong, and the compiler says: the declarations would be worth nothing if all were `any`. */
const MISTAKES = `import { checks, createRowsExporter, createWorker, defineDestination, script } from 'pharos-beacon/worker'
import type { DestinationConfig, Exporter } from 'pharos-beacon/worker'
declare const exporter: Exporter
const plain = { kind: 'mine', address: 'whole', temporality: 'either' } as const
export const mine = defineDestination({
  ...plain,
  schema: { size: checks.wholeNumber(1, 9), form: checks.oneOf(['a', 'b']), note: checks.optional(checks.text('x')) },
  defaults: { form: 'b' },
  createExporter: ({ kind, url, size, form, note, temporality }) => {
    const right: [kind: 'mine', string, number, 'a' | 'b', string | undefined, 'cumulative' | 'delta'] = [kind, url, size, form, note, temporality]
    // @ts-expect-error it may be missing
    note.length
    // @ts-expect-error it is one of two texts
    form === 'c'
    return right.length > 0 ? exporter : exporter
  },
})
// @ts-expect-error the schema has no such key
defineDestination({ ...plain, schema: {}, createExporter: ({ table }) => exporter })
// @ts-expect-error a default must pass its check
defineDestination({ ...plain, schema: { size: checks.wholeNumber(1, 9) }, defaults: { size: 'x' }, createExporter: () => exporter })
// @ts-expect-error there is no such address
defineDestination({ ...plain, address: 'half', schema: {}, createExporter: () => exporter })
// @ts-expect-error an exporter encodes
defineDestination({ ...plain, schema: {}, createExporter: () => ({}) })
// @ts-expect-error rows need requests
createRowsExporter({ temporality: 'delta', protocol: 'x' })
// @ts-expect-error a kind is what defineDestination makes
createWorker({ script, destinations: ['mine'] })
// @ts-expect-error no built-in kind has this name
export const kind: DestinationConfig['kind'] = 'mine'
export const version = (config: DestinationConfig): '1.0' | '2.0' | undefined => config.kind === 'prometheus' ? config.version : undefined
`

let folder: string

beforeAll(async () => {
  folder = await createPackedProject({
    ...(await filesIn('docs/EXPORTERS.md')),
    'tsconfig.json': JSON.stringify(TSCONFIG),
    'vitest.config.ts': VITEST_CONFIG,
    'src/mistakes.ts': MISTAKES,
  })
  await addTools(folder, ['@cloudflare/vitest-plugin', '@cloudflare/workers-types', 'fast-check', 'vitest'])
})

/** What a tool of the repository prints in the project, whether it ends well or not. */
const output = async (file: string, ...args: readonly string[]): Promise<string> => {
  const command = [join(repository, 'node_modules', file), ...args]
  const { stdout, stderr } = await promisify(execFile)(process.execPath, command, { cwd: folder }).catch(
    (error: unknown) => error as { readonly stdout: string; readonly stderr: string },
  )
  return stdout + stderr
}

it('the destination of docs/EXPORTERS.md compiles against the packed package, and mistakes in one do not', async () => {
  expect(await output('typescript/bin/tsc', '-p', '.')).toBe('')
})

it('the destination of docs/EXPORTERS.md passes the contract that the package exports', async () => {
  const report = await output('vitest/vitest.mjs', 'run', '--reporter=dot', '--no-color')
  expect(report).toMatch(/Tests +[1-9]\d* passed/)
  expect(report).not.toMatch(/failed|Error/)
})

it('a receiver of the destination of docs/EXPORTERS.md gets exact sums', async () => {
  const receiver = await startReceiver()
  const worker = await startWorkerd({
    bundle: await bundleProjectWorker(folder, 'src/worker.ts'),
    secrets: { LINES_API_KEY: 'key' },
    config: {
      flushIntervalMs: 500,
      destinations: [{ name: 'warehouse', kind: 'lines', url: receiver.url, table: 'events', headers: { 'x-a': 'b' } }],
    },
  })
  const connection = openConnection()
  const { seal } = createSession({ service: 'shop', release: '1.4.2' })
  for (let i = 1; i <= 50; i++) {
    const { total } = histogramOf('own.duration', [i / 64])
    const histograms = [['own.duration', encodeHistogram(total as never)]] as const
    await connection.postUntilAcknowledged(worker.beaconUrl, [
      seal({ counters: [['own.clicks', i, { page: i % 2 ? '/' : '/"é\\' }]], histograms }),
    ])
  }
  connection.close()
  const totals = await readUntil(
    receiver.totals,
    (all) => all['own.duration'] === 50 && all['own.clicks /"é\\'] === 650,
  )
  expect(totals).toMatchObject({
    'own.clicks /': 625,
    'own.clicks /"é\\': 650,
    'own.duration': 50,
    'own.duration sum': 1_275 / 64,
  })
  expect(receiver.headers()).toMatchObject({ 'x-api-key': 'key', 'x-a': 'b', 'content-type': 'application/x-ndjson' })
})

interface Line {
  readonly table: string
  readonly kind: string
  readonly name: string
  readonly attributes: { readonly page?: string }
  readonly value?: number
  readonly count?: number
  readonly sum?: number
}

interface Receiver {
  readonly url: string
  /** The last total of each series of `own.*`. */
  readonly totals: () => Readonly<Record<string, number>>
  readonly headers: () => IncomingHttpHeaders
}

async function startReceiver(): Promise<Receiver> {
  const totals: Record<string, number> = {}
  let headers: IncomingHttpHeaders = {}
  const take = ({ table, name, attributes: { page }, value, count, sum }: Line): void => {
    if (table !== 'events' || !name.startsWith('own.')) return
    totals[page === undefined ? name : `${name} ${page}`] = value ?? count ?? Number.NaN
    if (sum !== undefined) totals[`${name} sum`] = sum
  }
  const server = createServer(async (request, response) => {
    headers = request.headers
    const lines = withoutCoding(await bodyOf(request), request.headers)
      .toString()
      .trimEnd()
      .split('\n')
    for (const line of lines) take(JSON.parse(line) as Line)
    response.writeHead(204).end()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.close()
    server.closeAllConnections()
  })
  const { port } = server.address() as AddressInfo
  return { url: `http://127.0.0.1:${port}/lines`, totals: () => totals, headers: () => headers }
}

import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { unpackDebian } from './debian.ts'
import { onPath } from './paths.ts'
import { answers, freePort, startProgram, temporaryFolder } from './processes.ts'
import { seriesText, type Totals } from './page-expected.ts'
import { createQueries } from './promql.ts'
import type { Queries } from './promql.ts'
import { firstOf } from './requirements.ts'
import { noteOnce } from './run-notes.ts'
import { run } from './run.ts'

export interface ReceiverOptions {
  /** Its storage; a second start on the same folder finds what was stored. Default: a new one. */
  readonly dir?: string
  /** @default a free one */
  readonly port?: number
  readonly args?: readonly string[]
}

export interface Receiver extends Queries {
  readonly url: string
  /** Where remote-write goes. */
  readonly writeUrl: string
  readonly dir: string
  readonly port: number
  readonly pid: number
  readonly stop: () => Promise<void>
  readonly kill: () => Promise<void>
}

export interface PrometheusOptions extends ReceiverOptions {
  /** What it scrapes, as `host:port`: `/metrics` of each, twice a second, under the job `scraped`. @default nothing */
  readonly targets?: readonly string[]
}

/** A real Prometheus with the remote-write receiver, on loopback. */
export async function startPrometheus(options: PrometheusOptions = {}): Promise<Receiver> {
  const { port = await freePort(), dir = await temporaryFolder('prometheus'), args = [], targets } = options
  const url = `http://127.0.0.1:${port}`
  const command = await findPrometheus()
  noteOnce(`Prometheus: ${(await run(command, ['--version'])).split(' (')[0]}`)
  const program = await startProgram({
    command,
    args: [
      `--config.file=${targets ? await writeConfig(targets) : '/dev/null'}`,
      `--web.listen-address=127.0.0.1:${port}`,
      `--storage.tsdb.path=${dir}`,
      '--web.enable-remote-write-receiver',
      '--log.level=warn',
      ...args,
    ],
    isReady: () => answers(`${url}/-/ready`),
  })
  return { ...program, ...createQueries(url), url, writeUrl: `${url}/api/v1/write`, dir, port }
}

/** What it has now of the metrics whose names match `names`, a regular expression. */
export async function totalsIn({ query }: Queries, names: string): Promise<Totals> {
  const found = await query(`{__name__=~"${names}"}`)
  return new Map(
    found.map(({ labels: { __name__: name = '', ...labels }, points }) => [seriesText(name, labels), points[0]![1]]),
  )
}

// Labels of a page win over those of a scrape: a Pushgateway's page has the job of who pushed.
async function writeConfig(targets: readonly string[]): Promise<string> {
  const file = join(await temporaryFolder('prometheus-config'), 'prometheus.yml')
  const scrape = { job_name: 'scraped', scrape_interval: '500ms', scrape_timeout: '500ms', honor_labels: true }
  // JSON is YAML.
  await writeFile(file, JSON.stringify({ scrape_configs: [{ ...scrape, static_configs: [{ targets }] }] }))
  return file
}

const findPrometheus = (): Promise<string> =>
  firstOf('Install Prometheus 3 and put it on the PATH (https://prometheus.io/download/).', [
    async () => {
      const file = onPath('prometheus')
      return file && / 3\./.test((await run(file, ['--version'])).split('\n')[0]!) ? file : undefined
    },
    async () => join(await unpackDebian({ suite: 'forky', packages: ['prometheus'] }), 'usr/bin/prometheus'),
  ])

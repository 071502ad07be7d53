import { join } from 'node:path'
import { debianEnvironment, debianVersion, unpackDebian } from './debian.ts'
import { onPath } from './paths.ts'
import { answers, freePort, startProgram, temporaryFolder } from './processes.ts'
import type { Receiver, ReceiverOptions } from './prometheus.ts'
import { createQueries } from './promql.ts'
import { firstOf } from './requirements.ts'
import { noteOnce } from './run-notes.ts'
import { run } from './run.ts'

/** A real VictoriaMetrics, on loopback, set to answer queries with what it was given a moment ago. */
export async function startVictoriaMetrics(options: ReceiverOptions = {}): Promise<Receiver> {
  const { port = await freePort(), dir = await temporaryFolder('victoria-metrics'), args = [] } = options
  const url = `http://127.0.0.1:${port}`
  const program = await startProgram({
    ...(await findVictoriaMetrics()),
    args: [
      `-httpListenAddr=127.0.0.1:${port}`,
      `-storageDataPath=${dir}`,
      '-search.latencyOffset=0s',
      '-search.disableCache',
      '-memory.allowedBytes=256MiB',
      '-loggerLevel=WARN',
      ...args,
    ],
    isReady: () => answers(`${url}/health`),
  })
  // What was just written shows after a second, and a query that came too early hides it for ten more.
  const { query, queryRange, value } = createQueries(url)
  const flush = (): Promise<boolean> => answers(`${url}/internal/force_flush`)
  return {
    ...program,
    query: async (...args) => (await flush(), query(...args)),
    queryRange: async (...args) => (await flush(), queryRange(...args)),
    value: async (...args) => (await flush(), value(...args)),
    url,
    writeUrl: `${url}/api/v1/write`,
    dir,
    port,
  }
}

const findVictoriaMetrics = (): Promise<{ command: string; env: NodeJS.ProcessEnv }> =>
  firstOf('Install VictoriaMetrics and put it on the PATH (https://docs.victoriametrics.com/).', [
    async () => {
      const command = onPath('victoria-metrics', 'victoria-metrics-prod')
      if (!command) return undefined
      noteOnce(`VictoriaMetrics: ${(await run(command, ['--version'])).trim()}, ${command}`)
      return { command, env: process.env }
    },
    async () => {
      const folder = await unpackDebian({ suite: 'forky', packages: ['victoria-metrics', 'libzstd1'] })
      noteOnce(`VictoriaMetrics: ${debianVersion(folder, 'victoria-metrics')}, from Debian`)
      return { command: join(folder, 'usr/bin/victoria-metrics'), env: debianEnvironment(folder) }
    },
  ])

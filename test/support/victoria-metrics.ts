import { join } from 'node:path'
import { debianEnvironment, unpackDebian } from './debian.ts'
import { onPath } from './paths.ts'
import { answers, freePort, startProgram, temporaryFolder } from './processes.ts'
import type { Receiver, ReceiverOptions } from './prometheus.ts'
import { createQueries } from './promql.ts'
import { firstOf } from './requirements.ts'

/** A real VictoriaMetrics, on loopback, set to answer queries with what it was given a moment ago. */
export async function startVictoriaMetrics(options: ReceiverOptions = {}): Promise<Receiver & FreshData> {
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
  const flush = async (): Promise<void> => void (await answers(`${url}/internal/force_flush`))
  return { ...program, ...createQueries(url), url, writeUrl: `${url}/api/v1/write`, dir, port, flush }
}

export interface FreshData {
  /** Makes what was written so far visible to queries; it becomes so by itself after a second or two. */
  readonly flush: () => Promise<void>
}

const findVictoriaMetrics = (): Promise<{ command: string; env: NodeJS.ProcessEnv }> =>
  firstOf('Install VictoriaMetrics and put it on the PATH (https://docs.victoriametrics.com/).', [
    async () => {
      const command = onPath('victoria-metrics', 'victoria-metrics-prod')
      return command ? { command, env: process.env } : undefined
    },
    async () => {
      const folder = await unpackDebian({ suite: 'forky', packages: ['victoria-metrics', 'libzstd1'] })
      return { command: join(folder, 'usr/bin/victoria-metrics'), env: debianEnvironment(folder) }
    },
  ])

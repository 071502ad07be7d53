import { join } from 'node:path'
import { unpackDebian } from './debian.ts'
import { readMetrics } from './metrics-page.ts'
import { onPath } from './paths.ts'
import { answers, freePort, startProgram } from './processes.ts'
import { firstOf } from './requirements.ts'

export interface PushgatewayOptions {
  /** @default a free one */
  readonly port?: number
  readonly args?: readonly string[]
}

export interface Pushgateway {
  /** What a destination has as its `url`. */
  readonly url: string
  readonly port: number
  readonly pid: number
  /** Its page as a map, its own metrics included: `name{label="value"}` as it is printed, and the value. */
  readonly read: () => Promise<ReadonlyMap<string, number>>
  readonly stop: () => Promise<void>
  readonly kill: () => Promise<void>
}

/** A real Pushgateway, on loopback, with nothing in it. */
export async function startPushgateway(options: PushgatewayOptions = {}): Promise<Pushgateway> {
  const { port = await freePort(), args = [] } = options
  const url = `http://127.0.0.1:${port}`
  const program = await startProgram({
    command: await findPushgateway(),
    args: [`--web.listen-address=127.0.0.1:${port}`, '--log.level=warn', ...args],
    isReady: () => answers(`${url}/-/ready`),
  })
  return { ...program, url, port, read: () => readMetrics(url) }
}

const findPushgateway = (): Promise<string> =>
  firstOf('Install the Pushgateway and put it on the PATH (https://prometheus.io/download/#pushgateway).', [
    async () => onPath('pushgateway', 'prometheus-pushgateway'),
    async () =>
      join(
        await unpackDebian({ suite: 'forky', packages: ['prometheus-pushgateway'] }),
        'usr/bin/prometheus-pushgateway',
      ),
  ])

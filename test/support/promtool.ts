import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { unpackDebian } from './debian.ts'
import { onPath } from './paths.ts'
import { firstOf } from './requirements.ts'
import { run } from './run.ts'

/** Runs promtool on files: `['check', 'rules', file]`. Fails with what it said. */
export const runPromtool = async (args: readonly string[]): Promise<string> => run(await findPromtool(), args)

/** What `promtool check metrics` has to say about a page in text 0.0.4, line by line; nothing when it is content. */
export async function checkMetrics(page: string): Promise<readonly string[]> {
  const promtool = spawn(await findPromtool(), ['check', 'metrics'], { stdio: ['pipe', 'pipe', 'pipe'] })
  const exited = once(promtool, 'exit') as Promise<[code: number]>
  promtool.stdin.end(page)
  const [output, errors, [code]] = await Promise.all([text(promtool.stdout), text(promtool.stderr), exited])
  const lines = `${output}${errors}`.split('\n').filter((line) => line !== '')
  return code === 0 || lines.length > 0 ? lines : [`promtool ended with ${code}`]
}

const findPromtool = (): Promise<string> =>
  firstOf('Install Prometheus 3 and put promtool on the PATH (https://prometheus.io/download/).', [
    async () => onPath('promtool'),
    // Debian keeps it apart from prometheus.
    async () => join(await unpackDebian({ suite: 'forky', packages: ['promtool'] }), 'usr/bin/promtool'),
  ])

import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { run } from './run.ts'

export const KEYRING = '/usr/share/keyrings/debian-archive-keyring.gpg'

export interface Repository {
  readonly uri: string
  readonly suite: string
}

/**
 * An apt that keeps everything in `folder`, takes nothing that Debian's archive did not sign, and knows what is in every suite.
 * @param suite another suite than the machine's own ones
 * @returns the environment to run apt with
 */
export async function createApt(folder: string, suite: string | undefined): Promise<NodeJS.ProcessEnv> {
  const repositories = debianRepositories(await run('apt-get', ['update', '--print-uris']))
  const sources = suite ? [{ uri: repositories[0]!.uri, suite }] : repositories
  const lines = sources.map((source) => `deb [signed-by=${KEYRING}] ${source.uri} ${source.suite} main\n`)
  await mkdir(join(folder, 'lists/partial'), { recursive: true })
  await mkdir(join(folder, 'archives/partial'), { recursive: true })
  await writeFile(join(folder, 'sources.list'), lines.join(''))
  const file = join(folder, 'apt.conf')
  await writeFile(file, settings(folder, await machineTransport()))
  const env = { ...process.env, APT_CONFIG: file }
  await update(env)
  return env
}

const settings = (folder: string, transport: readonly string[]): string =>
  [
    `Dir::Etc::sourcelist "${folder}/sources.list";`,
    'Dir::Etc::sourceparts "/dev/null";',
    'Dir::Etc::parts "/dev/null";',
    `Dir::State::lists "${folder}/lists";`,
    `Dir::Cache "${folder}";`,
    `Dir::Cache::archives "${folder}/archives";`,
    'Debug::NoLocking "true";',
    'APT::Sandbox::User "root";',
    'Acquire::Languages "none";',
    // A mirror may be a snapshot of some day; what matters here is who signed it.
    'Acquire::Check-Valid-Until "false";',
    ...transport,
    '',
  ].join('\n')

const UPDATE_TRIES = 5

/**
 * Reads what every suite has. By default apt succeeds when a suite does not answer, and would go on with an older version of
 * another: Debian's security suite had Chromium 156 when the main one had 150.
 */
async function update(env: NodeJS.ProcessEnv): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      await run('apt-get', ['update', '--quiet', '--error-on=any'], { env })
      return
    } catch (error) {
      if (tries === UPDATE_TRIES) throw error
      await delay(1_000 * tries)
    }
  }
}

/**
 * Debian's repositories that the machine is set up with, the main one first, the updates of security among them. It may never have
 * asked them: what it knows of them (`apt-get indextargets`) can be less.
 * @param uris what `apt-get update --print-uris` prints
 */
export function debianRepositories(uris: string): readonly Repository[] {
  const found = [...uris.matchAll(/^'(\S*debian\S*?)\/?\/dists\/(\S+)\/InRelease'/gim)]
  const all = found.map(([, uri = '', suite = '']) => ({ uri, suite }))
  const isSecurity = ({ suite }: Repository): boolean => suite.includes('security')
  const sorted = [...all.filter((one) => !isSecurity(one)), ...all.filter(isSecurity)]
  if (sorted.length === 0) throw new Error('apt is set up with no Debian mirror on this machine')
  return sorted
}

/** How the machine reaches its mirrors: proxies and the like. */
async function machineTransport(): Promise<readonly string[]> {
  const dump = await run('apt-config', ['dump'])
  return dump.split('\n').filter((line) => /^Acquire::(https?|Check-Date|Retries)[^ ]* ".+";$/i.test(line))
}

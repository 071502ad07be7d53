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
  await mkdir(join(folder, 'lists/partial'), { recursive: true })
  await mkdir(join(folder, 'archives/partial'), { recursive: true })
  const file = join(folder, 'apt.conf')
  await writeFile(file, settings(folder, await machineTransport()))
  const env = { ...process.env, APT_CONFIG: file }
  await update(suite ? [{ uri: repositories[0]!.uri, suite }] : repositories, { folder, env })
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
 * A repository that Debian did not sign is left out: others have `debian` in their addresses too.
 */
async function update(
  all: readonly Repository[],
  { folder, env }: { readonly folder: string; readonly env: NodeJS.ProcessEnv },
): Promise<void> {
  let sources = all
  for (let tries = 1; ; tries++) {
    const lines = sources.map(({ uri, suite }) => `deb [signed-by=${KEYRING}] ${uri} ${suite} main\n`)
    await writeFile(join(folder, 'sources.list'), lines.join(''))
    try {
      await run('apt-get', ['update', '--quiet', '--error-on=any'], { env })
      return
    } catch (error) {
      const signed = sources.filter((source) => !isUnsigned(source, String(error)))
      if (tries === UPDATE_TRIES || signed.length === 0) throw error
      if (signed.length === sources.length) await delay(1_000 * tries)
      sources = signed
    }
  }
}

/** Whether apt says so of a repository: "The repository '<uri> <suite> InRelease' is not signed." */
const isUnsigned = ({ uri, suite }: Repository, said: string): boolean =>
  ['InRelease', 'Release'].some((file) => said.includes(`'${uri} ${suite} ${file}' is not signed`))

/**
 * Debian's repositories that the machine is set up with, the main one first, the updates of security among them. It may never have
 * asked them: what it knows of them (`apt-get indextargets`) can be less.
 * @param uris what `apt-get update --print-uris` prints
 */
export function debianRepositories(uris: string): readonly Repository[] {
  const found = [...uris.matchAll(/^'(\S*debian\S*?)\/?\/dists\/(\S+)\/InRelease'/gim)]
  const all = found.map(([, uri = '', suite = '']) => ({ uri, suite }))
  if (all.length === 0) throw new Error('apt is set up with no mirror whose address contains "debian"')
  return all.toSorted((a, b) => rank(a) - rank(b))
}

/** Debian's own hosts before others, a suite itself before its updates, backports and security. */
const rank = ({ uri, suite }: Repository): number =>
  (/\/\/[^/]*debian\.org\//.test(`${uri}/`) ? 0 : 10) + (suite.includes('security') ? 2 : suite.includes('-') ? 1 : 0)

/** How the machine reaches its mirrors: proxies and the like. */
async function machineTransport(): Promise<readonly string[]> {
  const dump = await run('apt-config', ['dump'])
  return dump.split('\n').filter((line) => /^Acquire::(https?|Check-Date|Retries)[^ ]* ".+";$/i.test(line))
}

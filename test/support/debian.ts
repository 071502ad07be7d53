import { existsSync, readdirSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { withFileLock } from './file-lock.ts'
import { cacheFolder } from './paths.ts'
import { temporaryFolder } from './processes.ts'
import { run } from './run.ts'

const KEYRING = '/usr/share/keyrings/debian-archive-keyring.gpg'

export interface DebianPackages {
  readonly packages: readonly string[]
  /** A suite of Debian. Default: what the machine itself runs, with its security updates. */
  readonly suite?: string
}

/**
 * Debian packages, unpacked aside: nothing is installed, and root is not needed. Packages of another suite come alone;
 * those of the machine's own suite come with every dependency that the machine lacks.
 * Kept in the cache; the first call takes seconds.
 * @returns the folder that stands for `/` of the packages
 */
export async function unpackDebian({ packages, suite }: DebianPackages): Promise<string> {
  const folder = join(cacheFolder, 'debian', [suite ?? 'own', ...packages].join('-'))
  if (existsSync(folder)) return folder
  if (!existsSync(KEYRING)) throw new Error(`No Debian machine: ${KEYRING} is missing`)
  await mkdir(join(cacheFolder, 'debian'), { recursive: true })
  return withFileLock(`${folder}.lock`, async () => {
    if (existsSync(folder)) return folder
    const work = await mkdtemp(`${folder}.`)
    try {
      const env = { ...process.env, APT_CONFIG: await privateApt(work, suite) }
      await run('apt-get', ['update', '--quiet'], { env })
      const wanted = suite ? packages : await withMissingDependencies(packages, env)
      const downloads = join(work, 'downloads')
      await mkdir(downloads)
      await run('apt-get', ['download', '--quiet', ...wanted], { env, cwd: downloads, timeoutMs: 600_000 })
      for (const file of await readdir(downloads)) await run('dpkg', ['-x', join(downloads, file), join(work, 'root')])
      await rename(join(work, 'root'), folder)
      return folder
    } finally {
      await rm(work, { recursive: true, force: true })
    }
  })
}

/** An apt that keeps everything in `work`, and takes nothing that Debian's archive did not sign. */
async function privateApt(work: string, suite: string | undefined): Promise<string> {
  const repositories = await machineRepositories()
  const sources = suite ? [{ uri: repositories[0]!.uri, suite }] : repositories
  const lines = sources.map((source) => `deb [signed-by=${KEYRING}] ${source.uri} ${source.suite} main\n`)
  await mkdir(join(work, 'lists/partial'), { recursive: true })
  await mkdir(join(work, 'archives/partial'), { recursive: true })
  await writeFile(join(work, 'sources.list'), lines.join(''))
  const file = join(work, 'apt.conf')
  const settings = [
    `Dir::Etc::sourcelist "${work}/sources.list";`,
    'Dir::Etc::sourceparts "/dev/null";',
    'Dir::Etc::parts "/dev/null";',
    `Dir::State::lists "${work}/lists";`,
    `Dir::Cache "${work}";`,
    `Dir::Cache::archives "${work}/archives";`,
    'Debug::NoLocking "true";',
    'APT::Sandbox::User "root";',
    'Acquire::Languages "none";',
    // A mirror may be a snapshot of some day; what matters here is who signed it.
    'Acquire::Check-Valid-Until "false";',
    ...(await machineTransport()),
  ]
  await writeFile(file, `${settings.join('\n')}\n`)
  return file
}

/** How the machine reaches its mirrors: proxies and the like. */
async function machineTransport(): Promise<readonly string[]> {
  const dump = await run('apt-config', ['dump'])
  return dump.split('\n').filter((line) => /^Acquire::(https?|Check-Date|Retries)[^ ]* ".+";$/i.test(line))
}

/** Debian's repositories among those of the machine, the main one first. */
async function machineRepositories(): Promise<readonly { uri: string; suite: string }[]> {
  const format = '$(REPO_URI) $(RELEASE)'
  const targets = await run('apt-get', ['indextargets', '--format', format, 'Created-By: Packages'])
  const rows = [...new Set(targets.trim().split('\n'))].map((row) => row.split(' '))
  const all = rows.map(([uri = '', suite = '']) => ({ uri, suite })).filter(({ uri }) => /debian/i.test(uri))
  const isSecurity = ({ suite }: { suite: string }): boolean => suite.includes('security')
  const found = [...all.filter((one) => !isSecurity(one)), ...all.filter(isSecurity)]
  if (found.length === 0) throw new Error('apt knows no Debian mirror on this machine')
  return found
}

/** What apt would install: the packages and those they need that are not there yet. */
async function withMissingDependencies(
  packages: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<readonly string[]> {
  const plan = await run('apt-get', ['install', '--simulate', '--reinstall', '--no-install-recommends', ...packages], {
    env,
  })
  return [...plan.matchAll(/^Inst (\S+) (?:\[\S+\] )?\((\S+)/gm)].map(([, name, version]) => `${name}=${version}`)
}

/** The variables a program of an unpacked folder needs to find its libraries there. */
export function debianEnvironment(folder: string): NodeJS.ProcessEnv {
  const triplet = `${process.arch === 'arm64' ? 'aarch64' : 'x86_64'}-linux-gnu`
  const libraries = [`usr/lib/${triplet}`, `lib/${triplet}`].flatMap((name) => withSubfolders(join(folder, name)))
  return { ...process.env, LD_LIBRARY_PATH: libraries.join(':') }
}

// Some packages keep private libraries a folder deeper (pulseaudio, nss).
function withSubfolders(folder: string): readonly string[] {
  if (!existsSync(folder)) return []
  const entries = readdirSync(folder, { withFileTypes: true })
  return [folder, ...entries.filter((entry) => entry.isDirectory()).map(({ name }) => join(folder, name))]
}

/** As `debianEnvironment`, and the fonts of the folder too, without which a browser may end where the machine has none. */
export async function debianBrowserEnvironment(folder: string): Promise<NodeJS.ProcessEnv> {
  const file = join(await temporaryFolder('fonts'), 'fonts.conf')
  const fonts = [join(folder, 'usr/share/fonts'), '/usr/share/fonts']
  await writeFile(file, `<fontconfig>${fonts.map((dir) => `<dir>${dir}</dir>`).join('')}</fontconfig>`)
  return { ...debianEnvironment(folder), FONTCONFIG_FILE: file }
}

/**
 * For programs that look for their parts under `/usr` and nowhere else: the beginning of a command line that runs the rest of
 * it, in the same process, where the folder's `/usr` lies over that of the machine. Nobody else sees it, and nothing is written.
 * Needs Linux 5.11, and root or the right to make user namespaces.
 */
export async function debianOverlay(folder: string): Promise<readonly [command: string, ...args: string[]]> {
  const script = `mount -t overlay -o "lowerdir=$0/usr:/usr" overlay /usr && exec "$@"`
  const user = process.getuid?.() === 0 ? [] : ['--map-root-user']
  const overlay = ['unshare', ...user, '--mount', 'sh', '-c', script, folder] as const
  await run(overlay[0], [...overlay.slice(1), 'true'])
  return overlay
}

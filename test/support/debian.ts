import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { createApt, KEYRING } from './debian-apt.ts'
import { withFileLock } from './file-lock.ts'
import { cacheFolder } from './paths.ts'
import { temporaryFolder } from './processes.ts'
import { noteOnce } from './run-notes.ts'
import { run } from './run.ts'

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
      const startMs = Date.now()
      const env = await createApt(work, suite)
      const wanted = suite ? packages : await withMissingDependencies(packages, env)
      const downloads = join(work, 'downloads')
      await mkdir(downloads)
      await run('apt-get', ['download', '--quiet', ...wanted], { env, cwd: downloads, timeoutMs: 600_000 })
      let bytes = 0
      for (const file of await readdir(downloads)) {
        bytes += (await stat(join(downloads, file))).size
        await run('dpkg', ['-x', join(downloads, file), join(work, 'root')])
      }
      await rename(join(work, 'root'), folder)
      const seconds = (Date.now() - startMs) / 1_000
      noteOnce(
        `Downloaded ${packages[0]}: ${wanted.length} packages, ${(bytes / 1e6).toFixed(0)} MB, ${seconds.toFixed(0)} s`,
      )
      return folder
    } finally {
      await rm(work, { recursive: true, force: true })
    }
  })
}

/** The version of a package, as its changelog has it: some programs do not know their own. */
export function debianVersion(folder: string, name: string): string {
  const changelog = gunzipSync(readFileSync(join(folder, 'usr/share/doc', name, 'changelog.Debian.gz'))).toString()
  return /\((\S+)\)/.exec(changelog)?.[1] ?? 'unknown'
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

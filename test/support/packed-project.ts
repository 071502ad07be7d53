import { execFile } from 'node:child_process'
import { cp, mkdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { build } from 'esbuild'
import { repository } from './paths.ts'
import { temporaryFolder } from './processes.ts'
import type { Files } from './recipes-doc.ts'

const run = promisify(execFile)

/** What the package depends on; neither depends on anything. */
const DEPENDENCIES = ['idb-keyval', 'web-vitals']

/** A project of a user into which npm installs the package as it would be published; resolves to its folder. */
export async function createPackedProject(files: Files): Promise<string> {
  const folder = await temporaryFolder('packed')
  const { stdout } = await run('npm', ['pack', '--ignore-scripts', '--json', '--pack-destination', folder], {
    cwd: repository,
  })
  const [{ filename }] = JSON.parse(stdout) as [{ readonly filename: string }]
  // Copies, so that npm needs no network and touches nothing of the repository.
  for (const name of DEPENDENCIES)
    await cp(join(repository, 'node_modules', name), join(folder, 'vendor', name), {
      recursive: true,
      dereference: true,
    })
  const dependencies = Object.fromEntries([
    ['pharos-beacon', `file:${filename}`],
    ...DEPENDENCIES.map((name) => [name, `file:vendor/${name}`]),
  ])
  const all = { 'package.json': JSON.stringify({ type: 'module', private: true, dependencies }), ...files }
  for (const [path, text] of Object.entries(all)) {
    await mkdir(dirname(join(folder, path)), { recursive: true })
    await writeFile(join(folder, path), text)
  }
  await run('npm', ['install', '--offline', '--ignore-scripts', '--install-links', '--no-package-lock'], {
    cwd: folder,
  })
  return folder
}

/** Puts tools of the repository where the project finds them. */
export async function addTools(folder: string, names: readonly string[]): Promise<void> {
  for (const name of names) {
    const place = join(folder, 'node_modules', name)
    await mkdir(dirname(place), { recursive: true })
    await symlink(join(repository, 'node_modules', name), place)
  }
}

/** The worker of a project in one file, as wrangler bundles it. */
export async function bundleProjectWorker(folder: string, entry: string): Promise<string> {
  const outfile = join(folder, 'bundle/worker.js')
  await build({
    entryPoints: [join(folder, entry)],
    absWorkingDir: folder,
    bundle: true,
    format: 'esm',
    target: 'es2022',
    conditions: ['workerd', 'worker', 'browser'],
    external: ['cloudflare:workers'],
    outfile,
    logLevel: 'error',
  })
  return outfile
}

/** The files that a page of the docs shows, by the path in their first line: `// src/worker.ts`. */
export async function filesIn(page: string): Promise<Files> {
  const text = await readFile(join(repository, page), 'utf8')
  const blocks = text.matchAll(/^```ts\n\/\/ (\S+\.ts)\n([^]*?)^```$/gm)
  return Object.fromEntries([...blocks].map(([, path, code]) => [path!, code!]))
}

import { cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { build as esbuild } from 'esbuild'
import { rollup } from 'rollup'
import { nodeResolve } from '@rollup/plugin-node-resolve'
import { build as vite } from 'vite'
import webpack from 'webpack'
import { repository } from './paths.ts'
import { temporaryFolder } from './processes.ts'

/** The file that a page loads. */
export const ENTRY = 'out.js'

/** Bundles a project for browsers, minified, into files; one of them is `ENTRY`. */
export type Bundler = (project: Project) => Promise<Bundle>

/** File names and their texts. */
export type Bundle = ReadonlyMap<string, string>

export interface Project {
  readonly folder: string
  readonly entry: string
}

/** A project of a user: one file, and `pharos-beacon` with what it depends on in its node_modules, as `npm install` puts them there. */
export async function createProject(source: string): Promise<Project> {
  const folder = await temporaryFolder('bundled')
  const modules = join(folder, 'node_modules')
  await Promise.all(
    ['idb-keyval', 'web-vitals', '@opentelemetry/api'].map((name) =>
      cp(join(repository, 'node_modules', name), join(modules, name), { recursive: true, dereference: true }),
    ),
  )
  const own = join(modules, 'pharos-beacon')
  for (const file of ['package.json', 'dist/index.js', 'dist/otel.js', 'dist/shared', 'dist/development'])
    await cp(join(repository, file), join(own, file), { recursive: true })
  await writeFile(join(folder, 'package.json'), '{"type":"module","sideEffects":false}')
  const entry = join(folder, 'entry.js')
  await writeFile(entry, source)
  return { folder, entry }
}

export const BUNDLERS: Readonly<Record<string, Bundler>> = {
  esbuild: async ({ folder, entry }) => {
    await esbuild({
      entryPoints: { out: entry },
      bundle: true,
      minify: true,
      splitting: true,
      format: 'esm',
      outdir: join(folder, 'dist'),
    })
    return readFiles(join(folder, 'dist'))
  },
  rollup: async ({ folder, entry }) => {
    const build = await rollup({
      input: { out: entry },
      plugins: [nodeResolve({ browser: true })],
      logLevel: 'silent',
    })
    await build.write({ format: 'es', dir: join(folder, 'dist') })
    await build.close()
    return readFiles(join(folder, 'dist'))
  },
  vite: async ({ folder, entry }) => {
    await vite({
      root: folder,
      base: './',
      configFile: false,
      logLevel: 'silent',
      build: {
        outDir: 'dist',
        assetsDir: '',
        rollupOptions: { input: entry, output: { entryFileNames: ENTRY } },
      },
    })
    return readFiles(join(folder, 'dist'))
  },
  webpack: (project) => pack(project, 'production'),
}

/** Development builds with webpack. Vite has a server for that. */
export const packForDevelopment: Bundler = (project) => pack(project, 'development')

const pack = ({ folder, entry }: Project, mode: 'production' | 'development'): Promise<Bundle> =>
  new Promise((resolve, reject) => {
    const output = { path: join(folder, 'dist'), filename: ENTRY }
    const compiler = webpack({ mode, entry, context: folder, output, devtool: false })
    compiler.run((error, stats) => {
      const problem = error ?? (stats?.hasErrors() ? new Error(stats.toString('errors-only')) : undefined)
      compiler.close(() => {
        if (problem) reject(problem)
        else resolve(readFiles(output.path))
      })
    })
  })

async function readFiles(folder: string): Promise<Bundle> {
  await mkdir(folder, { recursive: true })
  const names = (await readdir(folder)).filter((name) => name.endsWith('.js'))
  return new Map(
    await Promise.all(names.map(async (name) => [name, await readFile(join(folder, name), 'utf8')] as const)),
  )
}

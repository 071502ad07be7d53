import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { build as esbuild } from 'esbuild'
import { rollup } from 'rollup'
import { nodeResolve } from '@rollup/plugin-node-resolve'
import { build as vite } from 'vite'
import webpack from 'webpack'
import { repository } from './paths.ts'
import { temporaryFolder } from './processes.ts'

/** Bundles a file of a project that has the package installed, for browsers, minified; resolves to the code. */
export type Bundler = (project: Project) => Promise<string>

export interface Project {
  readonly folder: string
  readonly entry: string
}

/** A project of a user: one file, and `pharos-beacon` in its node_modules. */
export async function createProject(source: string): Promise<Project> {
  const folder = await temporaryFolder('bundled')
  const modules = join(folder, 'node_modules')
  await mkdir(modules)
  await symlink(repository, join(modules, 'pharos-beacon'))
  await writeFile(join(folder, 'package.json'), '{"type":"module","sideEffects":false}')
  const entry = join(folder, 'entry.js')
  await writeFile(entry, source)
  return { folder, entry }
}

export const BUNDLERS: Readonly<Record<string, Bundler>> = {
  esbuild: async ({ entry }) => {
    const { outputFiles } = await esbuild({
      entryPoints: [entry],
      bundle: true,
      minify: true,
      format: 'esm',
      write: false,
    })
    return outputFiles[0]!.text
  },
  rollup: async ({ entry }) => {
    const build = await rollup({ input: entry, plugins: [nodeResolve({ browser: true })], logLevel: 'silent' })
    const { output } = await build.generate({ format: 'es' })
    await build.close()
    return output[0].code
  },
  vite: async ({ folder, entry }) => {
    await vite({
      root: folder,
      configFile: false,
      logLevel: 'silent',
      build: { outDir: 'dist', rollupOptions: { input: entry, output: { entryFileNames: 'out.js' } } },
    })
    return readFile(join(folder, 'dist/out.js'), 'utf8')
  },
  webpack: ({ folder, entry }) =>
    new Promise((resolve, reject) => {
      const compiler = webpack({
        mode: 'production',
        entry,
        context: folder,
        output: { path: join(folder, 'dist'), filename: 'out.js' },
      })
      compiler.run((error, stats) => {
        const problem = error ?? (stats?.hasErrors() ? new Error(stats.toString('errors-only')) : undefined)
        compiler.close(() => {
          if (problem) reject(problem)
          else resolve(readFile(join(folder, 'dist/out.js'), 'utf8'))
        })
      })
    }),
}

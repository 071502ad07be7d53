import { execFile } from 'node:child_process'
import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { build } from 'esbuild'
import { compile } from 'svelte/compiler'
import { compileScript, parse } from 'vue/compiler-sfc'
import { repository } from './paths.ts'
import { temporaryFolder } from './processes.ts'
import type { Files } from './recipes-doc.ts'

/** How a project is built, and for what. */
export interface Target {
  readonly mode: 'development' | 'production'
  readonly platform: 'browser' | 'node'
}

/** What a recipe may import. */
const INSTALLED = [
  'react',
  'react-dom',
  'svelte',
  'vue',
  '@types/react',
  '@types/react-dom',
  '@angular',
  'rxjs',
  'zone.js',
]

/** A project of a user, with the package as it is built and the frameworks in its node_modules; resolves to its folder. */
export async function createRecipeProject(files: Files): Promise<string> {
  const folder = await temporaryFolder('recipe')
  const modules = join(folder, 'node_modules')
  await mkdir(join(modules, '@types'), { recursive: true })
  await symlink(repository, join(modules, 'pharos-beacon'))
  for (const name of INSTALLED) await symlink(join(repository, 'node_modules', name), join(modules, name))
  for (const [path, code] of Object.entries({ 'package.json': '{"type":"module"}', ...files })) {
    await mkdir(dirname(join(folder, path)), { recursive: true })
    await writeFile(join(folder, path), code)
  }
  return folder
}

/** The components of Vue as TypeScript, which `import './App.vue'` finds too. */
export const withVueCompiled = (files: Files): Files =>
  Object.fromEntries(
    Object.entries(files).map(([path, code]) =>
      path.endsWith('.vue') ? [`${path}.ts`, vueScript(path, code)] : [path, code],
    ),
  )

function vueScript(path: string, code: string): string {
  const { descriptor, errors } = parse(code, { filename: path })
  if (errors.length) throw errors[0]!
  return compileScript(descriptor, { id: path, inlineTemplate: true }).content
}

/** One script of `entry` and all that it imports: a classic one for a browser, a module for Node. */
export async function bundleRecipe(folder: string, entry: string, { mode, platform }: Target): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [join(folder, entry)],
    bundle: true,
    write: false,
    platform,
    format: platform === 'node' ? 'esm' : 'iife',
    target: 'es2022',
    jsx: 'automatic',
    jsxDev: mode === 'development',
    conditions: [mode, 'module'],
    // Decorators, as Angular has them.
    tsconfigRaw: { compilerOptions: { experimentalDecorators: true } },
    define: {
      'process.env.NODE_ENV': JSON.stringify(mode),
      ngDevMode: JSON.stringify(mode === 'development'),
      __VUE_OPTIONS_API__: 'false',
      __VUE_PROD_DEVTOOLS__: 'false',
      __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: 'false',
    },
    // Of the renderers, some are CommonJS and require what Node has.
    banner:
      platform === 'node'
        ? { js: `import { createRequire } from 'node:module'; const require = createRequire(import.meta.url)` }
        : {},
    plugins: [
      {
        name: 'svelte',
        setup: (build) =>
          build.onLoad({ filter: /\.svelte$/ }, async ({ path }) => {
            const source = await readFile(path, 'utf8')
            const generate = platform === 'node' ? 'server' : 'client'
            return { contents: compile(source, { filename: path, generate, dev: mode === 'development' }).js.code }
          }),
      },
    ],
  })
  return outputFiles[0]!.text
}

/** As strict as a user may be. */
const COMPILER_OPTIONS = {
  target: 'es2022',
  module: 'preserve',
  moduleResolution: 'bundler',
  lib: ['es2024', 'dom', 'dom.iterable'],
  types: [],
  jsx: 'react-jsx',
  experimentalDecorators: true,
  strict: true,
  noUncheckedIndexedAccess: true,
  exactOptionalPropertyTypes: true,
  noImplicitReturns: true,
  noUncheckedSideEffectImports: true,
  verbatimModuleSyntax: true,
  skipLibCheck: true,
  noEmit: true,
}

/** What the compiler finds wrong with the TypeScript of these files; nothing, when it is empty. */
export async function typeErrors(files: Files): Promise<string> {
  const config = JSON.stringify({ compilerOptions: COMPILER_OPTIONS, include: ['src'] })
  const folder = await createRecipeProject({ ...files, 'tsconfig.json': config })
  const compiler = join(repository, 'node_modules/typescript/bin/tsc')
  // It prints what it finds on its standard output, and ends with 2.
  const { stdout } = await promisify(execFile)(process.execPath, [compiler, '-p', '.'], { cwd: folder }).catch(
    (error: unknown) => error as { readonly stdout: string },
  )
  return stdout
}

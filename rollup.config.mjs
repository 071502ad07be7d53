import { stripTypeScriptTypes } from 'node:module'
import { basename } from 'node:path'
import commonjs from '@rollup/plugin-commonjs'
import { nodeResolve } from '@rollup/plugin-node-resolve'
import { describeFile, minifyWith, shortenWith, withParts, withUrl } from './tools/build-script.mjs'
import { mangledProperties } from './tools/internal-names.mjs'
import { leanWebVitals, WEB_VITALS_CHANGES } from './tools/lean-web-vitals.mjs'
import { createLicenses } from './tools/third-party-licenses.mjs'

/** Types become spaces, so every position stays as it is. */
const stripTypes = {
  name: 'strip-types',
  transform: (code, id) => (id.endsWith('.ts') ? { code: stripTypeScriptTypes(code), map: null } : null),
}

/** Prints the name and the integrity that an author of pages needs; `--silent` would swallow a log of rollup's own. */
const printIntegrity = {
  name: 'print-integrity',
  generateBundle(_options, bundle) {
    const { path, integrity } = describeFile('pharos', bundle['pharos.js'].code)
    console.log(`${path.slice(1)} integrity="${integrity}"`)
  },
}

/** Takes one module for another, both named by the end of their path. */
const swap = (from, to) => ({
  name: 'swap',
  resolveId(id, importer) {
    return importer && id.endsWith(from) ? this.resolve(id.replace(from, to), importer, { skipSelf: true }) : null
  },
})

/** Production says nothing: the development build has the checks of options and names. */
const production = [swap('check/index.ts', 'check/off.ts'), stripTypes]
const bundled = [...production, nodeResolve()]

const smallest = {
  ecma: 2022,
  compress: { passes: 3, unsafe_arrows: true, pure_getters: true },
  mangle: { toplevel: true, properties: mangledProperties() },
}
const minify = minifyWith(smallest)

/**
 * Nearly all of the script tag's file runs at the start. With this hint, Chromium compiles it while it loads, on another thread, and not
 * function by function on the page's (https://v8.dev/blog/explicit-compile-hints).
 */
const minifyScript = minifyWith({ ...smallest, format: { preamble: '//# allFunctionsCalledOnLoad' } })

/** Calls of empty functions go also where they stand in a `try`: those of the checks in production. */
const treeshake = { tryCatchDeoptimization: false }

/** What `npm run size` weighs: three usual imports, every plugin, the other entries. Each with all it needs. */
const weighed = [
  ...['core', 'vitals', 'all'].map((name) => `bench/size/${name}.ts`),
  ...['errors', 'navigation', 'requests', 'long-tasks', 'visibility', 'web-vitals', 'attribution'].map(
    (name) => `src/plugins/${name}.ts`,
  ),
  ...['otel', 'edge', 'catalog'].map((name) => `src/${name}/index.ts`),
]

/** The script tag hands its parts what they import of the core (src/core/shared.ts). */
const takesCore = {
  name: 'takes-core',
  resolveId: (id) => (/\/core\//.test(id) ? { id: 'core', external: true } : null),
}
const core = { globals: { core: 'document.currentScript.shared' } }

/** `PHAROS_URL=https://beacon.example.com/v1/beacon npm run build` makes a script that posts there, unless its tag says otherwise. */
const endpoint = withUrl(process.env.PHAROS_URL)

const licenses = createLicenses({ 'web-vitals': WEB_VITALS_CHANGES })

/** What the script tag loads when it needs it: `courier` is served as `/pharos-courier.<hash>.js`. */
const parts = [
  ...['courier', 'compactor'].map((name) => ({
    name,
    input: `src/script-tag/${name}.ts`,
    plugins: [takesCore, ...bundled, licenses.collect(`pharos-${name}.js`)],
    ...core,
  })),
  {
    name: 'development',
    input: 'src/script-tag.ts',
    plugins: [
      endpoint,
      swap('script-tag/lazy.ts', 'script-tag/lazy-bundled.ts'),
      stripTypes,
      nodeResolve(),
      licenses.collect('pharos-development.js'),
    ],
  },
]

/** The script tag's file. `npm start` builds it alone (demo/server/script.ts). */
export const scriptTag = {
  input: 'src/script-tag.ts',
  plugins: [endpoint, withParts(parts, minify), leanWebVitals(), ...bundled, licenses.collect('pharos.js')],
  // A comment that names the source map would cost every page its bytes.
  output: { file: 'dist/pharos.js', format: 'iife', plugins: [minifyScript], sourcemap: 'hidden' },
}

/** The entries of the package share what they have in common, so that a page that uses two holds it once. */
const packageEntries = {
  treeshake,
  input: {
    index: 'src/index.ts',
    catalog: 'src/catalog/index.ts',
    otel: 'src/otel/index.ts',
    edge: 'src/edge/index.ts',
  },
  external: ['idb-keyval', 'web-vitals', '@opentelemetry/api'],
}
const packageOutput = {
  format: 'es',
  entryFileNames: '[name].js',
  chunkFileNames: 'shared/[name].js',
  sourcemap: true,
}

export default [
  { ...scriptTag, plugins: [...scriptTag.plugins, printIntegrity] },
  {
    ...packageEntries,
    plugins: production,
    output: { ...packageOutput, dir: 'dist', plugins: [shortenWith(mangledProperties())] },
  },
  {
    ...packageEntries,
    plugins: [stripTypes],
    output: { ...packageOutput, dir: 'dist/development' },
  },
  {
    input: 'tools/catalog/main.ts',
    external: /^node:/,
    plugins: [stripTypes],
    output: { file: 'dist/catalog-command.js', format: 'es', sourcemap: true },
  },
  ...weighed.map((input) => {
    const name = basename(input.replace('/index.ts', '.ts'), '.ts')
    return {
      input: { [name]: input },
      plugins: bundled,
      preserveEntrySignatures: 'allow-extension',
      treeshake,
      // Its lazy parts are `core-courier.js` and `core-compactor.js`.
      output: {
        dir: 'dist/size',
        format: 'es',
        entryFileNames: '[name].js',
        chunkFileNames: `${name}-[name].js`,
        plugins: [minify],
      },
    }
  }),
  {
    input: 'worker/index.ts',
    external: ['cloudflare:workers'],
    // snappyjs is CommonJS.
    plugins: [stripTypes, nodeResolve(), commonjs(), licenses.collect('worker.js')],
    output: { file: 'dist/worker.js', format: 'es', sourcemap: true },
  },
  {
    input: 'test/contract/exporter-contract.ts',
    external: ['vitest', 'fast-check'],
    plugins: [stripTypes, licenses.collect('contract.js'), licenses.write],
    output: { file: 'dist/contract.js', format: 'es', sourcemap: true },
  },
]

import { createHash } from 'node:crypto'
import { stripTypeScriptTypes } from 'node:module'
import { basename } from 'node:path'
import commonjs from '@rollup/plugin-commonjs'
import { nodeResolve } from '@rollup/plugin-node-resolve'
import terser from '@rollup/plugin-terser'

/** Types become spaces, so positions stay right and no source map is needed. */
const stripTypes = {
  name: 'strip-types',
  transform: (code, id) => (id.endsWith('.ts') ? { code: stripTypeScriptTypes(code), map: null } : null),
}

/** Beside the script tag's file, a module with its text, hash and integrity: what the worker serves. */
const emitScriptModule = {
  name: 'emit-script-module',
  generateBundle(_options, bundle) {
    const exported = describeScript(bundle['pharos.js'].code)
    const source = Object.entries(exported).map(([name, value]) => `export const ${name} = ${JSON.stringify(value)}\n`)
    this.emitFile({ type: 'asset', fileName: 'script.js', source: source.join('') })
  },
}

/** Prints the name and the integrity that an author of pages needs; `--silent` would swallow a log of rollup's own. */
const printIntegrity = {
  name: 'print-integrity',
  generateBundle(_options, bundle) {
    const { hash, integrity } = describeScript(bundle['pharos.js'].code)
    console.log(`pharos.${hash}.js integrity="${integrity}"`)
  },
}

const describeScript = (body) => ({
  body,
  hash: createHash('sha256').update(body).digest('hex').slice(0, 16),
  integrity: `sha384-${createHash('sha384').update(body).digest('base64')}`,
})

// A function that is used once stays a function: written into its caller it would be a closure made for every call of it.
const smallest = {
  ecma: 2022,
  compress: { passes: 3, unsafe_arrows: true, reduce_funcs: false },
  mangle: { toplevel: true },
}
const minify = terser(smallest)

/**
 * Nearly all of the script tag's file runs at the start. With this hint, Chromium compiles it while it loads, on another thread, and not
 * function by function on the page's (https://v8.dev/blog/explicit-compile-hints).
 */
const minifyScript = terser({ ...smallest, format: { preamble: '//# allFunctionsCalledOnLoad' } })

/** What `npm run size` weighs: three usual imports, every plugin, the other entries. Each with all it needs. */
const weighed = [
  ...['core', 'vitals', 'all'].map((name) => `bench/size/${name}.ts`),
  ...['errors', 'navigation', 'requests', 'long-tasks', 'visibility', 'web-vitals', 'attribution'].map(
    (name) => `src/plugins/${name}.ts`,
  ),
  ...['otel', 'edge', 'catalog'].map((name) => `src/${name}/index.ts`),
]

/** The script tag's file. `npm start` builds it alone (demo/server/script.ts). */
export const scriptTag = {
  input: 'src/script-tag.ts',
  plugins: [stripTypes, nodeResolve(), emitScriptModule],
  output: { file: 'dist/pharos.js', format: 'iife', plugins: [minifyScript] },
}

export default [
  { ...scriptTag, plugins: [...scriptTag.plugins, printIntegrity] },
  {
    // The entries of the package share what they have in common, so that a page that uses two holds it once.
    input: {
      index: 'src/index.ts',
      catalog: 'src/catalog/index.ts',
      otel: 'src/otel/index.ts',
      edge: 'src/edge/index.ts',
    },
    external: ['idb-keyval', 'web-vitals', '@opentelemetry/api'],
    plugins: [stripTypes],
    output: { dir: 'dist', format: 'es', entryFileNames: '[name].js', chunkFileNames: 'shared/[name].js' },
  },
  {
    input: 'src/catalog/emit/main.ts',
    external: /^node:/,
    plugins: [stripTypes],
    output: { file: 'dist/catalog-command.js', format: 'es' },
  },
  ...weighed.map((input) => ({
    input,
    plugins: [stripTypes, nodeResolve()],
    output: {
      file: `dist/size/${basename(input.replace('/index.ts', '.ts'), '.ts')}.js`,
      format: 'es',
      plugins: [minify],
    },
  })),
  {
    input: 'worker/index.ts',
    external: ['cloudflare:workers'],
    // snappyjs is CommonJS.
    plugins: [stripTypes, nodeResolve(), commonjs()],
    output: { file: 'dist/worker.js', format: 'es' },
  },
]

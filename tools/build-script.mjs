import { createHash } from 'node:crypto'
import { brotliCompressSync, constants } from 'node:zlib'
import { rollup } from 'rollup'
import { minify as minifyFirst } from 'rolldown/experimental'
import { minify } from 'terser'

/** The module of the tag's source that this build writes: the paths of the parts and their integrity. */
const PARTS_MODULE = /[\\/]script-tag[\\/]parts\.ts$/

/**
 * Builds the script of the page: the file of the tag, and the parts that it loads when it needs them. A part is one file too, an IIFE. The
 * parts come first, because the tag's file holds their names and their hashes: `export const parts = { courier: { path, integrity } }`
 * is what it imports from `script-tag/parts.ts`. So the hash of the tag's file stands for the whole build.
 *
 * It emits `pharos-<name>.js` for each part with its source map, to which no comment points, and `script.js`, a module with all files as worker/script-file.ts describes them.
 * @param parts `[{ name, input, plugins, external, globals }]`: the last three as rollup takes them
 * @param minify the plugin that makes a part small
 */
export function withParts(parts, minify) {
  let files = []
  let maps = []
  return {
    name: 'script-parts',
    async buildStart() {
      files = []
      maps = []
      // One after the other, so that the files get their shared names in the same order each time.
      for (const part of parts) {
        const { code, map, inputs } = await buildPart(part, minify).catch((cause) => {
          throw new Error(`the part ${part.name} of the script, ${part.input}, was not built: ${cause.message}`, {
            cause,
          })
        })
        for (const file of inputs) this.addWatchFile(file)
        files.push(describeFile(`pharos-${part.name}`, code))
        maps.push({ fileName: `pharos-${part.name}.js.map`, source: map })
      }
    },
    load: (id) => (PARTS_MODULE.test(id) ? `export const parts = ${JSON.stringify(partsOf(parts, files))}` : null),
    generateBundle(_options, bundle) {
      const script = { main: describeFile('pharos', bundle['pharos.js'].code), parts: files }
      for (const { name, body } of files) this.emitFile({ type: 'asset', fileName: `${name}.js`, source: body })
      for (const map of maps) this.emitFile({ type: 'asset', ...map })
      const source = `export const script = ${JSON.stringify(script)}\n`
      this.emitFile({ type: 'asset', fileName: 'script.js', source })
    },
  }
}

/** The module with the endpoint of a build. */
const URL_MODULE = /[\\/]script-tag[\\/]built-url\.ts$/

/**
 * Builds an endpoint into the script, for tags that cannot say it: copies of the file, merged files, tags without their attributes.
 * @param url an absolute http(s) address; undefined or empty: none
 * @throws where it is no such address
 */
export function withUrl(url) {
  const address = url ? URL.parse(url) : undefined
  if (url && !(address?.protocol.startsWith('http') && address.pathname !== '/'))
    throw new Error(
      `PHAROS_URL="${url}" is not the address of an endpoint: write all of it, such as https://beacon.example.com/v1/beacon`,
    )
  return {
    name: 'script-url',
    load: (id) => (URL_MODULE.test(id) ? `export const builtUrl = ${JSON.stringify(address?.href)}` : null),
  }
}

/** A file as the worker serves it, compressed here once, and better than a server can afford to for each answer. */
export function describeFile(name, body) {
  const hash = createHash('sha256').update(body).digest('hex').slice(0, 16)
  return {
    name,
    path: `/${name}.${hash}.js`,
    hash,
    integrity: `sha256-${createHash('sha256').update(body).digest('base64')}`,
    body,
    brotli: brotliCompressSync(body, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }).toString('base64'),
  }
}

/** Makes internal property names short. The rest is left to the bundler of the page, which knows the parts that the page uses. */
export const shortenWith = (properties) => ({
  name: 'shorten',
  renderChunk: (code) => terse({ code }, { ...READABLE, mangle: { properties }, module: true }),
})

const READABLE = { compress: false, format: { beautify: true, comments: 'all', preserve_annotations: true } }

/**
 * Runs terser with the names that all files of a build share.
 * @param input the code, and the map of what made it, if anything did
 */
async function terse({ code, map: content }, options) {
  const nameCache = { props: propertyNames.props }
  const result = await minify(code, { ...options, nameCache, sourceMap: { content, asObject: true } })
  propertyNames.props = nameCache.props
  return { code: result.code, map: result.map }
}

/** The short names of internal properties: all files of a build have the same. */
const propertyNames = { props: undefined }

/** Makes a file small, with terser's options. What oxc leaves to terser is 2 % smaller than what terser makes alone. */
export const minifyWith = (options) => ({
  name: 'minify',
  renderChunk: async (code, _chunk, { format }) => {
    const module = format === 'es'
    const compress = { target: 'es2022' }
    const first = await minifyFirst('chunk.js', code, { module, compress, mangle: { toplevel: true }, sourcemap: true })
    return terse(first, { ...options, module })
  },
})

async function buildPart({ name, input, plugins, external, treeshake, globals }, minify) {
  const bundle = await rollup({ input, plugins, external, treeshake, logLevel: 'silent' })
  const { output } = await bundle.generate({
    file: `dist/pharos-${name}.js`,
    format: 'iife',
    globals,
    inlineDynamicImports: true,
    plugins: [minify],
    sourcemap: 'hidden',
  })
  await bundle.close()
  return { code: output[0].code, map: output[0].map.toString(), inputs: bundle.watchFiles }
}

const partsOf = (parts, files) =>
  Object.fromEntries(parts.map(({ name }, i) => [name, { path: files[i].path, integrity: files[i].integrity }]))

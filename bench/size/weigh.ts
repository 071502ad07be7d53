import { basename } from 'node:path'
import { fileURLToPath } from 'node:url'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'
import { build } from 'esbuild'
import { published } from '../published.ts'

/** Bytes. */
export interface Sizes {
  readonly minified: number
  readonly gzip: number
  readonly brotli: number
}

export interface Weight {
  /** What a page loads at once. */
  readonly eager: Sizes
  /** What a library loads later, if it needs it. */
  readonly lazy: Sizes
}

const NOTHING: Sizes = { minified: 0, gzip: 0, brotli: 0 }

const sizesOf = (contents: Uint8Array): Sizes => ({
  minified: contents.length,
  gzip: gzipSync(contents, { level: 9 }).length,
  brotli: brotliCompressSync(contents, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }).length,
})

const add = (a: Sizes, b: Sizes): Sizes => ({
  minified: a.minified + b.minified,
  gzip: a.gzip + b.gzip,
  brotli: a.brotli + b.brotli,
})

/** Bundles a page by esbuild, each dynamic import a file of its own. @param entry address of a file */
export async function weigh(entry: URL): Promise<Weight> {
  const { outputFiles, metafile } = await build({
    entryPoints: [fileURLToPath(entry)],
    bundle: true,
    minify: true,
    splitting: true,
    format: 'esm',
    target: 'es2022',
    outdir: 'out',
    write: false,
    metafile: true,
    logLevel: 'silent',
    plugins: [published],
  })
  const eager = new Set<string>()
  const visit = (path: string): void => {
    if (eager.has(path)) return
    eager.add(path)
    for (const { path: imported, kind } of metafile.outputs[path]!.imports)
      if (kind === 'import-statement') visit(imported)
  }
  visit(`out/${basename(fileURLToPath(entry), '.ts')}.js`)
  const weight = { eager: NOTHING, lazy: NOTHING }
  for (const { path, contents } of outputFiles) {
    const isEager = [...eager].some((name) => path.endsWith(name))
    weight[isEager ? 'eager' : 'lazy'] = add(weight[isEager ? 'eager' : 'lazy'], sizesOf(contents))
  }
  return weight
}

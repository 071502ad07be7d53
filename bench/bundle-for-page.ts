import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { published } from './published.ts'

/** One minified script for a page. A part that a library loads later is in it too. @param entry address of a file */
export async function bundleForPage(entry: URL): Promise<Uint8Array> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(entry)],
    bundle: true,
    minify: true,
    format: 'iife',
    target: 'es2022',
    write: false,
    logLevel: 'silent',
    plugins: [published],
  })
  return outputFiles[0]!.contents
}

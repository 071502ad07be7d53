import { join } from 'node:path'
import { build } from 'esbuild'
import { type PageRig, SERVICE } from './page-rig.ts'
import { repository } from './paths.ts'

/** A classic script with everything that `code` imports; `./` is `src/`. */
export async function bundleSource(code: string): Promise<string> {
  const { outputFiles } = await build({
    stdin: { contents: code, resolveDir: join(repository, 'src'), loader: 'ts' },
    bundle: true,
    format: 'iife',
    target: 'es2022',
    write: false,
  })
  return outputFiles[0]!.text
}

/** A script element with a beacon of its own: `window.pharos`, with these plugins. */
export async function beaconScript(rig: PageRig, imports: string, plugins: string): Promise<string> {
  const script = await bundleSource(`import { init } from './init.ts'
${imports}
window.pharos = init({ url: '${rig.proxy.url}/v1/beacon', service: '${SERVICE}', plugins: [${plugins}] })`)
  return `<script>${script}</script>`
}

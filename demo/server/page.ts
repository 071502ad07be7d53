import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { build } from 'esbuild'

/** `report-uri`, because browsers use the newer `report-to` on `https:` pages only: docs/REPORTS.md. */
const POLICY = "default-src 'self'; img-src 'self' data:; report-uri /v1/reports?service=demo"

/** Builds the demo page into `folder`, from the sources of the package. `firstBeacon` is what it shows to copy. */
export async function buildPage(folder: string, firstBeacon: readonly string[]): Promise<void> {
  await build({
    entryPoints: ['index.html', 'demo.css', 'demo.js'].map((name) => join('demo/page', name)),
    bundle: true,
    format: 'esm',
    alias: { 'pharos-beacon': './src/index.ts' },
    loader: { '.html': 'copy' },
    outdir: folder,
    define: { FIRST_BEACON: JSON.stringify(firstBeacon.join('\n')) },
  })
  await writeFile(join(folder, '_headers'), `/*\n  Content-Security-Policy: ${POLICY}\n`)
}

import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { bundle } from '../bundle.ts'
import { launchChromium } from '../../test/support/chromium.ts'
import { benchHotPath } from './hot-path-bench.ts'
import { benchNoHarm } from './no-harm.ts'
import { benchPageView } from './page-view.ts'
import { startSite } from './site.ts'
import { benchStartUp } from './start-up.ts'

const here = (file: string): string => fileURLToPath(new URL(file, import.meta.url))

/** What Pharos costs a page: a call, the start, a page view. Real Chromium; needs `npm run build` first. */
export async function benchPage(): Promise<void> {
  const minified = { format: 'iife', runsIn: 'page', minified: true } as const
  const files = {
    '/vitals-alone.js': await bundle(here('vitals-alone.ts'), minified),
    '/pharos.js': await readFile(here('../../dist/pharos.js'), 'utf8'),
    '/empty.html': html(''),
    '/vitals-alone.html': html('<script async src="/vitals-alone.js"></script>'),
    // From another origin than the page, so that a request which needs a preflight shows it.
    '/shop.html': html(
      '<script src="http://localhost:PORT/pharos.js" data-service="shop" data-collect="vitals"></script>',
    ),
    '/pharos.html': html('<script async src="/pharos.js" data-service="shop" data-collect="vitals"></script>'),
  }
  const site = await startSite(files)
  const chromium = await launchChromium()
  try {
    console.log(`\nChromium ${chromium.context.browser()!.version()}`)
    await benchHotPath(chromium.context)
    await benchStartUp(chromium.context, site)
    await benchPageView(chromium.context, site)
    await benchNoHarm(chromium.context, site)
  } finally {
    await chromium.close()
    site.close()
  }
}

/** The same page each time, but for the script. */
const html = (script: string): string => `<!doctype html><html lang="en"><meta charset="utf-8"><title>Bench</title>
${script}
<h1>Shop</h1><p>${'Some text for the largest paint. '.repeat(20)}</p><button>Buy</button></html>`

import { build, type Plugin } from 'esbuild'
import type { Detection, Start } from './types.ts'

export interface AngularPage {
  readonly start: Start
  /** @default 'zones' */
  readonly detection?: Detection
  /**
   * How async functions are compiled. `generators`: as Angular's own builder does, also to those of packages, so that zone.js
   * sees what they await. @default 'generators'
   */
  readonly asyncAs?: 'async' | 'generators'
  /** `caller`: the beacon stays in the zone of whoever calls it, as if there were no `outside`. @default 'root' */
  readonly zone?: 'root' | 'caller'
}

export interface BeaconAddress {
  readonly url: string
  readonly service: string
}

/** HTML of a page with a real Angular application, which Angular compiles in the page. */
export async function angularPage(
  { start, detection = 'zones', asyncAs = 'generators', zone = 'root' }: AngularPage,
  { url, service }: BeaconAddress,
): Promise<string> {
  const modules = ['./start.ts', ...(detection === 'zones' ? ['zone.js'] : []), '@angular/compiler', './app.ts']
  const { outputFiles } = await build({
    stdin: {
      contents: modules.map((name) => `import '${name}'`).join('\n'),
      resolveDir: import.meta.dirname,
    },
    bundle: true,
    // package.json says that the files of this repository have no side effects; those of the app are nothing else.
    ignoreAnnotations: true,
    write: false,
    format: 'iife',
    target: 'es2022',
    supported: asyncAs === 'generators' ? { 'async-await': false } : {},
    define: {
      // As in production: a development build evaluates every template twice.
      ngDevMode: 'false',
      START: JSON.stringify(start),
      DETECTION: JSON.stringify(detection),
      BEACON_URL: JSON.stringify(url),
      SERVICE: JSON.stringify(service),
    },
    plugins: zone === 'caller' ? [withoutOutside] : [],
  })
  const script = outputFiles[0]!.text.replaceAll('</script', String.raw`<\/script`)
  return `<!doctype html><link rel="icon" href="data:,"><app-root></app-root><script>${script}</script>`
}

/** Puts a plain call in the place of src/core/outside.ts. */
const withoutOutside: Plugin = {
  name: 'without-outside',
  setup: (build) => {
    build.onLoad({ filter: /\/core\/outside\.ts$/ }, () => ({ contents: 'export const outside = (work) => work()' }))
  },
}

import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import type { Page } from 'playwright-core'
import { launchChromium } from './chromium.ts'
import { parseSeries, type Labels } from './page-expected.ts'
import { startPageRig, type PageRig } from './page-rig.ts'
import { repository } from './paths.ts'
import { buildOf, deployBefore } from './script-builds.ts'
import { startStaticServer, type StaticServer } from './script-tag-site.ts'

/** A visited page, and what it had to complain about. */
export interface Visit {
  readonly page: Page
  /** Uncaught errors of the page. */
  readonly thrown: readonly string[]
  /** What the script said in the console. */
  readonly said: readonly string[]
  /** Violations of the page's policies: by the events of the page, and by what the browser says in the console. */
  readonly violations: () => Promise<readonly string[]>
}

/** An address, and what to pin it by. */
interface Pinned {
  readonly url: string
  readonly integrity: string
}

/** A worker, a site and a CDN: all of different origins. */
export interface ScriptTagEdge {
  /** The worker's origin, behind a proxy that sees what is asked. */
  readonly edge: PageRig['proxy']
  /** Where the worker says its script is for ever, and what to pin it by. */
  readonly hashed: Pinned
  /** The same of the build that was deployed before this one. */
  readonly earlier: Pinned
  readonly site: StaticServer
  readonly cdn: StaticServer
  /** Serves a page, at an address of its own; it keeps violations of its policies in `violations`. @returns its address */
  readonly page: (head: string, headers?: Readonly<Record<string, string>>) => string
  /** Serves a file of the site's own. @returns its path */
  readonly file: (code: string) => string
  /** The series of one service, its label left out, and their values; without buckets, and those of Pharos itself. */
  readonly seriesOf: (service: string) => Promise<Readonly<Record<string, number>>>
  readonly close: () => Promise<void>
}

/** With a Chromium. */
export interface ScriptTagRig extends ScriptTagEdge {
  /** Serves a page, and visits it. */
  readonly visit: (...page: Parameters<ScriptTagEdge['page']>) => Promise<Visit>
}

export async function startScriptTagRig(): Promise<ScriptTagRig> {
  const chromium = await launchChromium()
  const edge = await startScriptTagEdge()
  return {
    ...edge,
    visit: async (...page) => watch(await chromium.context.newPage(), edge.page(...page)),
    close: async () => {
      await chromium.close()
      await edge.close()
    },
  }
}

export async function startScriptTagEdge(): Promise<ScriptTagEdge> {
  const earlier = await buildOf(`${await built('pharos.js')}\n// of an earlier build`)
  const rig = await startPageRig({}, await deployBefore(earlier))
  const site = await startStaticServer()
  const cdn = await startStaticServer()
  const edge = rig.proxy
  const { headers } = await fetch(`${edge.url}/pharos.js`, { method: 'HEAD' })
  let count = 0
  const serve = (extension: string, body: string, more: Readonly<Record<string, string>> = {}): string => {
    const path = `/app/${count++}${extension}`
    site.serve(path, { body, headers: more })
    return path
  }
  const listener = serve('.js', LISTEN)
  return {
    edge,
    hashed: {
      url: `${edge.url}${headers.get('content-location')}`,
      integrity: headers.get('pharos-integrity')!,
    },
    earlier: { url: edge.url + earlier.main.path, integrity: earlier.main.integrity },
    site,
    cdn,
    file: (code) => serve('.js', code),
    page: (head, more) => {
      // Also under a policy that wants integrity, for which a script of the page's own origin must be asked for with CORS.
      const pinned = `nonce="n0nce" integrity="${integrityOf(LISTEN)}" crossorigin="anonymous"`
      return site.url + serve('', `${START}<script src="${listener}" ${pinned}></script>${head}`, more)
    },
    seriesOf: async (service) => {
      const series = [...(await rig.totals())].map(([text, value]) => ({ ...parseSeries(text), value }))
      const own = series.filter(({ name, labels }) => labels['service'] === service && !name.endsWith('_bucket'))
      const textOf = (labels: Labels): string[] =>
        Object.entries(labels)
          .filter(([label]) => label !== 'service')
          .map(([label, text]) => `${label}=${text}`)
      return Object.fromEntries(own.map(({ name, labels, value }) => [`${name}{${textOf(labels).join()}}`, value]))
    },
    close: async () => {
      await site.close()
      await cdn.close()
      await rig.close()
    },
  }
}

const START = '<!doctype html><link rel="icon" href="data:,">'

const LISTEN = `window.violations = []
addEventListener('securitypolicyviolation', (event) => violations.push(event.effectiveDirective))`

declare global {
  interface Window {
    violations: string[]
  }
}

async function watch(page: Page, url: string): Promise<Visit> {
  const thrown: string[] = []
  const said: string[] = []
  const blocked: string[] = []
  page.on('pageerror', ({ message }) => thrown.push(message))
  page.on('console', (message) => {
    const text = message.text()
    if (text.startsWith('pharos:')) said.push(text.slice('pharos: '.length))
    if (/policy|violates|integrity/i.test(text)) blocked.push(text)
  })
  await page.goto(url)
  return {
    page,
    thrown,
    said,
    violations: async () => [...(await page.evaluate(() => window.violations)), ...blocked],
  }
}

/** What a page writes as `integrity`. */
export const integrityOf = (text: string, algorithm: 'sha256' | 'sha384' = 'sha384'): string =>
  `${algorithm}-${createHash(algorithm).update(text).digest('base64')}`

/** A built file. */
export const built = (name: string): Promise<string> => readFile(`${repository}/dist/${name}`, 'utf8')

/** Attributes of a script element. */
export const data = (attributes: Readonly<Record<string, string>>): string =>
  Object.entries(attributes)
    .map(([name, value]) => ` data-${name}="${value}"`)
    .join('')

/** The snippet that docs/SCRIPT-TAG.md gives to be written into a page, and the hash it says the snippet has. */
export async function readSnippet(): Promise<{ readonly code: string; readonly hash: string }> {
  const page = await readFile(`${repository}/docs/SCRIPT-TAG.md`, 'utf8')
  const [, code = ''] = /^<script>(window\.pharos=.*)<\/script>$/m.exec(page)!
  const [, hash = ''] = /'(sha256-[^']+)'/.exec(page)!
  return { code, hash }
}

import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createServer } from 'vite'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { BUNDLERS, createProject, ENTRY, packForDevelopment, type Bundle } from '../support/bundlers.ts'
import { sharePageParts } from '../support/page-parts.ts'
import { startStaticServer } from '../support/script-tag-site.ts'

/** Text that only one part of the package holds. */
const MARKS = {
  core: '/v1/beacon',
  vitals: 'largest-contentful-paint',
  errors: 'securitypolicyviolation',
  longTasks: 'page.long_frames',
  visibility: 'page.engaged',
  otel: 'forceFlush',
}

type Part = keyof typeof MARKS

const textOf = (bundle: Bundle): string => [...bundle.values()].join('\n')

const partsIn = (code: string): string[] => Object.keys(MARKS).filter((part) => code.includes(MARKS[part as Part]))

/** A page that says something wrong, of which only the development build speaks. */
const app = (url: string, service: string): string => `import { init } from 'pharos-beacon'
window.pharos = init({ url: '${url}/v1/beacon', service: '${service}', relase: '1.4.2' })
pharos.increment('clicks')`

const SPOKEN = 'Did you mean "release"?'

// As on a user's machine: Vite and rollup take the condition `development` where it is anything else, and Vitest says `test`.
beforeEach(() => void vi.stubEnv('NODE_ENV', 'production'))
afterEach(() => vi.unstubAllEnvs())

describe.each(Object.entries(BUNDLERS))('a build with %s', (_name, bundle) => {
  it.each<[string, string, readonly Part[]]>([
    ['nothing', "import 'pharos-beacon'", []],
    ['the core', "import { init } from 'pharos-beacon'\ninit()", ['core']],
    [
      'web vitals',
      "import { init, webVitals } from 'pharos-beacon'\ninit({ plugins: [webVitals()] })",
      ['core', 'vitals'],
    ],
    [
      'two plugins',
      "import { errors, init, longTasks } from 'pharos-beacon'\ninit({ plugins: [errors(), longTasks()] })",
      ['core', 'errors', 'longTasks'],
    ],
    [
      'the OpenTelemetry API',
      "import { init } from 'pharos-beacon'\nimport { createMeterProvider } from 'pharos-beacon/otel'\nglobalThis.provider = createMeterProvider(init())",
      ['core', 'otel'],
    ],
  ])('that uses %s holds that and no more', async (_what, source, expected) => {
    const text = textOf(await bundle(await createProject(source)))
    expect(partsIn(text)).toEqual(expected)
    expect(text).not.toContain('Did you mean')
  })
})

describe('in a browser', () => {
  const parts = sharePageParts()

  /** Visits a page of an application: what it says in the console, and what it asks for later than when it starts. */
  async function run(address: string, service: string) {
    const { chromium, rig } = parts()
    const page = await chromium.context.newPage()
    const said: string[] = []
    const asked: string[] = []
    page.on('console', (message) => message.text().startsWith('pharos:') && said.push(message.text()))
    page.on('request', (request) => asked.push(request.url()))
    await page.goto(address)
    await page.waitForFunction(() => 'pharos' in window)
    const early = asked.length
    await page.evaluate(() => {
      for (let i = 1; i <= 1_000; i++) window.pharos.observe('size', i)
    })
    expect(await page.evaluate(() => window.pharos.flush())).toEqual({ acknowledged: true })
    await page.close()
    const totals = await rig.totals()
    const of = (name: string): number | undefined => totals.get(`${name}{service="${service}"}`)
    expect([of('clicks_total'), of('size_count'), of('size_sum')]).toEqual([1, 1_000, 500_500])
    return { said, late: asked.slice(early) }
  }

  const visit = async (name: string, bundle: Bundle) => {
    const site = await startStaticServer()
    for (const [file, body] of bundle) site.serve(`/app/${file}`, { body })
    site.serve('/', { body: `<!doctype html><script type="module" src="/app/${ENTRY}"></script>` })
    const { said, late } = await run(site.url, name)
    await site.close()
    return { said, files: late.filter((url) => url.startsWith(site.url)) }
  }

  it.each(Object.entries(BUNDLERS))(
    'what %s builds loads its lazy parts when it needs them, and says nothing',
    async (name, build) => {
      const bundle = await build(await createProject(app(parts().rig.proxy.url, name)))
      const { said, files } = await visit(name, bundle)
      // The courier and the compactor, each with what they share with nobody else.
      expect(files.length).toBeGreaterThanOrEqual(2)
      expect(said).toEqual([])
    },
  )

  it('what webpack builds for development speaks', async () => {
    const bundle = await packForDevelopment(await createProject(app(parts().rig.proxy.url, 'webpack-development')))
    const { said } = await visit('webpack-development', bundle)
    expect(said).toEqual([expect.stringContaining(SPOKEN)])
  })

  it('what the server of Vite serves speaks', async () => {
    vi.stubEnv('NODE_ENV', undefined)
    const { folder } = await createProject(app(parts().rig.proxy.url, 'vite-server'))
    await writeFile(join(folder, 'index.html'), '<!doctype html><script type="module" src="/entry.js"></script>')
    const server = await createServer({
      root: folder,
      configFile: false,
      logLevel: 'silent',
      server: { host: '127.0.0.1', port: 0 },
    })
    await server.listen()
    const { said } = await run(server.resolvedUrls!.local[0]!, 'vite-server')
    await server.close()
    expect(said).toEqual([expect.stringContaining(SPOKEN)])
  })
})

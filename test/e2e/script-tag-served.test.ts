import { rollup, type OutputOptions, type RollupOptions } from 'rollup'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { repository } from '../support/paths.ts'
import { stopPrograms } from '../support/processes.ts'
import { MissingRequirement } from '../support/requirements.ts'
import {
  built,
  data,
  integrityOf,
  readSnippet,
  startScriptTagRig,
  type ScriptTagRig,
  type Visit,
} from '../support/script-tag-rig.ts'

// How the script gets into a page: under policies, pinned by a hash, from the worker and from a CDN.

let rig: ScriptTagRig
let missing: MissingRequirement | undefined

beforeAll(async () => {
  try {
    rig = await startScriptTagRig()
  } catch (error) {
    if (process.env['CI'] || !(error instanceof MissingRequirement)) throw error
    missing = error
  }
})

beforeEach((context) => {
  if (missing) context.skip(missing.message)
})

afterAll(async () => {
  await rig?.close()
  await stopPrograms()
})

const OTHER_HASH = '/pharos.fedcba9876543210.js'
const OTHER_INTEGRITY = integrityOf('another build')

/** A script element of the worker's, or of any other address. */
const script = (attributes: string, service: string): string => `<script ${attributes}${data({ service })}></script>`
const pinned = (url: string, integrity: string): string =>
  `src="${url}" integrity="${integrity}" crossorigin="anonymous"`

/** The page's calls, and what must have arrived when it is closed. */
const CALLS = `pharos.increment('clicks', 2)`
const COUNTED = { 'clicks_total{}': 2 }
const arrives = (service: string): Promise<void> =>
  expect.poll(() => rig.seriesOf(service), { timeout: 10_000 }).toEqual(COUNTED)

const close = ({ page }: Visit): Promise<void> => page.close()

describe('a strict policy', () => {
  /** Nothing is allowed but what the script needs. */
  const policy = (sources: string): Record<string, string> => ({
    'content-security-policy': `default-src 'none'; script-src ${sources}; connect-src ${rig.edge.url};
      base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script';
      trusted-types 'none'`.replaceAll(/\s+/g, ' '),
  })
  const own = (): string => `${rig.site.url}/app/`
  const unpinned = (): string => `src="${rig.edge.url}/pharos.js"`
  /** The address of the script alone, and of what is the page's own. */
  const byAddress = (): Record<string, string> => policy(`${rig.edge.url}/pharos.js ${own()}`)
  const file = (attributes: string, code: string): string => `<script ${attributes} src="${rig.file(code)}"></script>`

  it.each<[string, (service: string) => Promise<[string, Record<string, string>]>]>([
    [
      'two deferred scripts, in order',
      async (service) => [script(`defer ${unpinned()}`, service) + file('defer', CALLS), byAddress()],
    ],
    [
      'the snippet in a file',
      async (service) => {
        const { code } = await readSnippet()
        return [file('', code) + file('', CALLS) + script(`async ${unpinned()}`, service), byAddress()]
      },
    ],
    [
      'the snippet by its hash',
      async (service) => {
        const { code, hash } = await readSnippet()
        const head = `<script>${code}</script>${file('', CALLS)}${script(`async ${unpinned()}`, service)}`
        return [head, policy(`'${hash}' ${rig.edge.url}/pharos.js ${own()}`)]
      },
    ],
    [
      'two modules, in order',
      async (service) => [script(`type="module" ${unpinned()}`, service) + file('type="module"', CALLS), byAddress()],
    ],
    [
      'the script by its hash, and by nothing else',
      async (service) => {
        const { url, integrity } = rig.hashed
        const head = script(`defer ${pinned(url, integrity)}`, service) + file('defer', CALLS)
        return [head, policy(`'${integrity}' ${own()}`)]
      },
    ],
    [
      'a nonce and strict-dynamic',
      async (service) => [
        script(`defer nonce="n0nce" ${unpinned()}`, service) + file('defer nonce="n0nce"', CALLS),
        policy(`'nonce-n0nce' 'strict-dynamic'`),
      ],
    ],
    [
      'an old name that leads on',
      async (service) => [
        script(`defer src="${rig.edge.url}${OTHER_HASH}"`, service) + file('defer', CALLS),
        policy(`${rig.edge.url}${OTHER_HASH} ${own()}`),
      ],
    ],
    [
      'a policy that every script must have integrity',
      async (service) => {
        const { url, integrity } = rig.hashed
        const mine = file(`defer integrity="${integrityOf(CALLS)}" crossorigin="anonymous"`, CALLS)
        const headers = { ...policy(`${url} ${own()}`), 'integrity-policy': 'blocked-destinations=(script)' }
        return [script(`defer ${pinned(url, integrity)}`, service) + mine, headers]
      },
    ],
    [
      'a page that embeds only what allows it',
      async (service) => [
        script(`defer ${unpinned()}`, service) + file('defer', CALLS),
        { ...byAddress(), 'cross-origin-embedder-policy': 'require-corp', 'cross-origin-opener-policy': 'same-origin' },
      ],
    ],
  ])('%s: counted, and nothing is violated', async (title, make) => {
    const service = title.replaceAll(/\W+/g, '-')
    const visited = await rig.visit(...(await make(service)))
    expect(await visited.page.evaluate(() => window.pharos.flush())).toEqual({ acknowledged: true })
    expect(await visited.violations()).toEqual([])
    await close(visited)
    await arrives(service)
    expect(visited.thrown).toEqual([])
  })

  it.each<[string, () => Record<string, string>, string]>([
    ['the script', () => policy(own()), 'script-src-elem'],
    ['the connection', () => ({ 'content-security-policy': `default-src 'none'; script-src *` }), 'connect-src'],
  ])('that forbids %s is seen, and harmless', async (what, headers, directive) => {
    const service = `forbids ${what}`
    const code = `window.pharos?.increment('clicks'); window.pharos?.flush().then(() => (document.title = 'flushed'))`
    const visited = await rig.visit(script(`defer ${unpinned()}`, service) + file('defer', code), headers())
    await expect.poll(visited.violations).toContain(directive)
    await close(visited)
    expect(visited.thrown).toEqual([])
    expect(await rig.seriesOf(service)).toEqual({})
  })
})

describe('pinned by a hash', () => {
  const asked = (path: string): number => rig.edge.requests.filter((request) => request.path === path).length
  const html = (attributes: string, service: string): string =>
    `<script>window.pharos = { q: [], increment: (...call) => pharos.q.push(['increment', ...call]) }
addEventListener('error', ({ target }) => document.documentElement.dataset.failed = target.localName, true)</script>
${script(attributes, service)}<script>${CALLS}</script>`

  it('the name and the integrity that the worker says, kept for good', async () => {
    const { url, integrity } = rig.hashed
    const { pathname } = new URL(url)
    for (const service of ['pinned-first', 'pinned-again']) {
      const visited = await rig.visit(html(pinned(url, integrity), service))
      await close(visited)
      await arrives(service)
      expect(visited.thrown).toEqual([])
    }
    // Of all pages here that pin it.
    expect(asked(pathname)).toBe(1)
    const { headers, body } = await fetch(url)
    expect(headers.get('cache-control')).toBe('public, max-age=31536000, immutable')
    expect(integrityOf(await new Response(body).text())).toBe(integrity)
  })

  it.each<[string, () => string]>([
    ['another hash', () => pinned(rig.hashed.url, OTHER_INTEGRITY)],
    ['the hash of an older build, whose name leads on', () => pinned(rig.edge.url + OTHER_HASH, OTHER_INTEGRITY)],
    ['the right hash without crossorigin', () => `src="${rig.hashed.url}" integrity="${rig.hashed.integrity}"`],
  ])('%s is refused, and the page is unharmed', async (title, attributes) => {
    const service = title.replaceAll(/\W+/g, '-')
    const visited = await rig.visit(html(attributes(), service))
    expect(await visited.page.evaluate(() => document.documentElement.dataset['failed'])).toBe('script')
    expect(await visited.page.evaluate('pharos.q')).toEqual([['increment', 'clicks', 2]])
    expect(await visited.violations()).toEqual([expect.stringMatching(/integrity/i)])
    await close(visited)
    expect(visited.thrown).toEqual([])
    expect(await rig.seriesOf(service)).toEqual({})
  })

  it('an old name without a hash leads to the script there is, and is not kept', async () => {
    const before = asked(OTHER_HASH)
    for (const service of ['old-first', 'old-again']) {
      await close(await rig.visit(html(`src="${rig.edge.url}${OTHER_HASH}" crossorigin="anonymous"`, service)))
      await arrives(service)
    }
    expect(asked(OTHER_HASH) - before).toBe(2)
  })

  it('the plain name is kept for an hour, then asked for by its tag', async () => {
    const url = `${rig.edge.url}/pharos.js`
    const { page } = await rig.visit('')
    const lengths = await page.evaluate(async (address) => {
      const load = async (cache: RequestCache): Promise<number> =>
        (await (await fetch(address, { cache })).text()).length
      return [await load('reload'), await load('default'), await load('no-cache')]
    }, url)
    await page.close()
    const { length } = await built('pharos.js')
    expect(lengths).toEqual([length, length, length])
    const [first, ...more] = rig.edge.requests.filter(({ path }) => path === '/pharos.js').slice(-2)
    expect([first, ...more].map((request) => request?.headers['if-none-match'])).toEqual([
      undefined,
      expect.stringMatching(/^"[0-9a-f]{16}"$/),
    ])
    const again = await fetch(url, { headers: { 'if-none-match': String(more[0]?.headers['if-none-match']) } })
    expect([again.status, again.headers.get('cache-control')]).toEqual([304, 'public, max-age=3600'])
  })

  it('the build prints the name and the integrity that its worker then serves', async () => {
    const { default: configs } = (await import(`${repository}/rollup.config.mjs`)) as { default: RollupOptions[] }
    const said = vi.spyOn(console, 'log').mockImplementation(() => {})
    const bundle = await rollup(configs[0]!)
    const { output } = await bundle.generate(configs[0]!.output as OutputOptions)
    await bundle.close()
    const lines = said.mock.calls
    said.mockRestore()
    expect(lines).toHaveLength(1)
    const [, name, integrity] = /^(pharos\.[0-9a-f]{16}\.js) integrity="(sha384-.+)"$/.exec(lines[0]!.join(' '))!
    expect(integrityOf(output[0].code)).toBe(integrity)
    expect({ url: `${rig.edge.url}/${name}`, integrity }).toEqual(rig.hashed)
  })
})

describe('from a CDN', () => {
  const CDN_FILE = '/npm/pharos-beacon@0.1.0/dist/pharos.js'
  const to = (): string => `data-url="${rig.edge.url}/v1/beacon"`

  it.each<[string, string]>([
    ['a script', ''],
    ['a module', 'type="module"'],
  ])('the file as %s, pinned', async (title, type) => {
    const service = `cdn-${title.replaceAll(' ', '-')}`
    const body = await built('pharos.js')
    rig.cdn.serve(CDN_FILE, { body })
    const tag = script(`${type} ${pinned(rig.cdn.url + CDN_FILE, integrityOf(body))} ${to()}`, service)
    const visited = await rig.visit(`${tag}<script ${type}>${CALLS}</script>`)
    await close(visited)
    await arrives(service)
    expect(visited.thrown).toEqual([])
  })

  it('without data-url it posts to the CDN, which takes nothing, and the page is unharmed', async () => {
    rig.cdn.serve(CDN_FILE, { body: await built('pharos.js') })
    const visited = await rig.visit(`${script(`src="${rig.cdn.url}${CDN_FILE}"`, 'cdn-lost')}<script>${CALLS}</script>`)
    expect(await visited.page.evaluate(() => window.pharos.flush())).toMatchObject({ acknowledged: false })
    await close(visited)
    expect(visited.thrown).toEqual([])
    expect(await rig.seriesOf('cdn-lost')).toEqual({})
  })

  it('the package by an import map, under a policy that names the map by its hash', async () => {
    const imports = {
      'pharos-beacon': `${rig.cdn.url}/dist/index.js`,
      'idb-keyval': `${rig.cdn.url}/node_modules/idb-keyval/dist/index.js`,
      'web-vitals': `${rig.cdn.url}/node_modules/web-vitals/dist/web-vitals.js`,
    }
    const integrity = { [imports['pharos-beacon']]: integrityOf(await built('index.js')) }
    const map = JSON.stringify({ imports, integrity })
    const code = `import { errors, init, webVitals } from 'pharos-beacon'
window.pharos = init({ url: '${rig.edge.url}/v1/beacon', service: 'import-map', plugins: [errors()] })
webVitals()
${CALLS}`
    const policy = `default-src 'none'; script-src '${integrityOf(map, 'sha256')}' ${rig.site.url}/app/ ${rig.cdn.url};
      connect-src ${rig.edge.url}`.replaceAll(/\s+/g, ' ')
    const head = `<script type="importmap">${map}</script><script type="module" src="${rig.file(code)}"></script>`
    const visited = await rig.visit(head, { 'content-security-policy': policy })
    expect(await visited.violations()).toEqual([])
    await close(visited)
    await arrives('import-map')
    expect(visited.thrown).toEqual([])
  })

  it('the package without an import map does not start, as the page says', async () => {
    const code = `import { init } from '${rig.cdn.url}/dist/index.js'; init()`
    const visited = await rig.visit(`<script type="module" src="${rig.file(code)}"></script>`)
    expect(visited.thrown).toEqual([expect.stringContaining('Failed to resolve module specifier')])
    await close(visited)
  })
})

import { rollup, type OutputOptions, type RollupOptions } from 'rollup'
import { describe, expect, it, vi } from 'vitest'
import { repository } from '../support/paths.ts'
import {
  CALLS,
  OTHER_HASH,
  OTHER_INTEGRITY,
  own,
  ownScript,
  pinned,
  policy,
  queueing,
  REFUSED_PAGES,
  serviceOf,
  STRICT_PAGES,
  tag,
  unpinned,
} from '../support/script-tag-pages.ts'
import { built, integrityOf, startScriptTagRig, type ScriptTagEdge, type Visit } from '../support/script-tag-rig.ts'
import { shareParts } from '../support/shared-parts.ts'

// How the script gets into a page: under policies, pinned by a hash, from the worker and from a CDN.

const rig = shareParts(startScriptTagRig)

const COUNTED = { 'clicks_total{}': 2 }
const arrives = (service: string): Promise<void> => expect.poll(() => rig().seriesOf(service)).toEqual(COUNTED)

const close = ({ page }: Visit): Promise<void> => page.close()

describe('a strict policy', () => {
  it.each(STRICT_PAGES)('$what: counted, and nothing is violated', async (tagged) => {
    const service = serviceOf(tagged)
    const { html, headers } = await tagged.make(rig(), service)
    const visited = await rig().visit(html, headers)
    expect(await visited.page.evaluate(() => window.pharos.flush())).toEqual({ acknowledged: true })
    expect(await visited.violations()).toEqual([])
    await close(visited)
    await arrives(service)
    expect(visited.thrown).toEqual([])
  })

  it.each<[string, () => Record<string, string>, string]>([
    ['the script', () => policy(rig(), own(rig())), 'script-src-elem'],
    ['the connection', () => ({ 'content-security-policy': `default-src 'none'; script-src *` }), 'connect-src'],
  ])('that forbids %s is seen, and harmless', async (what, headers, directive) => {
    const service = `forbids ${what}`
    const code = `window.pharos?.increment('clicks'); window.pharos?.flush().then(() => (document.title = 'flushed'))`
    const html = tag(`defer ${unpinned(rig())}`, service) + ownScript(rig(), 'defer', code)
    const visited = await rig().visit(html, headers())
    await expect.poll(visited.violations).toContain(directive)
    await close(visited)
    expect(visited.thrown).toEqual([])
    expect(await rig().seriesOf(service)).toEqual({})
  })
})

describe('a policy that forbids the parts', () => {
  it.each<[string, (edge: ScriptTagEdge) => Record<string, string>]>([
    ['by its sources', (edge) => policy(edge, `${edge.edge.url}/pharos.js ${own(edge)}`)],
    [
      'by Trusted Types',
      (edge) => {
        const { 'content-security-policy': text = '' } = policy(edge, `${edge.edge.url}/ ${own(edge)}`)
        return { 'content-security-policy': text.replace('trusted-types pharos-beacon', `trusted-types 'none'`) }
      },
    ],
  ])('%s costs no count: what is recorded leaves with the page', async (how, headers) => {
    const service = `forbidden ${how}`
    const visited = await rig().visit(
      tag(`defer ${unpinned(rig())}`, service) + ownScript(rig(), 'defer', CALLS),
      headers(rig()),
    )
    expect(await visited.page.evaluate(() => window.pharos.flush())).toEqual({ acknowledged: false, reason: 'network' })
    expect(await visited.violations()).not.toEqual([])
    await close(visited)
    await arrives(service)
    expect(visited.thrown).toEqual([])
  })
})

describe('pinned by a hash', () => {
  const asked = (path: string): number => rig().edge.requests.filter((request) => request.path === path).length
  it('the name and the integrity that the worker says, kept for good', async () => {
    const { url, integrity } = rig().hashed
    const { pathname } = new URL(url)
    for (const service of ['pinned-first', 'pinned-again']) {
      const visited = await rig().visit(queueing(pinned(url, integrity), service))
      await close(visited)
      await arrives(service)
      expect(visited.thrown).toEqual([])
    }
    // Of all pages here that pin it.
    expect(asked(pathname)).toBe(1)
    const { headers, body } = await fetch(url)
    expect(headers.get('cache-control')).toBe('public, max-age=31536000, immutable')
    expect(integrityOf(await new Response(body).text(), 'sha256')).toBe(integrity)
  })

  it.each(REFUSED_PAGES)('$what is refused, and the page is unharmed', async (tagged) => {
    const service = serviceOf(tagged)
    const visited = await rig().visit((await tagged.make(rig(), service)).html)
    expect(await visited.page.evaluate(() => document.documentElement.dataset['failed'])).toBe('script')
    expect(await visited.page.evaluate('pharos.q')).toEqual([['increment', 'clicks', 2]])
    expect(await visited.violations()).toEqual([expect.stringMatching(/integrity/i)])
    await close(visited)
    expect(visited.thrown).toEqual([])
    expect(await rig().seriesOf(service)).toEqual({})
  })

  it('an earlier build is served under its own name, and kept for good', async () => {
    const { url, integrity } = rig().earlier
    for (const service of ['earlier-first', 'earlier-again']) {
      const visited = await rig().visit(queueing(pinned(url, integrity), service))
      await close(visited)
      await arrives(service)
      expect(visited.thrown).toEqual([])
    }
    expect(asked(new URL(url).pathname)).toBe(1)
  })

  it('a build that was never deployed is not found, and the page is unharmed', async () => {
    const attributes = pinned(rig().edge.url + OTHER_HASH, OTHER_INTEGRITY)
    const visited = await rig().visit(queueing(attributes, 'never-deployed'))
    expect(await visited.page.evaluate(() => document.documentElement.dataset['failed'])).toBe('script')
    expect(await visited.page.evaluate('pharos.q')).toEqual([['increment', 'clicks', 2]])
    await close(visited)
    expect(visited.thrown).toEqual([])
    expect(await rig().seriesOf('never-deployed')).toEqual({})
  })

  it('the plain name is kept for an hour, then asked for by its tag', async () => {
    const url = `${rig().edge.url}/pharos.js`
    const { page } = await rig().visit('')
    const lengths = await page.evaluate(async (address) => {
      const load = async (cache: RequestCache): Promise<number> =>
        (await (await fetch(address, { cache })).text()).length
      return [await load('reload'), await load('default'), await load('no-cache')]
    }, url)
    await page.close()
    const { length } = await built('pharos.js')
    expect(lengths).toEqual([length, length, length])
    const [first, ...more] = rig()
      .edge.requests.filter(({ path }) => path === '/pharos.js')
      .slice(-2)
    expect([first, ...more].map((request) => request?.headers['if-none-match'])).toEqual([
      undefined,
      expect.stringMatching(/^"[0-9a-f]{16}-br"$/),
    ])
    const known = { 'if-none-match': String(more[0]?.headers['if-none-match']), 'accept-encoding': 'br' }
    const again = await fetch(url, { headers: known })
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
    const [, name, integrity] = /^(pharos\.[0-9a-f]{16}\.js) integrity="(sha256-.+)"$/.exec(lines[0]!.join(' '))!
    expect(integrityOf(output[0].code, 'sha256')).toBe(integrity)
    expect({ url: `${rig().edge.url}/${name}`, integrity }).toEqual(rig().hashed)
  })
})

describe('from a CDN', () => {
  const CDN_FILE = '/npm/pharos-beacon@0.1.0/dist/pharos.js'
  const to = (): string => `data-url="${rig().edge.url}/v1/beacon"`

  it.each<[string, string]>([
    ['a script', ''],
    ['a module', 'type="module"'],
  ])('the file as %s, pinned', async (title, type) => {
    const service = `cdn-${title.replaceAll(' ', '-')}`
    const body = await built('pharos.js')
    rig().cdn.serve(CDN_FILE, { body })
    const element = tag(`${type} ${pinned(rig().cdn.url + CDN_FILE, integrityOf(body))} ${to()}`, service)
    const visited = await rig().visit(`${element}<script ${type}>${CALLS}</script>`)
    await close(visited)
    await arrives(service)
    expect(visited.thrown).toEqual([])
  })

  it('without data-url it is inert, and says so', async () => {
    rig().cdn.serve(CDN_FILE, { body: await built('pharos.js') })
    const visited = await rig().visit(
      `${tag(`src="${rig().cdn.url}${CDN_FILE}"`, 'cdn-lost')}<script>${CALLS}</script>`,
    )
    expect(visited.said).toEqual(['the tag needs data-url="https://.../v1/beacon": nothing is recorded'])
    expect(await visited.page.evaluate(() => window.pharos.flush())).toEqual({
      acknowledged: false,
      reason: 'inactive',
    })
    await close(visited)
    expect(visited.thrown).toEqual([])
    expect(await rig().seriesOf('cdn-lost')).toEqual({})
  })

  it('the package by an import map, under a policy that names the map by its hash', async () => {
    const imports = {
      'pharos-beacon': `${rig().cdn.url}/dist/index.js`,
      'idb-keyval': `${rig().cdn.url}/node_modules/idb-keyval/dist/index.js`,
      'web-vitals': `${rig().cdn.url}/node_modules/web-vitals/dist/web-vitals.js`,
    }
    const integrity = { [imports['pharos-beacon']]: integrityOf(await built('index.js')) }
    const map = JSON.stringify({ imports, integrity })
    const code = `import { errors, init, webVitals } from 'pharos-beacon'
window.pharos = init({ url: '${rig().edge.url}/v1/beacon', service: 'import-map', plugins: [errors()] })
webVitals()
${CALLS}`
    const headers = policy(rig(), `'${integrityOf(map, 'sha256')}' ${own(rig())} ${rig().cdn.url}`)
    const head = `<script type="importmap">${map}</script><script type="module" src="${rig().file(code)}"></script>`
    const visited = await rig().visit(head, headers)
    expect(await visited.violations()).toEqual([])
    await close(visited)
    await arrives('import-map')
    expect(visited.thrown).toEqual([])
  })

  it('the package without an import map does not start, as the page says', async () => {
    const code = `import { init } from '${rig().cdn.url}/dist/index.js'; init()`
    const visited = await rig().visit(`<script type="module" src="${rig().file(code)}"></script>`)
    expect(visited.thrown).toEqual([expect.stringContaining('Failed to resolve module specifier')])
    await close(visited)
  })
})

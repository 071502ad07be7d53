import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, it } from 'vitest'
import { buildFor } from '../support/script-builds.ts'
import { built, data, readSnippet, startScriptTagRig, type Visit } from '../support/script-tag-rig.ts'
import { shareParts } from '../support/shared-parts.ts'

const rig = shareParts(startScriptTagRig)

/** A page with the tag as most have it; `code` runs after it. */
const visit = (attributes: Readonly<Record<string, string>>, code = '', before = ''): Promise<Visit> =>
  rig().visit(
    `<script>${before}</script><script src="${rig().edge.url}/pharos.js"${data(attributes)}></script><script>${code}</script>`,
  )

/** Closes a page, so that it sends all it has. */
async function leave({ page }: Visit): Promise<void> {
  await page.evaluate(() => window.pharos.increment('left'))
  await page.close()
}

/** Of a page that was left: what is counted in the end, and no more. Parts of it may arrive in any order. */
const counts = (service: string, expected: Readonly<Record<string, number>>): Promise<void> =>
  expect.poll(() => rig().seriesOf(service)).toEqual({ 'left_total{}': 1, ...expected })

describe('what the tag says', () => {
  it('service, release and attributes are on every series', async () => {
    const told = { service: 'labels', release: '1.4.2', 'attr-environment': 'production', 'attr-page-type': 'cart' }
    const code = `pharos.increment('clicks', 2); pharos.observe('size', 3, { page_type: 'own' })`
    const visited = await visit(told, code)
    await visited.page.close()
    const common = 'environment=production,page_type=cart,release=1.4.2'
    await expect
      .poll(() => rig().seriesOf('labels'))
      .toMatchObject({
        [`clicks_total{${common}}`]: 2,
        'size_sum{environment=production,page_type=own,release=1.4.2}': 3,
      })
    const series = Object.keys(await rig().seriesOf('labels'))
    expect(series.filter((text) => !text.includes('environment=production'))).toEqual([])
    expect(visited.said).toEqual([])
  })

  it.each<[string, readonly string[]]>([
    ['', []],
    ['errors', ['page_errors_total']],
    ['navigation', ['page_navigation_seconds', 'page_views_total']],
    ['vitals', ['web_vitals_fcp_seconds', 'web_vitals_ttfb_seconds']],
    ['  errors\n vitals  errors ', ['page_errors_total', 'web_vitals_fcp_seconds', 'web_vitals_ttfb_seconds']],
  ])('data-collect="%s" starts these plugins and no other', async (collect, expected) => {
    const service = `collect-${collect.trim().replaceAll(/\s+/g, '-')}`
    const visited = await visit({ service, collect }, `document.write('painted'); throw new RangeError('of the page')`)
    // A page that is closed before the browser reports its first paint has no FCP.
    await visited.page.waitForFunction(() => performance.getEntriesByName('first-contentful-paint').length > 0)
    await leave(visited)
    const names = async (): Promise<string[]> => {
      const series = Object.keys(await rig().seriesOf(service))
      const metrics = new Set(series.map((text) => text.replace(/(_sum|_count)?\{.*/, '')))
      // LCP, INP and CLS are there or not, as the page was painted before it was closed.
      return [...metrics].filter((name) => !/_(lcp|inp)_|_cls$/.test(name)).sort()
    }
    await expect.poll(names).toEqual(['left_total', ...expected])
    expect(visited.thrown).toEqual(['of the page'])
  })

  it('data-sample: a page that is in counts for those that are not', async () => {
    const draw = 'Math.random = () => 0.3'
    const visited = await visit({ service: 'sample', sample: '0.25' }, `pharos.increment('clicks')`, draw)
    expect(await visited.page.evaluate(() => window.pharos.stats().recorded)).toBe(0)
    await visited.page.close()
    const service = 'sampled'
    const counted = await visit({ service, sample: '0.25' }, `pharos.increment('clicks')`, 'Math.random = () => 0.2')
    await leave(counted)
    await counts(service, { 'clicks_total{}': 4, 'left_total{}': 4 })
    expect(await rig().seriesOf('sample')).toEqual({})
  })

  it.each([
    ['denied', 1],
    ['pending', 3],
  ])('data-consent="%s" waits for the visitor', async (consent, clicks) => {
    const visited = await visit({ service: consent, consent }, `pharos.increment('clicks', 2)`)
    expect(await visited.page.evaluate(() => window.pharos.flush())).toMatchObject({ reason: 'inactive' })
    await visited.page.evaluate(() => {
      window.pharos.setConsent('granted')
      window.pharos.increment('clicks')
    })
    await leave(visited)
    await counts(consent, { 'clicks_total{}': clicks })
  })

  it('data-flush-interval-ms: what is recorded is sent while the page stays', async () => {
    const { page } = await visit({ service: 'interval', 'flush-interval-ms': '1000' }, `pharos.increment('clicks')`)
    for (const count of [1, 2, 3]) {
      // The usual interval would not do three times in this time.
      await expect.poll(() => rig().seriesOf('interval'), { timeout: 12_000 }).toEqual({ 'clicks_total{}': count })
      await page.evaluate(() => window.pharos.increment('clicks'))
    }
    await page.close()
  })

  it('data-debug: the development build says what was dropped, and nobody else does', async () => {
    const calls = `pharos.increment('a b'); pharos.increment('a b'); pharos.increment('clicks')`
    const quiet = await visit({ service: 'quiet' }, calls)
    await leave(quiet)
    await counts('quiet', { 'clicks_total{}': 1 })
    expect(quiet.said).toEqual([])
    const spoken = await visit({ service: 'debug', debug: '' }, calls)
    await expect
      .poll(() => spoken.said)
      .toEqual(['counter "a b": its name has a space as character 2. Its records are dropped (bad_name). Write "a_b".'])
    await leave(spoken)
    await counts('debug', { 'clicks_total{}': 1 })
    expect(spoken.thrown).toEqual([])
  })
})

describe('calls before the script is there', () => {
  /** The snippet, calls by it, then the tags; `increment` is kept from before. */
  const queued = async (tags: string, calls: string): Promise<Visit> => {
    const { code } = await readSnippet()
    return rig().visit(`<script>${code};const { increment } = pharos;${calls}</script>${tags}`)
  }
  const tag = (service: string, more = ''): string =>
    `<script async src="${rig().edge.url}/pharos.js" data-service="${service}" ${more}></script>`
  const isThere = ({ page }: Visit): Promise<unknown> => page.waitForFunction(() => 'stats' in window.pharos)

  it('are replayed in their order, each once, however often the script is there', async () => {
    const calls = `for (let i = 0; i < 50; i++) pharos.increment('early.clicks', i, { step: i % 2 })
      pharos.observe('early.size', 2.5)`
    const visited = await queued(tag('queue') + tag('queue') + tag('queue'), calls)
    await isThere(visited)
    await visited.page.waitForLoadState('load')
    // Of the snippet, kept; and of the beacon.
    await visited.page.evaluate("increment('early.clicks', 1000, { step: 0 }); pharos.increment('late.clicks')")
    await leave(visited)
    await counts('queue', {
      'early_clicks_total{step=0}': 600 + 1000,
      'early_clicks_total{step=1}': 625,
      'early_size_count{}': 1,
      'early_size_sum{}': 2.5,
      'late_clicks_total{}': 1,
    })
    expect(visited.thrown).toEqual([])
  })

  it('in their order: what comes before the consent is not recorded, what comes after it is', async () => {
    const calls = `pharos.increment('clicks', 1); pharos.setConsent('granted'); pharos.increment('clicks', 20)
      pharos.setConsent('denied'); pharos.increment('clicks', 300)
      pharos.setConsent('granted'); pharos.increment('clicks', 4000)`
    const visited = await queued(tag('order', 'data-consent="denied"'), calls)
    await isThere(visited)
    // What was recorded before a refusal is erased.
    await leave(visited)
    await counts('order', { 'clicks_total{}': 4000 })
    expect(visited.thrown).toEqual([])
  })

  it('what is no call is passed over, and the rest is counted', async () => {
    const calls = `pharos.q.push(null, 7, [], ['nonsense'], ['increment'], 'increment'); increment('clicks')`
    const visited = await queued(tag('nonsense'), calls)
    await isThere(visited)
    await leave(visited)
    await counts('nonsense', { 'clicks_total{}': 1 })
    expect(visited.thrown).toEqual([])
  })

  it('wait for ever where the script never comes, and nothing is thrown', async () => {
    const nowhere = `<script async src="${rig().edge.url}/nothing.js" data-service="nowhere"></script>`
    const visited = await queued(nowhere, `increment('clicks'); pharos.observe('size', 1)`)
    await visited.page.evaluate("increment('clicks', 2)")
    expect(await visited.page.evaluate('pharos.q')).toEqual([
      ['increment', 'clicks'],
      ['observe', 'size', 1],
      ['increment', 'clicks', 2],
    ])
    expect(visited.thrown).toEqual([])
    await visited.page.close()
  })
})

describe('what the tag says wrong', () => {
  const LONG = 'x'.repeat(129)

  it.each<[Record<string, string>, string]>([
    [{ sample: 'lots' }, 'sampleRate'],
    [{ sample: '2' }, 'sampleRate'],
    [{ 'flush-interval-ms': 'soon' }, 'flushIntervalMs'],
    [{ 'flush-interval-ms': '5' }, 'flushIntervalMs'],
    [{ release: LONG }, 'release'],
    [{ 'attr-page': LONG }, 'page'],
    [{ 'attr-9': 'x' }, '9'],
  ])('%o costs itself, the page counts, and data-debug names it', async (wrong, named) => {
    const service = `wrong-${JSON.stringify(wrong).replaceAll(/\W+/g, '-').slice(0, 40)}`
    const visited = await visit({ service, ...wrong }, `pharos.increment('clicks')`)
    await leave(visited)
    await counts(service, { 'clicks_total{}': 1 })
    expect([visited.said, visited.thrown]).toEqual([[], []])
    const debugged = await visit({ service: `debug-${service}`, ...wrong, debug: '' })
    await expect.poll(() => debugged.said.join()).toContain(named)
    await debugged.page.close()
  })

  it('a redirect to a log-in: kept, and data-debug says what it may be', async () => {
    const server = createServer((_, response) => response.writeHead(302, { location: rig().site.url }).end())
    await once(server.listen(0, '127.0.0.1'), 'listening')
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/beacon`
    const { page, said, thrown } = await rig().visit(
      `<script src="${rig().site.url}/dist/pharos.js"${data({ url, debug: '' })}></script>`,
    )
    await page.waitForFunction(() => 'flush' in window.pharos)
    expect(
      await page.evaluate(() => {
        window.pharos.increment('clicks')
        return window.pharos.flush()
      }),
    ).toEqual({ acknowledged: false, reason: 'network' })
    expect(said).toEqual([expect.stringMatching(`^no answer came from ${url}.*the request was redirected`)])
    expect(thrown).toEqual([])
    await page.close()
    server.close()
  })

  it.each(['tea', 'constructor'])('data-collect="%s" is named, and the page counts', async (collect) => {
    const service = `wrong-${collect}`
    const visited = await visit({ service, collect }, `pharos.increment('clicks')`)
    expect(visited.said).toEqual([`data-collect="${collect}" is none of vitals,errors,navigation`])
    await leave(visited)
    await counts(service, { 'clicks_total{}': 1 })
    expect(visited.thrown).toEqual([])
  })

  it.each(['maybe', 'no', 'GRANTED'])('data-consent="%s" means denied', async (consent) => {
    const visited = await visit({ service: 'doubt', consent }, `pharos.increment('clicks')`)
    expect(visited.said).toEqual([])
    expect(await visited.page.evaluate(() => window.pharos.flush())).toMatchObject({ reason: 'inactive' })
    await visited.page.close()
    expect(await rig().seriesOf('doubt')).toEqual({})
    expect(visited.thrown).toEqual([])
  })

  it('an address that is none: named, nothing is recorded, and the page is unharmed', async () => {
    const visited = await visit({ service: 'address', url: 'ftp://beacon.example/' }, `pharos.increment('clicks')`)
    expect(visited.said).toEqual(['"ftp://beacon.example/" is no http(s) address'])
    expect(await visited.page.evaluate(() => window.pharos.stats())).toMatchObject({ recorded: 0 })
    expect(visited.thrown).toEqual([])
    await visited.page.close()
  })
})

describe('a tag as optimizers and tag managers leave it', () => {
  const CLICK = `pharos.increment('clicks')`
  const INERT = 'the tag needs data-url="https://.../v1/beacon": nothing is recorded'
  /** A file of the site's own with this script in it. */
  const copy = async (path: string, before = '', after = ''): Promise<string> => {
    rig().site.serve(path, { body: `${before}${await built('pharos.js')};${after}` })
    return rig().site.url + path
  }
  const to = (service: string): string => `${data({ service })} data-url="${rig().edge.url}/v1/beacon"`

  it.each<[string, () => Promise<string>]>([
    ['a copy under another path', () => copy('/app/vendor/pharos.js')],
    ['a merged file', () => copy('/app/merged.js', 'window.first = 1;', 'window.last = 1')],
  ])('%s is inert, says so once, and counts once its tag says where', async (what, make) => {
    const src = await make()
    const inert = await rig().visit(
      `<script src="${src}"${data({ service: 'inert' })}></script><script>${CLICK}</script>`,
    )
    expect(inert.said).toEqual([INERT])
    expect(await inert.page.evaluate(() => window.pharos.stats())).toMatchObject({ recorded: 0, dropped: {} })
    await inert.page.close()
    const service = what.replaceAll(' ', '-')
    const told = await rig().visit(`<script src="${src}"${to(service)}></script><script>${CLICK}</script>`)
    expect(await told.page.evaluate(() => window.pharos.flush())).toEqual({ acknowledged: true })
    await leave(told)
    await counts(service, { 'clicks_total{}': 1 })
    expect([told.said, told.thrown, inert.thrown]).toEqual([[], [], []])
  })

  it('without its attributes it counts without labels', async () => {
    const visited = await rig().visit(`<script src="${rig().edge.url}/pharos.js"></script><script>${CLICK}</script>`)
    expect(await visited.page.evaluate(() => window.pharos.flush())).toEqual({ acknowledged: true })
    expect([visited.said, visited.thrown]).toEqual([[], []])
    await visited.page.close()
  })

  it.each<[string, string]>([
    ['created by script', 'document.head.append(tag)'],
    ['created by script and removed at once', 'document.head.append(tag); tag.remove()'],
    [
      'moved into the page as text',
      `tag.removeAttribute('src'); tag.text = await (await fetch(src)).text(); document.head.append(tag)`,
    ],
  ])('%s, with attributes', async (what, insert) => {
    const service = what.replaceAll(' ', '-')
    const code = `const src = '${rig().edge.url}/pharos.js'
      const tag = Object.assign(document.createElement('script'), { src })
      Object.assign(tag.dataset, { service: '${service}', attrPageType: 'cart', url: '${rig().edge.url}/v1/beacon' })
      ${insert}`
    const visited = await rig().visit(`<script type="module">${code}</script>`)
    await visited.page.waitForFunction(() => 'pharos' in window)
    await visited.page.evaluate(CLICK)
    expect(await visited.page.evaluate(() => window.pharos.flush())).toEqual({ acknowledged: true })
    await visited.page.close()
    await expect.poll(() => rig().seriesOf(service)).toEqual({ 'clicks_total{page_type=cart}': 1 })
    expect([visited.said, visited.thrown]).toEqual([[], []])
  })

  it('built for one endpoint, it needs no attribute and no path', async () => {
    const script = await buildFor(`${rig().edge.url}/v1/beacon`)
    rig().site.serve('/app/all.js', { body: `window.first = 1;${script}` })
    const visited = await rig().visit(
      `<script src="/app/all.js"${data({ service: 'built' })}></script><script>${CLICK}</script>`,
    )
    await leave(visited)
    await counts('built', { 'clicks_total{}': 1 })
    expect([visited.said, visited.thrown]).toEqual([[], []])
  })
})

import { afterAll, expect, it } from 'vitest'
import { findChromium } from '../support/chromium.ts'
import { edgeScript, markCall, marksOf, startBareChromium, whenGo } from '../support/page-alone.ts'
import { startPageRig } from '../support/page-rig.ts'
import type { PageRig } from '../support/page-rig.ts'
import { stopPrograms } from '../support/processes.ts'
import { required } from '../support/requirements.ts'
import { readUntil } from '../support/until.ts'

// Chromium prerenders nothing in a page that DevTools is attached to, so here the pages drive themselves: they report by
// marks and wait until `/go` exists.

afterAll(stopPrograms)

const WAIT_MS = 1_500

const rules = (path: string): string =>
  `<script type="speculationrules">{"prerender":[{"urls":["${path}"],"eagerness":"immediate"}]}</script>`

/** Reports what is stored for the origin, as soon as the test allows it, and goes to the next page. */
const reportAndGo = (name: string, path: string): string =>
  whenGo(`const databases = await indexedDB.databases()
  await ${markCall(`'${name}-stored-' + databases.length + '-' + localStorage.length`)}
  location.href = '${path}'`)

/** Records in a prerendered page, then stays longer than sealing and the first flush take. */
const recordEarly = (name: string): string => `
${markCall(`'${name}-prerendering-' + document.prerendering`)}
pharos.increment('${name}.events', 2)
pharos.observe('${name}.values', 0.5)
setTimeout(() => ${markCall(`'${name}-waited-' + document.prerendering`)}, ${WAIT_MS})
document.addEventListener('prerenderingchange', async () => {
  pharos.increment('${name}.events', 1)
  const { acknowledged } = await pharos.flush()
  ${markCall(`'${name}-flushed-' + acknowledged`)}
})`

/** The marks of a page that neither sends nor stores while it prerenders. */
const marksWhilePrerendering = (name: string): string[] => [
  `${name}-prerendering-true`,
  `${name}-waited-true`,
  'beaconed-0',
  `${name}-stored-0-0`,
]

it('a prerendered page sends and stores nothing until it is shown, and then everything is counted', async (context) => {
  const rig = await startPageRig()
  const marks = await browse(context, rig, { name: 'used', target: '/used', last: 'used-flushed-true' })
  expect(marks).toEqual([...marksWhilePrerendering('used'), 'used-flushed-true'])
  const totals = await rig.totals()
  expect(totals.get('used_events_total{service="shop"}')).toBe(3)
  expect(totals.get('used_values_count{service="shop"}')).toBe(1)
  await rig.close()
})

it('a prerender that is never shown leaves nothing', async (context) => {
  const rig = await startPageRig()
  const marks = await browse(context, rig, { name: 'abandoned', target: '/plain', last: 'plain-stored-0-0' })
  expect(marks).toEqual([...marksWhilePrerendering('abandoned'), 'plain-stored-0-0'])
  expect(rig.beacons()).toEqual([])
  expect([...(await rig.totals()).keys()].filter((series) => series.startsWith('abandoned'))).toEqual([])
  await rig.close()
})

interface Route {
  readonly name: string
  /** Where the browser goes from the page that has `/${name}` prerendered. */
  readonly target: string
  /** The mark that ends the test. */
  readonly last: string
}

/** Starts a browser on a page that has another one prerendered; returns the marks in the order they came. */
async function browse(
  context: Parameters<typeof required>[0],
  rig: PageRig,
  { name, target, last }: Route,
): Promise<readonly string[]> {
  await required(context, findChromium)
  const data = { 'flush-interval-ms': '1000', collect: 'vitals' }
  rig.site.setPage('/', rules(`/${name}`) + edgeScript(rig, reportAndGo(name, target)))
  rig.site.setPage(`/${name}`, rig.html({ data, body: edgeScript(rig, recordEarly(name)) }))
  rig.site.setPage('/plain', edgeScript(rig, reportAndGo('plain', 'about:blank')))
  const marks = (): readonly string[] => marksOf(rig)
  const browser = await startBareChromium(`${rig.site.url}/`, { isReady: () => marks().length > 0 })
  await readUntil(marks, (seen) => seen.includes(`${name}-waited-true`))
  const early = rig.beacons().length
  const before = marks()
  rig.site.setPage('/go', 'go')
  await readUntil(marks, (seen) => seen.includes(last))
  await browser.kill()
  return [...before, `beaconed-${early}`, ...marks().slice(before.length)]
}

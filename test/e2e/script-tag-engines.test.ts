import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { findEngine, type EngineName, type RunningEngine } from '../support/engines.ts'
import { stopPrograms, temporaryFolder } from '../support/processes.ts'
import { required } from '../support/requirements.ts'
import { REFUSED_PAGES, serviceOf, STRICT_PAGES, tag, unpinned } from '../support/script-tag-pages.ts'
import { startScriptTagEdge, type ScriptTagEdge } from '../support/script-tag-rig.ts'

// The policies and hashes once more in the engines beside Chromium, which has a test of its own.

let edge: ScriptTagEdge
let browser: RunningEngine | undefined

beforeAll(async () => {
  edge = await startScriptTagEdge()
})

afterEach(async () => {
  await browser?.kill()
  browser = undefined
})

afterAll(async () => {
  await edge.close()
  await stopPrograms()
})

/**
 * WebKit reports the script that only its hash allows in about one of four visits on a busy machine, runs it all the same, and counts
 * are right. Most likely its preload scanner asks for the script before the parser has read the hash.
 */
const mayReport = (engine: EngineName, what: string): readonly string[] =>
  engine === 'webkit' && what === 'the script by its hash, and by nothing else' ? ['script-src-elem'] : []

it.for<EngineName>(['firefox', 'webkit'])('strict policies and hashes in %s', async (name, context) => {
  const engine = await required(context, findEngine[name])
  browser = await engine.start(await temporaryFolder('profile'))
  for (const tagged of STRICT_PAGES) {
    const service = `${name}-${serviceOf(tagged)}`
    const { html, headers } = await tagged.make(edge, service)
    const page = await browser.open(edge.page(html, headers))
    await page.evaluate('void pharos.flush()')
    await expect.poll(() => edge.seriesOf(service), { message: service }).toEqual({ 'clicks_total{}': 2 })
    const violations = await page.evaluate<string[]>('violations')
    const unexpected = violations.filter((directive) => !mayReport(name, tagged.what).includes(directive))
    expect([tagged.what, ...unexpected]).toEqual([tagged.what])
  }
  for (const tagged of REFUSED_PAGES) {
    const service = `${name}-${serviceOf(tagged)}`
    const { html } = await tagged.make(edge, service)
    const page = await browser.open(edge.page(html))
    expect([tagged.what, await page.evaluate('document.documentElement.dataset.failed')]).toEqual([
      tagged.what,
      'script',
    ])
    expect(await page.evaluate('pharos.q')).toEqual([['increment', 'clicks', 2]])
    expect(await edge.seriesOf(service)).toEqual({})
  }
})

// WebKit forgets what hangs on an element that is in no document, unless something holds the element.
it.for<EngineName>(['firefox', 'webkit'])(
  '%s takes a slow part although it collects garbage',
  async (name, context) => {
    const engine = await required(context, findEngine[name])
    browser = await engine.start(await temporaryFolder('profile'))
    const service = `${name}-garbage`
    const page = await browser.open(edge.page(tag(unpinned(edge), service)))
    edge.edge.set({ kind: 'delay', delayMs: 2_000 })
    await page.evaluate(`pharos.increment('clicks')`)
    await page.evaluate('void pharos.flush()')
    await page.evaluate(
      'void setInterval(() => { garbage = Array.from({ length: 200_000 }, (_, i) => ({ text: `${i}` })) }, 20)',
    )
    await expect.poll(() => edge.seriesOf(service)).toEqual({ 'clicks_total{}': 1 })
    edge.edge.set({ kind: 'pass' })
  },
)

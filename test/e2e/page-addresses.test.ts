import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Frame, Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { launchChromium } from '../support/chromium.ts'
import { startFront } from '../support/front.ts'
import { readMetrics, total } from '../support/metrics-page.ts'
import { bundleSource } from '../support/page-bundle.ts'
import { flushIn } from '../support/page-rig.ts'
import { temporaryFolder } from '../support/processes.ts'
import { shareParts } from '../support/shared-parts.ts'
import { startWorkerd } from '../support/workerd.ts'

// Pages whose address has no origin: editors and previews made of frames, files, blobs.

const parts = shareParts(async () => {
  const chromium = await launchChromium()
  const { url: workerUrl } = await startWorkerd()
  const front = await startFront()
  front.setWorker(workerUrl)
  front.setPage('/deep/', '<!doctype html><link rel="icon" href="data:,"><body>')
  const code = await bundleSource(`import { init } from './index.ts'
window.start = (options) => { window.pharos = init(options) }`)
  return {
    chromium,
    front,
    workerUrl,
    /** The package, as a page that may load nothing has it. */
    script: `<script>${code.replaceAll('</script', '<\\/script')}</script>`,
    close: async () => {
      await chromium.close()
      await front.close()
    },
  }
})

type Scripted = Page | Frame

/** Opens a document at an address of its kind, with the package in it. */
type Open = (outer: Page, html: string) => Promise<Scripted>

const frameOf = async (outer: Page): Promise<Frame> => {
  const frame = await (await outer.waitForSelector('iframe')).contentFrame()
  await frame!.waitForFunction(() => 'start' in window)
  return frame!
}

/** Adds a frame in which `fill` puts the document. */
const framed =
  (fill: string): Open =>
  async (outer, html) => {
    await outer.goto(`${parts().front.url}/deep/`)
    await outer.evaluate(`{
      const html = ${JSON.stringify(html)}
      const frame = document.createElement('iframe')
      ${fill}
    }`)
    return frameOf(outer)
  }

const OPEN: Readonly<Record<string, Open>> = {
  'about:srcdoc': framed('frame.srcdoc = html; document.body.append(frame)'),
  'about:blank': framed(
    'document.body.append(frame); frame.contentDocument.write(html); frame.contentDocument.close()',
  ),
  'blob:': framed(
    `frame.src = URL.createObjectURL(new Blob([html], { type: 'text/html' })); document.body.append(frame)`,
  ),
  'file:': async (outer, html) => {
    const file = join(await temporaryFolder('page'), 'page.html')
    await writeFile(file, html)
    await outer.goto(pathToFileURL(file).href)
    return outer
  },
  'a sandboxed about:srcdoc': framed(
    `frame.sandbox = 'allow-scripts'; frame.srcdoc = html; document.body.append(frame)`,
  ),
}

/** Whose origin is that of the page around it, and those that have none. */
const WITH_ORIGIN = ['about:srcdoc', 'about:blank', 'blob:']
const WITHOUT = ['file:', 'a sandboxed about:srcdoc']

interface Outcome {
  readonly flushed: Awaited<ReturnType<typeof flushIn>>
  readonly said: readonly string[]
  /** Paths that were asked, those of pages left out. */
  readonly asked: readonly string[]
  readonly counted: number
}

let visits = 0

async function visit(kind: string, options: object): Promise<Outcome> {
  const { chromium, front, workerUrl, script } = parts()
  const name = `addresses.n${++visits}`
  const outer = await chromium.context.newPage()
  const said: string[] = []
  outer.on('console', (message) => {
    if (message.text().startsWith('pharos:')) said.push(message.text())
  })
  outer.on('pageerror', ({ message }) => said.push(message))
  const page = await OPEN[kind]!(outer, `<!doctype html><link rel="icon" href="data:,">${script}`)
  const before = front.requests.length
  await page.evaluate(`start(${JSON.stringify({ service: 'shop', ...options })}); pharos.increment('${name}', 5)`)
  const flushed = await flushIn(page)
  await outer.close()
  const asked = front.requests.slice(before).map(({ path }) => path)
  const counted = total(await readMetrics(workerUrl), `${name.replace('.', '_')}_total`)
  return { flushed, said, asked: [...new Set(asked)], counted }
}

const COUNTED = { flushed: { acknowledged: true }, said: [], asked: ['/v1/beacon'], counted: 5 }

describe.each([...WITH_ORIGIN, ...WITHOUT])('%s', (kind) => {
  it('an absolute url is used', async () => {
    expect(await visit(kind, { url: `${parts().front.url}/v1/beacon` })).toEqual(COUNTED)
  })
})

describe.each(WITH_ORIGIN)('%s, which is of the origin of the page around it', (kind) => {
  it.each([{}, { url: '/v1/beacon' }])('options %o', async (options) => {
    expect(await visit(kind, options)).toEqual(COUNTED)
  })
})

describe.each(WITHOUT)('%s, which has no origin', (kind) => {
  it.each([{}, { url: '/v1/beacon' }])('options %o: it is inert and says so', async (options) => {
    const { flushed, said, asked, counted } = await visit(kind, options)
    expect({ flushed, asked, counted }).toEqual({
      flushed: { acknowledged: false, reason: 'inactive' },
      asked: [],
      counted: 0,
    })
    expect(said.filter((line) => line.includes('is no http(s) address'))).toHaveLength(1)
    expect(said.join()).not.toContain('undefined')
  })
})

it('the tag in a frame without an address of its own sends to the worker it came from', async () => {
  const { front, chromium, workerUrl } = parts()
  const outer = await chromium.context.newPage()
  const tag = `<script>window.start = 0</script><script src="${front.url}/pharos.js" data-service="shop"></script>`
  const frame = await OPEN['about:srcdoc']!(outer, tag)
  await frame.waitForFunction(() => 'pharos' in window)
  await frame.evaluate(() => window.pharos.increment('addresses.tag', 5))
  expect(await flushIn(frame)).toEqual({ acknowledged: true })
  expect(total(await readMetrics(workerUrl), 'addresses_tag_total')).toBe(5)
  expect(front.requests.filter(({ path }) => path.includes('null'))).toEqual([])
  await outer.close()
})

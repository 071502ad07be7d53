import { describe, expect, it } from 'vitest'
import { startFaultProxy } from '../support/fault-proxy.ts'
import { readMetrics } from '../support/metrics-page.ts'
import { temporaryFolder } from '../support/processes.ts'
import { buildOf, builtScript, bundleWorker, untilKept } from '../support/script-builds.ts'
import { tag, unpinned } from '../support/script-tag-pages.ts'
import { built, data, startScriptTagRig, type Visit } from '../support/script-tag-rig.ts'
import { shareParts } from '../support/shared-parts.ts'
import { startWorkerd } from '../support/workerd.ts'

// What the tag loads when it needs it: missing, wrong, elsewhere, and of a build that was replaced.

const rig = shareParts(startScriptTagRig)

/** Answers requests to the worker for a part in its place. @returns what ends it */
async function answer(
  part: 'courier' | 'compactor',
  what: { readonly status: number; readonly body?: string },
): Promise<() => Promise<void>> {
  const { page } = await rig().visit('')
  const context = page.context()
  await page.close()
  const address = new RegExp(`/pharos-${part}\\.[0-9a-f]{16}\\.js$`)
  const headers = { 'access-control-allow-origin': '*', 'cache-control': 'no-store' }
  await context.route(address, (route) => route.fulfill({ ...what, headers, contentType: 'text/javascript' }))
  return () => context.unroute(address)
}

const visit = (service: string): Promise<Visit> => rig().visit(tag(unpinned(rig()), service))

const flush = ({ page }: Visit): Promise<unknown> => page.evaluate(() => window.pharos.flush())

const click = ({ page }: Visit): Promise<void> => page.evaluate(() => window.pharos.increment('clicks'))

/** A failed part is asked for again some seconds later. */
const acknowledges = (visited: Visit): Promise<void> =>
  expect.poll(() => flush(visited)).toEqual({ acknowledged: true })

const NOT_YET = { acknowledged: false, reason: 'network' }

describe('the courier', () => {
  it('is not asked for in a short visit without a fault', async () => {
    const asked = rig().edge.requests.length
    const visited = await visit('short')
    await click(visited)
    await visited.page.close()
    await expect.poll(() => rig().seriesOf('short')).toEqual({ 'clicks_total{}': 1 })
    const paths = rig()
      .edge.requests.slice(asked)
      .map(({ path }) => path)
    expect(paths.filter((path) => path.startsWith('/pharos-'))).toEqual([])
  })

  it('missing for three visits costs nothing: each leaves with its page, and the fourth counts nothing twice', async () => {
    const restore = await answer('courier', { status: 404 })
    for (const _ of [1, 2, 3]) {
      const visited = await visit('missing')
      await click(visited)
      expect(await flush(visited)).toEqual(NOT_YET)
      await visited.page.close()
      expect(visited.thrown).toEqual([])
    }
    await expect.poll(() => rig().seriesOf('missing')).toEqual({ 'clicks_total{}': 3 })
    await restore()
    const visited = await visit('missing')
    await click(visited)
    await acknowledges(visited)
    expect(await visited.page.evaluate(() => window.pharos.stats())).toMatchObject({ pending: 0, dropped: {} })
    await visited.page.close()
    expect(await rig().seriesOf('missing')).toEqual({ 'clicks_total{}': 4 })
  })

  it('missing with everything else for three visits costs nothing either: the outbox keeps it all', async () => {
    // The tag’s own file is in the browser's cache.
    await (await visit('outage')).page.close()
    for (const _ of [1, 2, 3]) {
      const visited = await visit('outage')
      rig().edge.set({ kind: 'down' })
      await click(visited)
      expect(await flush(visited)).toEqual(NOT_YET)
      await visited.page.close()
    }
    rig().edge.set({ kind: 'pass' })
    const visited = await visit('outage')
    await click(visited)
    await expect.poll(() => rig().seriesOf('outage')).toHaveProperty(['clicks_total{}'])
    await visited.page.close()
    await expect.poll(() => rig().seriesOf('outage')).toEqual({ 'clicks_total{}': 4 })
  })

  it('that is not what it should be is not run, and asked for again in the same visit', async () => {
    const restore = await answer('courier', { status: 200, body: 'window.stranger = 1' })
    const visited = await visit('wrong')
    await click(visited)
    expect(await flush(visited)).toEqual(NOT_YET)
    expect(await visited.violations()).toContainEqual(expect.stringMatching(/integrity/i))
    expect(await visited.page.evaluate('window.stranger')).toBeUndefined()
    await restore()
    // Or some seconds later.
    await visited.page.evaluate(() => dispatchEvent(new Event('online')))
    await acknowledges(visited)
    await visited.page.close()
    expect(await rig().seriesOf('wrong')).toEqual({ 'clicks_total{}': 1 })
    expect(visited.thrown).toEqual([])
  })

  it('of a copy comes from beside the copy where the worker no longer has it', async () => {
    const restore = await answer('courier', { status: 404 })
    const to = data({ service: 'beside', url: `${rig().edge.url}/v1/beacon` })
    const visited = await rig().visit(`<script src="${rig().cdn.url}/dist/pharos.js"${to}></script>`)
    await click(visited)
    expect(await flush(visited)).toEqual({ acknowledged: true })
    await restore()
    await visited.page.close()
    expect(await rig().seriesOf('beside')).toEqual({ 'clicks_total{}': 1 })
  })

  it('of a build that was replaced during the visit is the one of that build', async () => {
    const storageDir = await temporaryFolder('storage')
    const script = await builtScript()
    const first = await startWorkerd({ storageDir, bundle: await bundleWorker(script) })
    await untilKept(first.url, script)
    const proxy = await startFaultProxy(first.url)
    const visited = await rig().visit(tag(`src="${proxy.url}/pharos.js"`, 'replaced'))
    await click(visited)
    await first.stop()
    const newer = await buildOf(`${await built('pharos.js')}\n// newer`, { 'pharos-courier': 'window.newer = 1' })
    const second = await startWorkerd({ storageDir, bundle: await bundleWorker(newer) })
    proxy.setTarget(second.url)
    expect(await flush(visited)).toEqual({ acknowledged: true })
    expect(await visited.page.evaluate('window.newer')).toBeUndefined()
    const clicks = [...(await readMetrics(second.url))].filter(([series]) => series.startsWith('clicks_total'))
    expect(clicks.map(([, value]) => value)).toEqual([1])
    await visited.page.close()
    await proxy.close()
    await second.stop()
  })
})

it('the compactor, missing, costs no observation', async () => {
  const restore = await answer('compactor', { status: 404 })
  const visited = await visit('crowded')
  await visited.page.evaluate(() => {
    for (let i = 1; i <= 2_000; i++) window.pharos.observe('size', i)
  })
  expect(await flush(visited)).toEqual({ acknowledged: true })
  await restore()
  await visited.page.close()
  expect(await rig().seriesOf('crowded')).toEqual({ 'size_count{}': 2_000, 'size_sum{}': 2_001_000 })
})

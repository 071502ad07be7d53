import { gzipSync } from 'node:zlib'
import { afterEach, expect, it } from 'vitest'
import { createImportExporter } from '../contract/own-exporter.ts'
import { counterOf, histogramOf, snapshotOf, testDestinationBase } from '../contract/snapshots.ts'
import { stopPrograms } from '../support/processes.ts'
import { required } from '../support/requirements.ts'
import { startVictoriaMetrics } from '../support/victoria-metrics.ts'

afterEach(stopPrograms)

it('VictoriaMetrics takes what the exporter of docs/EXPORTERS.md sends, from the first event on', async (ctx) => {
  const receiver = await required(ctx, startVictoriaMetrics)
  const exporter = createImportExporter({
    ...testDestinationBase,
    kind: 'import',
    url: `${receiver.url}/api/v1/import`,
  })
  const timeMs = Math.floor(Date.now() / 1_000) * 1_000
  const series = [
    counterOf('own.clicks', 500, { phase: 'new', attributes: { page: '/"é\\' } }),
    histogramOf('own.duration', [1, 0.5], { phase: 'new' }),
  ]
  const snapshot = { ...snapshotOf(...series), timeMs, previousMs: timeMs - 10_000 }
  for (const { url, method, headers, body } of exporter.encode(snapshot).flatMap(({ requests }) => requests)) {
    const init = { method, headers: { ...headers, 'content-encoding': 'gzip' }, body: gzipSync(body) }
    const { status } = await fetch(url, init)
    expect(exporter.readAnswer({ status, header: () => undefined, body: new Uint8Array() })).toEqual({ type: 'accepted' }) // prettier-ignore
  }
  expect(await receiver.query('increase({__name__="own.clicks"}[1m])', timeMs)).toMatchObject([
    { labels: { page: '/"é\\' }, points: [[timeMs / 1_000, 500]] },
  ])
  expect(await receiver.value('{__name__="own.duration_count"}', timeMs)).toBe(2)
  expect(await receiver.value('{__name__="own.duration_sum"}', timeMs)).toBe(1.5)
})

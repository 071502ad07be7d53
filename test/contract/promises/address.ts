import { expect } from 'vitest'
import type { Exporter, ExportRequest, SnapshotSeries } from '../../../worker/model/types.ts'
import type { Harness } from '../harness.ts'
import type { ExporterPromise } from '../promise.ts'
import { counterOf, gaugeOf, histogramOf } from '../snapshots.ts'

const HEADERS = { 'x-tenant': 'shop', 'x-scope-orgid': '42' }

/** Every request that an exporter can make, with the name of the function that made it. */
export function everyRequest({ snapshot }: Harness, exporter: Exporter): (readonly [from: string, ExportRequest])[] {
  const phase = exporter.temporality === 'cumulative' ? 'new' : 'live'
  const series: SnapshotSeries[] = [
    counterOf('clicks', 1, { phase }),
    histogramOf('latency', [1], { phase }),
    gaugeOf('level', 1, { phase }),
  ]
  const flush = snapshot(series)
  const keys = new Set([series[0]!.key])
  return [
    ...exporter.encode(flush).flatMap(({ requests }) => requests.map((one) => ['encode', one] as const)),
    ...(['zeros', 'values'] as const).flatMap((step) =>
      exporter.encodeOnly(flush, step, keys).map((one) => [`encodeOnly of ${step}`, one] as const),
    ),
    ...(exporter.probe ? [['probe', exporter.probe] as const] : []),
    ...(exporter.fallback
      ? everyRequest({ snapshot } as Harness, exporter.fallback).map(
          ([from, one]) => [`fallback: ${from}`, one] as const,
        )
      : []),
  ]
}

export const address: ExporterPromise = {
  what: 'sends every request to the configured address, with every configured header and the configured method',
  check: (harness) => {
    const { destination, create } = harness
    const isNetwork = /^https?:/.test(destination.url)
    const url = isNetwork ? destination.url.replace(/\/\/[^/]*/, '//elsewhere.example:8443/under') : destination.url
    const requests = everyRequest(harness, create({ url, headers: HEADERS }))
    expect(requests.length).toBeGreaterThan(0)
    for (const [from, request] of requests) {
      const isUnder = request.url === url || request.url.startsWith(isNetwork ? `${url.replace(/\/+$/, '')}/` : url)
      expect(isUnder, `${from} sends to ${request.url}, not to ${url} or below it`).toBe(true)
      if (isNetwork) expect(request.headers, `headers of ${from}`).toMatchObject(HEADERS)
      if ('method' in destination) expect(request.method, `method of ${from}`).toBe(destination.method)
    }
  },
}

import { expect } from 'vitest'
import type { SnapshotSeries } from '../../../worker/model/types.ts'
import type { ExporterPromise } from '../promise.ts'
import { counterOf, gaugeOf, histogramOf } from '../snapshots.ts'

const NAMES = ['zeros', 'values'] as const

const cumulative: readonly SnapshotSeries[] = (['new', 'live', 'ending'] as const).flatMap((phase) => [
  counterOf('clicks', 1, { phase, attributes: { phase } }),
  histogramOf('latency', [1], { phase, attributes: { phase } }),
  gaugeOf('level', 1, { phase, attributes: { phase } }),
])

export const steps: ExporterPromise = {
  what: 'has its steps in order, and makes only the step again that is asked for',
  check: ({ exporter, snapshot }) => {
    const isDelta = exporter.temporality === 'delta'
    const series = isDelta ? cumulative.map((one) => ({ ...one, phase: 'live' as const })) : cumulative
    const flush = snapshot(series)
    const keys = new Set(series.map(({ key }) => key))
    const steps = exporter.encode(flush)
    const names = steps.map(({ name }) => name)
    expect(names).toEqual(NAMES.filter((name) => names.includes(name)))
    expect(names).toContain('values')
    if (isDelta) expect(names).not.toContain('zeros')
    for (const { name, requests } of steps) {
      expect(requests.length, `requests of the step ${name}`).toBeGreaterThan(0)
      for (const key of requests.flatMap((request) => request.keys)) expect(keys).toContain(key)
    }
    for (const name of NAMES) {
      const whole = steps.find((step) => step.name === name)?.requests ?? []
      expect(exporter.encodeOnly(flush, name, keys), `encodeOnly of the step ${name}`).toEqual(whole)
      expect(exporter.encodeOnly(flush, name, new Set()), `encodeOnly of nothing, ${name}`).toEqual([])
    }
  },
}

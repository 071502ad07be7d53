import { expect } from 'vitest'
import type { Harness } from '../harness.ts'
import type { ExporterPromise } from '../promise.ts'
import { counterOf, histogramOf } from '../snapshots.ts'
import type { Decoded } from '../subject.ts'

// Powers of two, so that every sum shows what was added.
const RESOURCES = [
  { service: 'shop', release: 'one', value: 1 },
  { service: 'shop', release: 'two', value: 2 },
  { service: 'blog', release: 'one', value: 4 },
  { service: 'blog', release: 'two', value: 8 },
] as const

function readWith(
  { create, read }: Harness,
  labels: { readonly service: boolean; readonly release: boolean },
): readonly Decoded[] {
  const series = RESOURCES.map(({ value, ...resource }) => counterOf('clicks', value, resource))
  return read(series, create({}, { metrics: {}, resourceLabels: labels }))
}

const valuesOf = (decoded: readonly Decoded[]): number[] =>
  decoded.map(({ value }) => Number(value)).sort((a, b) => a - b)

export const resource: ExporterPromise = {
  what: 'keeps services and releases apart, and names both',
  check: (harness) => {
    const found = readWith(harness, { service: true, release: true })
    expect(valuesOf(found)).toEqual([1, 2, 4, 8])
    for (const { value, labels } of found) {
      const { service, release } = RESOURCES.find((one) => one.value === value)!
      expect(Object.values(labels)).toEqual(expect.arrayContaining([service, release]))
    }
    const twoReleases = ['one', 'two'].map((release, i) => histogramOf('latency', [i + 1], { release }))
    const names = harness.read(twoReleases).map(({ labels }) => Object.values(labels))
    for (const release of ['one', 'two']) expect(names.some((values) => values.includes(release))).toBe(true)
  },
}

export const resourceLabels: ExporterPromise = {
  what: 'adds up the series that resourceLabels no longer keeps apart',
  check: (harness) => {
    expect(valuesOf(readWith(harness, { service: false, release: true }))).toEqual([1 + 4, 2 + 8])
    expect(valuesOf(readWith(harness, { service: true, release: false }))).toEqual([1 + 2, 4 + 8])
    expect(valuesOf(readWith(harness, { service: false, release: false }))).toEqual([15])
  },
}

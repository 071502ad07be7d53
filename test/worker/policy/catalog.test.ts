import { describe, expect, it } from 'vitest'
import type { DecodedBatch } from '../../../src/protocol/decode.ts'
import { canonicalAttributes } from '../../../src/protocol/series.ts'
import type { Attributes } from '../../../src/protocol/types.ts'
import { loneHistogram } from '../../../src/protocol/wire.ts'
import { defaultConfig } from '../../../worker/config/default-config.ts'
import type { Config } from '../../../worker/config/types.ts'
import { admitBatch } from '../../../worker/policy/admit.ts'

const metrics: Config['metrics'] = {
  clicks: { kind: 'counter', attributes: { page: ['/cart', '/basket'], member: 'boolean' } },
  plain: { kind: 'counter', attributes: {} },
  duration: { kind: 'histogram', unit: 's', attributes: { results: 'number', index: 'string' } },
  named: {},
}

interface Point {
  readonly kind: 'counter' | 'histogram'
  readonly name: string
  readonly own?: Attributes
  readonly resource?: Attributes
}

/** What becomes of one point: 'admitted', or the reason it is refused for. */
function fateOf({ kind, name, own, resource }: Point, catalogOnly = true): string {
  const point = { name, attributes: canonicalAttributes(own)! }
  const batch: DecodedBatch = {
    session: 'AAAAAAAAAAAAAAAA',
    sequence: 1,
    ageMs: 0,
    weight: 1,
    service: 'shop',
    release: '1.4.2',
    attributes: canonicalAttributes(resource)!,
    counters: kind === 'counter' ? [{ ...point, value: [1] }] : [],
    histograms: kind === 'histogram' ? [{ ...point, value: loneHistogram(0.5) }] : [],
    dropped: [],
  }
  const { deltas, dropped } = admitBatch(batch, { ...defaultConfig, metrics, catalogOnly })
  expect(deltas.length + dropped.length).toBe(1)
  return dropped[0] ?? 'admitted'
}

const admitted: readonly Point[] = [
  { kind: 'counter', name: 'clicks' },
  { kind: 'counter', name: 'clicks', own: { page: '/cart', member: true } },
  { kind: 'counter', name: 'clicks', own: { member: 'false' } },
  { kind: 'counter', name: 'clicks', own: { page: '' } },
  { kind: 'counter', name: 'clicks', resource: { environment: 'production' } },
  { kind: 'counter', name: 'clicks', own: { page: '/cart' }, resource: { page: '/home' } },
  { kind: 'counter', name: 'clicks', resource: { page: '/basket' } },
  { kind: 'counter', name: 'plain', resource: { environment: 'production' } },
  { kind: 'histogram', name: 'duration', own: { results: 12, index: 'any text' } },
  { kind: 'histogram', name: 'duration', own: { results: -1.5e-7 } },
  { kind: 'counter', name: 'named', own: { anything: 'goes' } },
  { kind: 'histogram', name: 'named', own: { anything: 'goes' } },
]

const unknown: readonly Point[] = [
  { kind: 'counter', name: 'other' },
  { kind: 'counter', name: 'constructor' },
  { kind: 'histogram', name: 'clicks', own: { page: '/cart' } },
  { kind: 'counter', name: 'duration' },
]

const bad: readonly Point[] = [
  { kind: 'counter', name: 'clicks', own: { page: '/home' } },
  { kind: 'counter', name: 'clicks', own: { page: '/cart', other: 'x' } },
  { kind: 'counter', name: 'clicks', own: { constructor: 'x' } },
  { kind: 'counter', name: 'clicks', own: { member: 'yes' } },
  { kind: 'counter', name: 'clicks', own: { member: 1 } },
  { kind: 'counter', name: 'clicks', resource: { page: '/home' } },
  { kind: 'counter', name: 'plain', own: { page: '/cart' } },
  { kind: 'counter', name: 'plain', own: { environment: 'test' }, resource: { environment: 'production' } },
  ...['12 ', '012', '1.0', 'NaN', 'Infinity', '0x10', 'twelve'].map((results): Point => ({
    kind: 'histogram',
    name: 'duration',
    own: { results },
  })),
]

describe('admitBatch with a catalog', () => {
  it.each(admitted)('takes %j', (point) => {
    expect(fateOf(point)).toBe('admitted')
  })

  it.each(unknown)('knows no metric for %j', (point) => {
    expect(fateOf(point)).toBe('unknown_metric')
  })

  it.each(bad)('refuses the attributes of %j', (point) => {
    expect(fateOf(point)).toBe('bad_attributes')
  })

  it.each([...unknown, ...bad])('takes %j where a catalog only describes', (point) => {
    expect(fateOf(point, false)).toBe('admitted')
  })
})

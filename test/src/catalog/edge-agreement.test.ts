import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { checkAgainst } from '../../../src/catalog/check-against.ts'
import { defineCatalog } from '../../../src/catalog/define-catalog.ts'
import type { Catalog, MetricDefinition } from '../../../src/catalog/types.ts'
import type { DecodedBatch } from '../../../src/protocol/decode.ts'
import { canonicalAttributes } from '../../../src/protocol/series.ts'
import type { Attributes } from '../../../src/protocol/types.ts'
import { loneHistogram } from '../../../src/protocol/wire.ts'
import { catalogConfig } from '../../../worker/config/catalog.ts'
import { readConfig } from '../../../worker/config/read-config.ts'
import { admitBatch } from '../../../worker/policy/admit.ts'

const anyName = fc.constantFrom('a', 'b.c', 'toString')
const anyText = fc.constantFrom('x', 'true', '1', 'toString')
const anyKind = fc.constantFrom('counter' as const, 'histogram' as const)

const anyDefinition: fc.Arbitrary<MetricDefinition> = fc.record(
  {
    kind: anyKind,
    help: fc.constant('What it is.'),
    attributes: fc.dictionary(
      anyName,
      fc.oneof(
        fc.uniqueArray(anyText, { minLength: 1 }),
        fc.constantFrom('boolean' as const, 'number' as const, 'string' as const),
      ),
    ),
  },
  { requiredKeys: ['kind', 'help'] },
)

const anyCatalog = fc.dictionary(anyName, anyDefinition, { minKeys: 2 })

const anyValue = fc.oneof(anyText, fc.constant(''), fc.boolean(), fc.integer(), fc.double())

interface PageRecord {
  readonly kind: 'counter' | 'histogram'
  readonly name: string
  readonly attributes: Attributes
}

const anyRecord: fc.Arbitrary<PageRecord> = fc.record({
  kind: anyKind,
  name: anyName,
  attributes: fc.dictionary(anyName, anyValue, { maxKeys: 2 }),
})

/** What the edge says of a record of a page, or nothing. */
function atEdge(catalog: Catalog, kind: 'counter' | 'histogram', point: DecodedBatch['counters'][0]): unknown {
  const config = readConfig({ PHAROS: JSON.stringify(catalogConfig(catalog)) })
  if (!config.ok) throw new Error(config.error.join('\n'))
  const batch: DecodedBatch = {
    session: 'AAAAAAAAAAAAAAAA',
    sequence: 1,
    ageMs: 0,
    weight: 1,
    service: '',
    release: '',
    attributes: [],
    counters: kind === 'counter' ? [point] : [],
    histograms: kind === 'histogram' ? [{ ...point, value: loneHistogram(1) }] : [],
    dropped: [],
  }
  return admitBatch(batch, config.value).dropped[0]
}

it('what the page lets through the edge admits, and what the edge refuses the page refuses for the same reason', () => {
  const fates = new Map<unknown, number>()
  const agrees = (written: Catalog, { kind, name, attributes }: PageRecord): void => {
    const catalog = defineCatalog(written)
    const canonical = canonicalAttributes(attributes)
    fc.pre(canonical !== undefined)
    const onPage = checkAgainst(catalog)(kind, name, attributes)
    const edge = atEdge(catalog, kind, { name, attributes: canonical, value: [1] })
    // The page also knows the type of a value: the text 'true' is not true.
    expect(edge).toBe(edge === undefined && onPage === 'bad_attributes' ? undefined : onPage)
    fates.set(onPage, (fates.get(onPage) ?? 0) + 1)
  }
  fc.assert(fc.property(anyCatalog, anyRecord, agrees), { numRuns: 500 })
  for (const fate of [undefined, 'unknown_metric', 'bad_attributes']) expect(fates.get(fate)).toBeGreaterThan(5)
})
